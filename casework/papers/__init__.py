"""The papers of a case: uploaded in versions, shown, handed over, or noted as held elsewhere."""

from flask import Blueprint

blueprint = Blueprint("papers", __name__)

from casework.papers import views as views  # noqa: E402
