"""How an installation is: for whoever runs it, and for what watches whether it answers."""

from flask import Blueprint

blueprint = Blueprint("status", __name__)

from casework.status import views as views  # noqa: E402
