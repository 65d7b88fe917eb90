"""The end of a case’s papers: how long they are kept, what holds them, who approves, what is erased."""

from flask import Blueprint

blueprint = Blueprint("retention", __name__, url_prefix="/retention")

from casework.retention import views as views  # noqa: E402
