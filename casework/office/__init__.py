"""The office's settings."""

from flask import Blueprint

blueprint = Blueprint("office", __name__, url_prefix="/settings")

from casework.office import views as views  # noqa: E402
