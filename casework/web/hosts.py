"""The only place that refuses a request that was sent to another name than the office's own.

Such a request comes of a page elsewhere that had its name point here, or of a server in front that
passes on whatever it is asked for. What a forged name could be used for is not tried out: no page
makes an address of it. Style sheets and scripts, which are the same for everybody, are answered
before a request gets here, under any name (`casework.cli.serving`).
"""

from flask import Flask, abort, current_app, request
from werkzeug.sansio.utils import host_is_trusted

from config import Settings

ALIVE = "status.alive"
"""Asked by the machine itself, by whatever name it has for itself."""


def init_app(app: Flask) -> None:
    """Look at what every request calls this server."""
    app.before_request(_refuse_others)


def _refuse_others() -> None:
    settings: Settings = current_app.extensions["casework"]
    if not settings.hosts or request.endpoint == ALIVE:
        return
    if not host_is_trusted(request.host, settings.hosts):
        abort(
            400,
            "This office’s pages are not served under the name that was asked for. Nothing was "
            "changed. Open them by the address that you were given.",
        )
