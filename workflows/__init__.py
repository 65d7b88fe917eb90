"""The only place that lists the workflows an office runs.

Everything here is rules: no web, no database. A new kind of case is a new file
beside `complaint_review.py` and one line in `WORKFLOWS`; a new kind of thing to keep on
cases is a new file and one line in `ITEMS`.
"""

from workflows.allegation import ALLEGATION
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.conflict import CONFLICT
from workflows.definition import Workflow
from workflows.letter import LETTER
from workflows.observation import OBSERVATION
from workflows.paper import PAPER
from workflows.party import PARTY
from workflows.recommendation import RECOMMENDATION
from workflows.telling import TELLING

WORKFLOWS: dict[str, Workflow] = {COMPLAINT_REVIEW.name: COMPLAINT_REVIEW}
"""Kinds of case, by name."""

ITEMS: dict[str, Workflow] = {
    kind.name: kind
    for kind in (PAPER, PARTY, LETTER, RECOMMENDATION, OBSERVATION, TELLING, ALLEGATION, CONFLICT)
}
"""Kinds of things kept on a case, each with a small life of its own, by name."""
