"""What every figure means, for everybody."""

from flask import Blueprint

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")

from casework.reporting.definitions import views as views  # noqa: E402
