"""Setting a password by a link, and asking for one where the password is forgotten."""

from flask import Blueprint

blueprint = Blueprint("links", __name__)

from casework.signing_in.links import views as views  # noqa: E402
