"""The public form "Ask for a review of a complaint": for anybody, without an account.

It has a cookie, a form token and limits of its own, so that a session of staff and an
application of the public have nothing to do with each other.
"""

from flask import Blueprint

from casework.extensions import csrf

blueprint = Blueprint("apply", __name__, url_prefix="/apply")
csrf.exempt(blueprint)

from casework.apply import notices as notices  # noqa: E402
from casework.apply import views as views  # noqa: E402
