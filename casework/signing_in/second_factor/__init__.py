"""Second factors: a code at sign-in, setting one up, new recovery codes, taking it away."""

from flask import Blueprint

blueprint = Blueprint("second_factor", __name__)

from casework.signing_in.second_factor import views as views  # noqa: E402
