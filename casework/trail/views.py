"""The pages of the audit trail: one case as a chronology, and the whole office."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework import permissions
from casework.audit.words import SIGN_OFF
from casework.extensions import db
from casework.trail import blueprint, queries
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
    opened = opened_or_404(token)
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
    log = queries.log_state(db.session)
    if not asked.is_readable():
        return render_template("trail/office.html", asked=asked, trail=None, log=log), REFUSED
    trail = queries.office_trail(db.session, asked, asked_page(), me().token)
    return render_template("trail/office.html", asked=asked, trail=trail, log=log)
