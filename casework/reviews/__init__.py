"""The review and its decision: written, signed off, told to whom it concerns, kept from conflicts."""

from flask import Blueprint

blueprint = Blueprint("reviews", __name__)

from casework.reviews import views as views  # noqa: E402
