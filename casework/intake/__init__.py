"""Intake: logging an application, by whoever takes it."""

from flask import Blueprint

blueprint = Blueprint("intake", __name__)

from casework.intake import views as views  # noqa: E402
