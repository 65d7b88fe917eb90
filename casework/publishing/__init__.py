"""Publishing: reports drafted, approved and published by different people, and frozen for ever."""

from flask import Blueprint

from casework.documents.model import Items

blueprint = Blueprint("publishing", __name__)
blueprint.add_app_template_test(lambda block: isinstance(block, Items), "list_block")

from casework.publishing import views as views  # noqa: E402
from casework.publishing.changes import views as changes_views  # noqa: E402, F401
from casework.publishing.checking import views as checking_views  # noqa: E402, F401
from casework.publishing.published import views as published_views  # noqa: E402, F401
