"""Letters taken from a case as Word files."""

from flask import Blueprint

blueprint = Blueprint("letters", __name__)

from casework.letters import views as views  # noqa: E402
