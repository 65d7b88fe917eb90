"""The pages of the audit trail: one case as a chronology, the whole office, and checkpoints."""

from io import BytesIO
from pathlib import Path

from flask import abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from casework import permissions
from casework.audit.words import SIGN_OFF
from casework.checkpoints.folder import file_of
from casework.extensions import db
from casework.models import Checkpoint
from casework.trail import blueprint, queries
from casework.trail.checkpoints import checkpoints as checkpoints_shown
from casework.trail.checkpoints import cover_of
from casework.trail.forms import TrailFilter
from casework.web.access import note_read
from casework.web.identity import me, names, requires
from casework.web.opened_case import opened_or_404
from casework.web.pagination import asked_page
from casework.web.step_forms import REFUSED

DAY, LOG = "day", "log"


@blueprint.get("/cases/<token>/trail")
@requires(permissions.SEE_CASES)
def case(token: str) -> ResponseReturnValue:
    opened = opened_or_404(token, is_told=True)
    trail = queries.case_trail(db.session, opened)
    order = LOG if request.args.get("order") == LOG else DAY
    page = render_template(
        "trail/case.html",
        opened=opened,
        trail=trail,
        order=order,
        lines=trail.lines if order == LOG else trail.by_day(),
        log=queries.log_state(db.session),
        rules=SIGN_OFF,
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.get("/trail")
@requires(permissions.READ_OFFICE_TRAIL)
def office() -> ResponseReturnValue:
    asked = TrailFilter.of(request.args, names(db.session))
    state = {
        "log": queries.log_state(db.session),
        "cover": cover_of(db.session),
        "restricted": permissions.count_restricted_to_others(db.session, me().token),
    }
    if not asked.is_readable():
        return render_template("trail/office.html", asked=asked, trail=None, **state), REFUSED
    trail = queries.office_trail(db.session, asked, asked_page(), me().token)
    return render_template("trail/office.html", asked=asked, trail=trail, **state)


@blueprint.get("/checkpoints")
@requires(permissions.SEE_CHECKPOINTS)
def checkpoints() -> ResponseReturnValue:
    path = current_app.extensions["casework"].signing_key
    return render_template(
        "trail/checkpoints.html", shown=checkpoints_shown(db.session, path, asked_page())
    )


@blueprint.get("/checkpoints/<int(max=9007199254740991):size>")
@requires(permissions.SEE_CHECKPOINTS)
def checkpoint(size: int) -> ResponseReturnValue:
    row = db.session.get(Checkpoint, size) or abort(404)
    return send_file(
        BytesIO(row.note.encode()),
        "text/plain; charset=utf-8",
        as_attachment=True,
        download_name=file_of(Path(), size).name,
        etag=False,
    )
