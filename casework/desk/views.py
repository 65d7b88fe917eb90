"""The only place for the pages that lead to cases: a person's own work, and the register."""

import secrets
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, redirect, render_template, request, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.desk import blueprint, columns, exports, forms, queries, service
from casework.desk.workload import workload
from casework.extensions import db
from casework.office_rules import office_rules
from casework.office_settings import settings_at
from casework.oversight.countdown import Countdown, countdown
from casework.reconciliation.queries import last_checks
from casework.retention.due import some_are_due
from casework.retention.queries import proposed_count
from casework.web import pagination
from casework.web.case_words import Teller
from casework.web.frame import home_url
from casework.web.identity import me, names, origin, requires
from casework.web.incoming import takes_lists
from casework.web.step_forms import REFUSED

Answer = Any
COLUMNS_KEPT = "casework_columns"
"""The cookie that holds the columns a browser's register was last shown with: codes, no names."""
MOST_UNASSIGNED = 20
"""How many cases that nobody has are shown to everybody; the register has the rest."""
A_YEAR = 365 * 24 * 60 * 60
ALL_PLACES = (permissions.SEE_CASES, permissions.SEE_PUBLISHED, permissions.CHANGE_SETTINGS)


@blueprint.get("/")
@requires(*ALL_PLACES)
def mine() -> Answer:
    if not me().may(permissions.SEE_CASES):
        return redirect(home_url(me()))
    teller = _teller()
    return render_template(
        "desk/mine.html",
        work=service.work_of(db.session, me().actor, teller),
        most=MOST_UNASSIGNED,
        countdown=_countdown(teller.today),
        has_due=_has_due(teller.today),
        to_approve=_to_approve(),
    )


def _has_due(today: date) -> bool:
    """Whether cases are due to be erased, for who may propose it."""
    if not me().may(permissions.PROPOSE_ERASURE):
        return False
    return some_are_due(db.session, settings_at(db.session).schedule, today, me().token)


def _to_approve() -> int:
    """How many erasures are proposed, for who may approve them."""
    if not me().may(permissions.APPROVE_ERASURE):
        return 0
    return proposed_count(db.session, me().token)


def _countdown(today: date) -> Countdown | None:
    """Where the self-assessment stands, for who answers for it and while it is to be published."""
    if not me().may(permissions.APPROVE_REPORTS):
        return None
    found = countdown(db.session, settings_at(db.session), today)
    return found if found and found.published_on is None else None


@blueprint.get("/chase")
@requires(permissions.SEE_CASES)
def chase() -> Answer:
    is_mine = request.args.get("whose") == forms.ME
    found = service.chase_list(db.session, me().actor, _teller(), is_mine=is_mine)
    return render_template("desk/chase.html", chase=found, is_mine=is_mine)


@blueprint.get("/office")
@requires(permissions.SEE_WORKLOAD)
def office() -> Answer:
    teller = _teller()
    return render_template(
        "desk/office.html",
        workload=workload(db.session, teller, me().token),
        last_lists=last_checks(db.session, teller.forces, teller.today),
        forces=teller.forces,
    )


def _teller() -> Teller:
    return Teller(office_rules(db.session), names(db.session), clock.today())


@blueprint.get("/cases")
@requires(permissions.SEE_CASES)
def register() -> Answer:
    kept = request.cookies.get(COLUMNS_KEPT)
    if kept and "columns" not in request.args:
        return redirect(pagination.address_with(columns=columns.named(kept.split("."))))
    teller = _teller()
    asked = forms.CaseFilter.of(request.args, teller)
    if not asked.is_readable():
        return render_template("desk/register.html", asked=asked, page=None), REFUSED
    query = queries.filtered(asked, teller, me().token)
    page = pagination.page_of(db.session, query, pagination.asked_page())
    return render_template(
        "desk/register.html",
        asked=asked,
        page=page,
        found=list(teller.tell(page.rows)),
        all_columns=columns.ALL,
        kinds=exports.KINDS.values() if me().may(permissions.EXPORT_CASES) else (),
        address_with=pagination.address_with,
    )


@blueprint.post("/cases/columns")
@takes_lists("column")
@requires(permissions.SEE_CASES)
def choose_columns() -> Answer:
    """Show the register with the columns chosen, now and whenever an address names none."""
    asked = forms.CaseFilter.of(request.form, _teller())
    shown = columns.named(request.form.getlist("column"))
    address = urlencode({**asked.address(), "columns": shown})
    answer = redirect(f"{url_for('desk.register')}?{address}")
    answer.set_cookie(
        COLUMNS_KEPT,
        shown,
        max_age=A_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.post("/cases/export")
@requires(permissions.EXPORT_CASES)
def export() -> Answer:
    teller = _teller()
    asked = forms.CaseFilter.of(request.form, teller)
    kind = exports.KINDS.get(request.form.get("format", ""))
    if kind is None or not asked.is_readable():
        abort(400, "The list cannot be exported as asked. Open the list and choose again.")
    found = list(db.session.execute(queries.filtered(asked, teller, me().token)))
    if kind.most is not None and len(found) > kind.most:
        abort(400, exports.too_many(len(found), kind))
    file = exports.written(kind, asked.shown, teller.tell(found), teller.today)
    role = permissions.role_giving(me().roles, permissions.EXPORT_CASES)
    begin_write(db.session)
    event = exports.event(kind, len(found), asked, str(role))
    record.append(db.session, event, origin(secrets.token_hex(16)))
    db.session.commit()
    return file
