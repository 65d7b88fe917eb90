"""Your account: your password, your second factor, and where you are signed in."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")

from casework.signing_in.account import views as views  # noqa: E402
