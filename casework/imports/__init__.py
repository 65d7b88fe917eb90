"""The register import: reviews that were kept elsewhere come in, all of them or none."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

from casework.imports import views as views  # noqa: E402
