"""Oversight: what the Chief Executive looks at each month because it is out of the ordinary."""

from flask import Blueprint

blueprint = Blueprint("oversight", __name__)

from casework.oversight import views as views  # noqa: E402
