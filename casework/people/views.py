"""The pages for signing in and out and for setting a password."""

from flask.typing import ResponseReturnValue

from casework.people import blueprint


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    return "", 204
