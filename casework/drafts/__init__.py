"""Drafts of what is being typed, kept for whoever types it."""

from flask import Blueprint

blueprint = Blueprint("drafts", __name__)

from casework.drafts import views as views  # noqa: E402
