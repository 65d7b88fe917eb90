"""Signing in by the directory of the organisation (OpenID Connect), and what its word is worth here."""

from flask import Blueprint

blueprint = Blueprint("single_sign_on", __name__, url_prefix="/single-sign-on")

from casework.single_sign_on import views as views  # noqa: E402
