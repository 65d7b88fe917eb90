"""The only place for the pages of one case: what is known of it, its steps and its corrections."""

from datetime import date
from functools import partial
from typing import Any

from flask import abort, redirect, render_template, request, session, url_for

from casework import clock, permissions
from casework.alike import Alike, alike_of
from casework.cases import blueprint
from casework.cases.links import linked_cases
from casework.extensions import db
from casework.letters.queries import offered
from casework.progress import move_case
from casework.web import drafts, kept, offers
from casework.web.access import note_read
from casework.web.case_tabs import kinds_on, tab_of
from casework.web.case_words import Teller
from casework.web.deadlines import DeadlineLine, deadline_lines
from casework.web.identity import me, requires
from casework.web.onward import safe_onward
from casework.web.opened_case import OpenedCase, opened_or_404
from casework.web.step_forms import StepForm, asked_in, known_values
from casework.web.taking import Taking, answer
from workflows import WORKFLOWS
from workflows.attempt import Attempt
from workflows.engine import deadlines_of, role_for
from workflows.history import ANNUL, CORRECT
from workflows.link import UNLINK

Answer = Any
MOST_ON_OVERVIEW = 5
"""How many entries the overview tells; the timeline tells all."""
OWN_PAGES = {
    step.name: step.page for each in WORKFLOWS.values() for step in each.steps if step.page
}
"""The pages of steps whose form is more than their facts."""


@blueprint.get("/cases/<token>")
@requires(permissions.SEE_CASES)
def case(token: str) -> Answer:
    opened = opened_or_404(token, is_told=True)
    actor, today = me().actor, clock.today()
    may_write = me().may(permissions.WRITE_LETTERS) and not opened.is_erased
    page = render_template(
        "cases/case.html",
        opened=opened,
        shown=next(Teller(opened.office, opened.names, today).tell([opened.row])),
        deadlines=_deadlines(opened, today),
        steps=offers.open_steps(opened, actor, today),
        late_steps=offers.late_steps(opened, actor),
        letters=offered(opened.workflow, opened.standing, opened.items) if may_write else (),
        timeline=offers.case_timeline(opened, actor),
        most=MOST_ON_OVERVIEW,
        sections=kept.sections(opened, kinds_on("cases.case"), actor, today),
        linked=linked_cases(db.session, opened.row, me().token),
        may_unlink=role_for(UNLINK, actor) is not None,
        alike=_alike_when_logged(token),
        begun=drafts.begun(db.session, token),
        owed=offers.letters_owed(opened) if may_write else (),
    )
    note_read(db.session, me().token, token)
    return page


def _alike_when_logged(token: str) -> tuple[Alike, ...]:
    """The cases like one that this person has just logged; shown once."""
    if session.pop("just_logged", "") != token:
        return ()
    return alike_of(db.session, [token], me().token)[token]


def _deadlines(opened: OpenedCase, today: date) -> list[DeadlineLine]:
    """The case's own, then the open ones of what is kept on it."""
    own = deadlines_of(opened.workflow, opened.standing, opened.office)
    return [*deadline_lines(opened.standing, own, today), *kept.deadlines_of_items(opened, today)]


@blueprint.get("/cases/<token>/people")
@requires(permissions.SEE_CASES)
def people(token: str) -> Answer:
    return _kept_page(token, "cases/people.html")


@blueprint.get("/cases/<token>/correspondence")
@requires(permissions.SEE_CASES)
def correspondence(token: str) -> Answer:
    return _kept_page(token, "cases/kept.html")


def _kept_page(token: str, template: str) -> Answer:
    opened, endpoint = opened_or_404(token), request.endpoint or ""
    page = render_template(
        template,
        opened=opened,
        heading=tab_of(endpoint).text,
        sections=kept.sections(opened, kinds_on(endpoint), me().actor, clock.today()),
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.get("/cases/<token>/timeline")
@requires(permissions.SEE_CASES)
def timeline(token: str) -> Answer:
    opened = opened_or_404(token, is_told=True)
    page = render_template(
        "cases/timeline.html",
        opened=opened,
        timeline=offers.case_timeline(opened, me().actor),
        diagram=offers.drawn(opened.row.workflow, opened.row.state),
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.route("/cases/<token>/steps/<name>", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def step(token: str, name: str) -> Answer:
    if request.method == "GET" and name in OWN_PAGES:
        return redirect(url_for(OWN_PAGES[name], token=token, step=name))
    return answer(partial(_step, token, name))


def _step(token: str, name: str) -> Taking:
    opened = opened_or_404(token)
    taken = opened.workflow.steps_by_name.get(name) or abort(404)
    known = known_values(opened.workflow, opened.standing, taken)
    form = StepForm.of(
        taken,
        opened.office,
        clock.today(),
        prefill=known | asked_in(request.args, taken, opened.office, clock.today()),
        settled=known,
        version=opened.version,
    )
    attempt = Attempt(name, form.day, form.given(), me().actor)
    check = partial(offers.check_step, opened, taken, me().actor, clock.today())
    return _taking(opened, form, attempt, check)


@blueprint.route("/cases/<token>/entries/<int:seq>/correct", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def correct(token: str, seq: int) -> Answer:
    return answer(partial(_correct, token, seq))


def _correct(token: str, seq: int) -> Taking:
    opened = opened_or_404(token)
    form, given = offers.correction(opened, seq, clock.today()) or abort(404)
    attempt = Attempt(CORRECT, None, given, me().actor, target=seq)
    return _taking(opened, form, attempt, partial(offers.check_amendment, opened, attempt))


@blueprint.route("/cases/<token>/entries/<int:seq>/annul", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def annul(token: str, seq: int) -> Answer:
    return answer(partial(_annul, token, seq))


def _annul(token: str, seq: int) -> Taking:
    opened = opened_or_404(token)
    form = offers.annulment(opened, seq, clock.today()) or abort(404)
    attempt = Attempt(ANNUL, None, form.given(), me().actor, target=seq)
    return _taking(opened, form, attempt, partial(offers.check_amendment, opened, attempt))


def _taking(opened: OpenedCase, form: StepForm, attempt: Attempt, check: Any) -> Taking:
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=check,
        take=lambda asked: move_case(db.session, opened.ref, attempt, asked),
        leads_to=safe_onward(request.args.get("next"))
        or url_for("cases.case", token=opened.row.token),
        since=partial(offers.lines_since, opened),
    )
