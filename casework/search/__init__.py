"""Search: full text over cases and all that is kept on them."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)

from casework.search import views  # noqa: E402, F401
