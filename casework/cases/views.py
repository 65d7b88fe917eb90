"""The only place for the pages of one case: what is known of it, its steps and its corrections."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for

from casework import clock, permissions
from casework.audit import record
from casework.cases import blueprint, queries, service
from casework.cases.queries import OpenedCase
from casework.database import begin_write
from casework.extensions import db
from casework.letters.queries import offered
from casework.progress import StaleCase, move_case
from casework.web.access import note_read
from casework.web.case_words import Teller
from casework.web.deadlines import deadline_lines
from casework.web.identity import me, origin, requires
from casework.web.step_forms import (
    REFUSED,
    StepForm,
    known_values,
    posted_req,
    posted_version,
)
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Step
from workflows.engine import deadlines_of
from workflows.history import ANNUL, CORRECT

Answer = Any


@blueprint.get("/cases/<token>")
@requires(permissions.SEE_CASES)
def case(token: str) -> Answer:
    opened = _opened(token)
    actor, today = me().actor, clock.today()
    may_take = me().may(permissions.TAKE_LETTERS)
    page = render_template(
        "cases/case.html",
        opened=opened,
        shown=next(_teller_of(opened).tell([opened.row])),
        deadlines=deadline_lines(
            opened.standing,
            deadlines_of(opened.workflow, opened.standing, opened.office),
            today,
        ),
        steps=service.open_steps(opened, actor, today),
        late_steps=service.late_steps(opened, actor),
        letters=offered(opened.workflow, opened.standing) if may_take else (),
        timeline=service.timeline(opened, actor),
        diagram=service.drawn(opened.row.workflow, opened.row.state),
        duplicates=session.pop("duplicates", ()),
    )
    note_read(db.session, me().token, token)
    return page


def _opened(token: str) -> OpenedCase:
    opened = queries.open_case(db.session, token)
    if opened is None:
        abort(404)
    return opened


def _teller_of(opened: OpenedCase) -> Teller:
    return Teller(opened.office, opened.names, clock.today())


@blueprint.route("/cases/<token>/steps/<name>", methods=["GET", "POST"])
@requires(permissions.SEE_CASES)
def step(token: str, name: str) -> Answer:
    opened = _opened(token)
    taken = opened.workflow.steps_by_name.get(name)
    if taken is None:
        abort(404)
    known = known_values(opened.workflow, opened.standing, taken)
    form = _form(opened, taken, known, settled=known)
    attempt = Attempt(name, form.day, form.given(), me().actor)
    bar = partial(service.check_step, opened, taken, me().actor, clock.today())
    return _answer(opened, form, attempt, bar)


@blueprint.route("/cases/<token>/entries/<int:seq>/correct", methods=["GET", "POST"])
@requires(permissions.SEE_CASES)
def correct(token: str, seq: int) -> Answer:
    opened = _opened(token)
    version = service.step_entry(opened, seq)
    if version is None:
        abort(404)
    asked = service.correcting(opened, version)
    form = _form(opened, asked, service.as_typed(version))
    given = service.changed(asked, form.given(), form.day, version)
    attempt = Attempt(CORRECT, None, given, me().actor, target=seq)
    return _answer(opened, form, attempt, partial(service.check_amendment, opened, attempt))


@blueprint.route("/cases/<token>/entries/<int:seq>/annul", methods=["GET", "POST"])
@requires(permissions.SEE_CASES)
def annul(token: str, seq: int) -> Answer:
    opened = _opened(token)
    line = service.line_of(opened, seq)
    if line is None:
        abort(404)
    form = _form(opened, service.annulling(line), {}, has_day=False)
    attempt = Attempt(ANNUL, None, form.given(), me().actor, target=seq)
    return _answer(opened, form, attempt, partial(service.check_amendment, opened, attempt))


def _form(
    opened: OpenedCase,
    step: Step,
    known: Mapping[str, Any],
    *,
    settled: Collection[str] = (),
    has_day: bool = True,
) -> StepForm:
    return StepForm.of(
        step,
        opened.office,
        clock.today(),
        prefill=known,
        settled=settled,
        version=opened.row.version,
        has_day=has_day,
    )


def _answer(
    opened: OpenedCase, form: StepForm, attempt: Attempt, check: Callable[[], None]
) -> Answer:
    """Show a form about a case, or take what was posted: once, on the version it was opened on.

    `check` raises StepBarred when the form is not this person's to use now.
    """
    is_posted = request.method == "POST"
    if is_posted and record.is_recorded(db.session, posted_req()):
        return redirect(url_for("cases.case", token=opened.row.token))
    if is_posted and posted_version() != opened.row.version:
        return _stale(opened, form, check)
    try:
        check()
    except service.StepBarred as barred:
        page = render_template("cases/barred.html", opened=opened, barred=barred)
        return page, barred.status
    if not is_posted:
        page = render_template("cases/step.html", opened=opened, form=form)
        note_read(db.session, me().token, opened.row.token)
        return page
    return _take(opened, form, attempt, check)


def _take(
    opened: OpenedCase, form: StepForm, attempt: Attempt, check: Callable[[], None]
) -> Answer:
    ref, asked = opened.ref, origin(posted_req())
    if form.is_readable():
        begin_write(db.session)
        try:
            if not record.is_recorded(db.session, asked.req):
                _require_version(opened, ref.version)
                move_case(db.session, ref, attempt, asked)
                db.session.commit()
                flash(f"{form.step.done}: recorded for {ref.reference}.", "success")
            return redirect(url_for("cases.case", token=ref.token))
        except StaleCase:
            db.session.rollback()
            return _stale(_opened(ref.token), form, check)
        except StepRefused as refused:
            db.session.rollback()
            form.refuse(refused.refusals)
    return render_template("cases/step.html", opened=opened, form=form), REFUSED


def _require_version(opened: OpenedCase, version: int) -> None:
    """StaleCase when the case moved on since it was read: that comes before any refusal."""
    if opened.row.version != version:
        raise StaleCase(opened.row.reference)


def _stale(opened: OpenedCase, form: StepForm, check: Callable[[], None]) -> Answer:
    """What happened since the form was opened, and all that was typed, to send again or to copy."""
    barred = None
    since = service.lines_since(opened, posted_version())
    form.version.data = opened.row.version
    try:
        check()
    except service.StepBarred as now_barred:
        barred = now_barred
    page = render_template("cases/stale.html", opened=opened, form=form, since=since, barred=barred)
    return page, 409
