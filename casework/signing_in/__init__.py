"""Signing in: signing in and out, setting a password."""

from flask import Blueprint

blueprint = Blueprint("signing_in", __name__)

from casework.signing_in import views as views  # noqa: E402
