"""The audit trail as people read it: one case, and the whole office."""

from flask import Blueprint

blueprint = Blueprint("trail", __name__)

from casework.trail import views as views  # noqa: E402
