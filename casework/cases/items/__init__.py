"""What is kept on a case: pages that follow from each kind's definition."""

from flask import Blueprint

blueprint = Blueprint("items", __name__)

from casework.cases.items import views as views  # noqa: E402
