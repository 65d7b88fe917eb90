"""Reports: the figures, their definitions and the cases behind them."""

from flask import Blueprint

blueprint = Blueprint("reporting", __name__, url_prefix="/reports")

from casework.reporting import views as views  # noqa: E402
from casework.reporting.now import views as now_views  # noqa: E402, F401
