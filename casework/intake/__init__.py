"""Intake: logging an application, and the register import."""

from flask import Blueprint

blueprint = Blueprint("intake", __name__)

from casework.intake import views as views  # noqa: E402
