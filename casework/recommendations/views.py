"""The only place for the pages of recommendations: those of one case, and the office's list.

Their steps are the generated forms of what is kept on a case (`cases.items`).
"""

from typing import Any

from flask import render_template

from casework import clock, permissions
from casework.extensions import db
from casework.recommendations import blueprint, queries
from casework.web import offers
from casework.web.access import note_read
from casework.web.identity import me, requires
from casework.web.opened_case import BegunItem, Subject, opened_or_404
from workflows.engine import OpenStep
from workflows.observation import OBSERVATION
from workflows.recommendation import RECOMMENDATION

Answer = Any


@blueprint.get("/recommendations")
@requires(permissions.SEE_CASES)
def index() -> Answer:
    found = queries.of_office(db.session, me().token, clock.today())
    return render_template("recommendations/index.html", found=found, most=queries.MOST)


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
        begin=[
            (kind, _steps(BegunItem(opened, kind))[0]) for kind in (RECOMMENDATION, OBSERVATION)
        ],
    )
    note_read(db.session, me().token, token)
    return page


def _steps(subject: Subject | None) -> list[OpenStep]:
    """The steps that this person's roles may take on a recommendation or learning point."""
    found = offers.open_steps(subject, me().actor, clock.today()) if subject else []
    return [step for _, steps in found for step in steps]
