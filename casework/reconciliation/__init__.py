"""The force's monthly list: what is on it and not here, and the other way round."""

from flask import Blueprint

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")

from casework.reconciliation import views as views  # noqa: E402
