"""The people who sign in, as administrators keep them and a second person agrees."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, url_prefix="/people")

from casework.people import views as views  # noqa: E402
