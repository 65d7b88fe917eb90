"""The only place for the pages of recommendations: of one case, a further one, the office's list.

Their other steps are the generated forms of what is kept on a case (`cases.items`).
"""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import render_template, url_for

from casework import clock, permissions
from casework.extensions import db
from casework.items import begin_item
from casework.recommendations import blueprint, queries
from casework.web import offers
from casework.web.access import note_read
from casework.web.identity import me, requires
from casework.web.opened_case import BegunItem, Subject, opened_or_404
from casework.web.step_forms import StepForm
from casework.web.taking import Taking, answer
from workflows.attempt import Attempt
from workflows.definition import Standing, Step
from workflows.engine import OpenStep, role_for
from workflows.observation import OBSERVATION
from workflows.recommendation import MAKE, RECOMMENDATION
from workflows.recommendation_facts import KIND
from workflows.recommendation_rules import open_kinds

Answer = Any


@blueprint.get("/recommendations")
@requires(permissions.SEE_CASES)
def index() -> Answer:
    return render_template(
        "recommendations/index.html",
        found=queries.of_office(db.session, me().token, clock.today()),
        most=queries.MOST,
        steps={step.name for step in RECOMMENDATION.steps if role_for(step, me().actor)},
    )


@blueprint.get("/cases/<token>/recommendations")
@requires(permissions.SEE_CASES)
def of_case(token: str) -> Answer:
    opened = opened_or_404(token)
    page = render_template(
        "recommendations/of_case.html",
        opened=opened,
        made=[
            (shown, _steps(opened.item(shown.kept.token)))
            for shown in queries.of_case(opened, clock.today())
        ],
        points=[
            (point, _steps(opened.item(point.kept.token))) for point in queries.points_of(opened)
        ],
        recommending=_steps(BegunItem(opened, RECOMMENDATION))[:1],
        observing=_steps(BegunItem(opened, OBSERVATION))[:1],
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.route("/cases/<token>/recommendations/make", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def make(token: str) -> Answer:
    return answer(partial(_make, token))


def _make(token: str) -> Taking:
    opened = opened_or_404(token)
    form = StepForm.of(_as_open_to(opened.standing), opened.office, clock.today())
    attempt = Attempt(MAKE.name, form.day, form.given(), me().actor)
    begun = BegunItem(opened, RECOMMENDATION)
    return Taking(
        opened=opened,
        form=form,
        version=None,
        check=partial(offers.check_step, begun, MAKE, me().actor, clock.today()),
        take=lambda asked: begin_item(db.session, token, RECOMMENDATION, attempt, asked),
        leads_to=url_for("recommendations.of_case", token=token),
        noun=RECOMMENDATION.noun,
    )


def _as_open_to(case: Standing) -> Step:
    """The step with what may be recommended under the decision, and the paragraphs that say so."""
    kind = replace(KIND, choices=open_kinds(case), hint="Compensation cannot be recommended.")
    return replace(MAKE, facts=(kind, *(fact for fact in MAKE.facts if fact is not KIND)))


def _steps(subject: Subject | None) -> list[OpenStep]:
    """The steps that this person's roles may take on a recommendation or learning point."""
    found = offers.open_steps(subject, me().actor, clock.today()) if subject else []
    return [step for _, steps in found for step in steps]
