"""Letters of a case: written, checked, issued under a number, and sent."""

from flask import Blueprint

blueprint = Blueprint("letters", __name__)

from casework.letters import views as views  # noqa: E402
from casework.letters.issued import views as issued_views  # noqa: E402, F401
