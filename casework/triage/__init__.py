"""Triage: what the rules make of new applications, and the page on which each is decided."""

from flask import Blueprint

blueprint = Blueprint("triage", __name__)

from casework.triage import views as views  # noqa: E402
