"""One case and its steps; the hub other areas hang from."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)

from casework.cases import views as views  # noqa: E402
