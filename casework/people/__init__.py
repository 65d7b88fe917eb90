"""People: signing in and out, setting a password."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from casework.people import views as views  # noqa: E402
