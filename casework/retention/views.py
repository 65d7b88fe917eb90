"""The only place for the pages of retention: what falls due, what waits for approval, holds, the register."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.office_settings import settings_at
from casework.retention import blueprint, due, queries, service
from casework.retention.certificate import certificate_of
from casework.retention.forms import DueFilter
from casework.retention.service import Approval, SomeRefused
from casework.web import pagination
from casework.web.case_tabs import place_url
from casework.web.identity import me, names, origin, requires
from casework.web.incoming import takes_lists
from casework.web.step_forms import REFUSED, posted_req

Answer = Any
MOST = 50


@blueprint.get("/")
@requires(permissions.SEE_RETENTION)
def index() -> Answer:
    return _queue()


def _queue(refused: SomeRefused | None = None, ticked: Sequence[str] = ()) -> str:
    today, settings = clock.today(), settings_at(db.session)
    until = today.replace(year=today.year + 1, day=min(today.day, 28))
    found = due.falling_due(db.session, settings.schedule, until, me().token)
    months = due.by_month(found, today)
    asked = DueFilter.of(request.args, months)
    page = _page([each for each in found if asked.takes(each, today)])
    return render_template(
        "retention/index.html",
        found=queries.candidates(db.session, page.rows),
        page=page,
        asked=asked,
        months=months,
        unseen=due.due_unseen(db.session, settings.schedule, today, me().token),
        due_now=[each for each in found if each.due_on <= today],
        is_default=not settings.retention_schedule,
        rules={rule.outcome: rule for rule in settings.schedule},
        refused=refused.sentences if refused else {},
        ticked=ticked,
    )


def _page(found: Sequence[due.Falling]) -> pagination.Page:
    number = pagination.asked_page()
    first = (number - 1) * MOST
    rows = tuple(found[first : first + MOST])
    return pagination.Page(rows, number, len(found), False, len(found) > first + MOST, MOST)


@blueprint.post("/propose")
@takes_lists("case")
@requires(permissions.PROPOSE_ERASURE)
def propose() -> Answer:
    ticked = [token for token in request.form.getlist("case") if _may_see(token)]
    asked = origin(posted_req())
    if not ticked:
        return _queue(SomeRefused({"": "Tick the cases to propose."})), REFUSED
    begin_write(db.session)
    try:
        if not record.is_recorded(db.session, asked.req):
            count = service.propose(db.session, ticked, me().actor, asked)
            db.session.commit()
            flash(f"{_many(count, 'erasure')} proposed. Somebody else approves.", "success")
    except SomeRefused as refused:
        db.session.rollback()
        return _queue(refused, ticked), REFUSED
    return redirect(url_for("retention.waiting"))


def _may_see(token: str) -> bool:
    return permissions.may_see(db.session, me().token, token)


@blueprint.get("/to-approve")
@requires(permissions.SEE_RETENTION)
def waiting() -> Answer:
    return _waiting()


def _waiting(refused: SomeRefused | None = None, ticked: Sequence[str] = ()) -> str:
    page = pagination.page_of(db.session, queries.waiting(me().token), pagination.asked_page())
    return render_template(
        "retention/waiting.html",
        page=page,
        found=queries.disposals(db.session, page.rows),
        names=names(db.session),
        me=me().token,
        refused=refused.sentences if refused else {},
        ticked=ticked,
        unnamed=request.form.getlist("reference"),
    )


@blueprint.post("/approve")
@takes_lists("disposal", "reference")
@requires(permissions.APPROVE_ERASURE)
def approve() -> Answer:
    approvals = [found for each in request.form.getlist("disposal") if (found := _approval(each))]
    asked = origin(posted_req())
    if not approvals:
        return _waiting(SomeRefused({"": "Tick the erasures to approve."})), REFUSED
    begin_write(db.session)
    try:
        if not record.is_recorded(db.session, asked.req):
            count = service.approve(db.session, approvals, me().actor, asked)
            db.session.commit()
            flash(f"{_many(count, 'erasure')} approved, to be carried out tonight.", "success")
    except SomeRefused as refused:
        db.session.rollback()
        return _waiting(refused, [each.item for each in approvals]), REFUSED
    return redirect(url_for("retention.waiting"))


def _approval(ticked: str) -> Approval | None:
    """What was ticked, as its box says it: the disposal, and how many events its case had then."""
    item, _, size = ticked.partition(".")
    found = queries.disposal(db.session, item, me().token)
    if found is None or not (size.isascii() and size.isdigit() and len(size) < 9):
        return None
    return Approval(item, int(size), item in request.form.getlist("reference"))


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@blueprint.get("/holds")
@requires(permissions.SEE_RETENTION)
def holds() -> Answer:
    page = pagination.page_of(db.session, queries.holds_placed(me().token), pagination.asked_page())
    return render_template(
        "retention/holds.html", page=page, why_held=queries.why_held, place_url=place_url
    )


@blueprint.get("/register")
@requires(permissions.SEE_RETENTION)
def register() -> Answer:
    page = pagination.page_of(db.session, queries.settled(me().token), pagination.asked_page())
    return render_template(
        "retention/register.html",
        page=page,
        found=queries.disposals(db.session, page.rows),
        names=names(db.session),
    )


@blueprint.get("/disposals/<item>/certificate")
@requires(permissions.SEE_RETENTION)
def certificate(item: str) -> Answer:
    found = queries.disposal(db.session, item, me().token) or abort(404)
    made = certificate_of(db.session, found) or abort(404)
    return render_template("retention/certificate.html", made=made, names=names(db.session))
