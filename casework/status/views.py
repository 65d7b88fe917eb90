"""The only place for the page that says how the installation is, and for the answer that it is alive."""

from ipaddress import ip_address

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import permissions
from casework.extensions import db
from casework.status import blueprint
from casework.status.checking import lines
from casework.web.identity import requires


@blueprint.get("/alive")
def alive() -> ResponseReturnValue:
    """Whether this process answers and can read its database, for what watches it on the machine.

    A web server in front adds of whom it asks for, so nobody beyond the machine gets this far.
    """
    is_passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if is_passed_on or not _is_here(request.remote_addr):
        abort(404)
    db.session.execute(select(1))
    return "alive\n", {"Content-Type": "text/plain; charset=utf-8"}


def _is_here(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


@blueprint.get("/status")
@requires(permissions.SEE_STATUS)
def index() -> ResponseReturnValue:
    settings = current_app.extensions["casework"]
    return render_template("status/index.html", lines=lines(db.session, settings))
