"""The only place for the pages of what is kept on a case: begun, taken further, amended.

A kind whose first form must be more than its facts names the page that owns it (`Step.page`).
"""

from functools import partial
from typing import Any

from flask import abort, redirect, url_for

from casework import clock, permissions
from casework.cases.items import blueprint
from casework.extensions import db
from casework.items import begin_item, move_item
from casework.web import offers
from casework.web.case_tabs import place_url
from casework.web.identity import me, requires
from casework.web.opened_case import (
    BegunItem,
    OpenedCase,
    OpenedItem,
    Subject,
    item_or_404,
    opened_or_404,
)
from casework.web.step_forms import StepForm, known_values
from casework.web.taking import Taking, answer
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.definition import Step
from workflows.history import ANNUL, CORRECT

Answer = Any


@blueprint.route("/cases/<token>/add/<kind>", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def add(token: str, kind: str) -> Answer:
    workflow = ITEMS.get(kind) or abort(404)
    if workflow.begins_with.page:
        return redirect(url_for(workflow.begins_with.page, token=token))
    return answer(partial(_add, token, kind))


def _add(token: str, kind: str) -> Taking:
    opened, workflow = opened_or_404(token), ITEMS[kind]
    taken = workflow.begins_with
    form = StepForm.of(taken, opened.office, clock.today())
    attempt = Attempt(taken.name, form.day, form.given(), me().actor)
    return Taking(
        opened=opened,
        form=form,
        version=None,
        check=_check(BegunItem(opened, workflow), taken),
        take=lambda asked: begin_item(db.session, token, workflow, attempt, asked),
        leads_to=place_url(token, kind),
        noun=workflow.noun,
    )


@blueprint.route("/cases/<token>/items/<item>/steps/<name>", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def step(token: str, item: str, name: str) -> Answer:
    subject = item_or_404(opened_or_404(token), item)
    taken = subject.workflow.steps_by_name.get(name) or abort(404)
    if taken.page:
        return redirect(url_for(taken.page, token=token, item=item))
    return answer(partial(_step, token, item, name))


def _step(token: str, item: str, name: str) -> Taking:
    opened = opened_or_404(token)
    subject = item_or_404(opened, item)
    taken = subject.workflow.steps_by_name.get(name) or abort(404)
    known = known_values(subject.workflow, subject.standing, taken)
    form = StepForm.of(
        taken, opened.office, clock.today(), prefill=known, settled=known, version=subject.version
    )
    attempt = Attempt(name, form.day, form.given(), me().actor)
    return _taking(opened, subject, form, attempt, _check(subject, taken))


@blueprint.route("/cases/<token>/items/<item>/entries/<int:seq>/correct", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def correct(token: str, item: str, seq: int) -> Answer:
    return answer(partial(_correct, token, item, seq))


def _correct(token: str, item: str, seq: int) -> Taking:
    opened = opened_or_404(token)
    subject = item_or_404(opened, item)
    form, given = offers.correction(subject, seq, clock.today()) or abort(404)
    attempt = Attempt(CORRECT, None, given, me().actor, target=seq)
    check = partial(offers.check_amendment, subject, attempt)
    return _taking(opened, subject, form, attempt, check)


@blueprint.route("/cases/<token>/items/<item>/entries/<int:seq>/annul", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def annul(token: str, item: str, seq: int) -> Answer:
    return answer(partial(_annul, token, item, seq))


def _annul(token: str, item: str, seq: int) -> Taking:
    opened = opened_or_404(token)
    subject = item_or_404(opened, item)
    form = offers.annulment(subject, seq, clock.today()) or abort(404)
    attempt = Attempt(ANNUL, None, form.given(), me().actor, target=seq)
    check = partial(offers.check_amendment, subject, attempt)
    return _taking(opened, subject, form, attempt, check)


def _check(subject: Subject, taken: Step) -> Any:
    return partial(offers.check_step, subject, taken, me().actor, clock.today())


def _taking(
    opened: OpenedCase, subject: OpenedItem, form: StepForm, attempt: Attempt, check: Any
) -> Taking:
    return Taking(
        opened=opened,
        form=form,
        version=subject.version,
        check=check,
        take=lambda asked: move_item(db.session, subject.ref, attempt, asked),
        leads_to=place_url(opened.row.token, subject.workflow.name, subject.kept.token),
        since=partial(offers.lines_since, subject),
        noun=subject.workflow.noun,
    )
