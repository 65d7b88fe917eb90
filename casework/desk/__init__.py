"""The desk: what is to be done, by whom and by when; the lists that lead to cases."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)

from casework.desk import views as views  # noqa: E402
