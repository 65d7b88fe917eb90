"""The only place for the page that gives a case to somebody."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import url_for

from casework import clock, permissions
from casework.assigning import blueprint
from casework.assigning.queries import Candidate, candidates, with_least_to_do
from casework.extensions import db
from casework.progress import move_case
from casework.web import offers
from casework.web.identity import me, requires
from casework.web.opened_case import OpenedCase, opened_or_404
from casework.web.step_forms import StepForm
from casework.web.taking import Taking, answer
from workflows.attempt import Attempt, StepRefused
from workflows.complaint_review import ASSIGN
from workflows.complaint_review_facts import ASSIGNEE
from workflows.definition import Choice, Step

Answer = Any
LEAST = Choice(
    "least_busy",
    "Whoever has the least to do",
    "The reviewer with the fewest open cases, then the fewest overdue, when you save this.",
)


@blueprint.route("/cases/<token>/assign", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def assign(token: str) -> Answer:
    return answer(partial(_assign, token))


def _assign(token: str) -> Taking:
    opened, today = opened_or_404(token), clock.today()
    found = candidates(db.session, opened, today)
    form = StepForm.of(_asking(opened, found), opened.office, today, version=opened.version)
    is_least = form[ASSIGNEE.name].data == LEAST.code
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=partial(offers.check_step, opened, ASSIGN, me().actor, today),
        take=lambda asked: move_case(db.session, opened.ref, _attempt(form, found), asked),
        # Who it became is told on the page, since no name goes into the message's cookie.
        leads_to=url_for("assigning.assign" if is_least else "cases.case", token=token),
        since=partial(offers.lines_since, opened),
        template="assigning/assign.html",
        more={
            "items": _items(form, found),
            "holder": opened.names.get(opened.row.assignee or ""),
            "assigned": opened.standing.last(ASSIGN.name),
        },
    )


def _asking(opened: OpenedCase, found: tuple[Candidate, ...]) -> Step:
    people = tuple(Choice(each.token, each.name, each.hint) for each in found)
    asked = replace(ASSIGNEE, choices=(LEAST, *people))
    label = "Give the case to somebody else" if opened.row.assignee else ASSIGN.label
    facts = tuple(asked if fact is ASSIGNEE else fact for fact in ASSIGN.facts)
    return replace(ASSIGN, label=label, facts=facts)


def _items(form: StepForm, found: tuple[Candidate, ...]) -> list[dict[str, Any]]:
    """Everybody who may be chosen, as the radios take them; who is barred is shown as such."""
    shown = (each for _, fields in form.sections() for each in fields)
    people = next(each for each in shown if each.fact.name == ASSIGNEE.name).items
    barred = {each.token for each in found if each.barred}
    least, *others = ({**item, "disabled": item["value"] in barred} for item in people)
    return [least, {"divider": "or"}, *others]


def _attempt(form: StepForm, found: tuple[Candidate, ...]) -> Attempt:
    """What was asked, with the person that it comes to. StepRefused when there is nobody."""
    given = form.given()
    if given[ASSIGNEE.name] == LEAST.code:
        least = with_least_to_do(found)
        if least is None:
            raise StepRefused.because(
                "There is no other reviewer or supervisor without a conflict. Choose somebody.",
                ASSIGNEE.name,
            )
        given = {**given, ASSIGNEE.name: least.token}
    return Attempt(ASSIGN.name, form.day, given, me().actor)
