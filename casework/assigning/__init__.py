"""Assigning: who is to work on a case, and how much everybody has to do already."""

from flask import Blueprint

blueprint = Blueprint("assigning", __name__)

from casework.assigning import views as views  # noqa: E402
