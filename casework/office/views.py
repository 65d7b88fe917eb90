"""The page of the office's settings."""

from flask.typing import ResponseReturnValue

from casework import permissions
from casework.office import blueprint
from casework.web.identity import requires


@blueprint.get("/")
@requires(permissions.CHANGE_SETTINGS)
def settings() -> ResponseReturnValue:
    return "Settings"
