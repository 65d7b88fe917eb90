"""Recommendations to the force, of one case and of the whole office, and learning points."""

from flask import Blueprint

blueprint = Blueprint("recommendations", __name__)

from casework.recommendations import views as views  # noqa: E402
