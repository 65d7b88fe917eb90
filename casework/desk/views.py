"""The only place for the pages that lead to cases: a person's own work, and the register."""

import secrets
from typing import Any

from flask import abort, redirect, render_template, request

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.desk import blueprint, exports, forms, queries
from casework.extensions import db
from casework.office_rules import office_rules
from casework.web import pagination
from casework.web.case_words import Teller
from casework.web.frame import home_url
from casework.web.identity import me, names, origin, requires
from casework.web.step_forms import REFUSED

Answer = Any
ALL_PLACES = (permissions.SEE_CASES, permissions.SEE_REPORTS, permissions.CHANGE_SETTINGS)


@blueprint.get("/")
@requires(*ALL_PLACES)
def mine() -> Answer:
    if not me().may(permissions.SEE_CASES):
        return redirect(home_url(me()))
    teller = _teller()
    lists = (
        ("decide", "Waiting for your decision", queries.awaiting_decision_by),
        ("assigned", "Assigned to you", queries.assigned_to),
        ("unassigned", "Not assigned to anybody", queries.unassigned),
    )
    found = [
        (name, title, teller.by_urgency(query(db.session, me().actor, teller.office)))
        for name, title, query in lists
    ]
    return render_template("desk/mine.html", lists=found, most=queries.MOST_MINE)


def _teller() -> Teller:
    return Teller(office_rules(db.session), names(db.session), clock.today())


@blueprint.get("/cases")
@requires(permissions.SEE_CASES)
def register() -> Answer:
    teller = _teller()
    asked = forms.CaseFilter.of(request.args, teller.office)
    if not asked.is_readable():
        return render_template("desk/register.html", asked=asked, page=None, found=[]), REFUSED
    query = queries.filtered(asked, me().token)
    page = pagination.page_of(db.session, query, pagination.asked_page())
    return render_template(
        "desk/register.html",
        asked=asked,
        page=page,
        found=list(teller.tell(page.rows)),
        may_export=me().may(permissions.EXPORT_CASES),
        address_with=pagination.address_with,
    )


@blueprint.post("/cases/export")
@requires(permissions.EXPORT_CASES)
def export() -> Answer:
    teller = _teller()
    asked = forms.CaseFilter.of(request.form, teller.office)
    kind = exports.KINDS.get(request.form.get("format", ""))
    if kind is None or not asked.is_readable():
        abort(400, "The list cannot be exported as asked. Open the list and choose again.")
    found = list(db.session.execute(queries.filtered(asked, me().token)))
    if kind.most is not None and len(found) > kind.most:
        abort(400, exports.too_many(len(found), kind))
    file = exports.written(kind, teller.tell(found), clock.today())
    role = permissions.role_giving(me().roles, permissions.EXPORT_CASES)
    begin_write(db.session)
    event = exports.event(kind, len(found), asked, str(role))
    record.append(db.session, event, origin(secrets.token_hex(16)))
    db.session.commit()
    return file
