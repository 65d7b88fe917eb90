"""The only place that lists the workflows an office runs.

Everything here is rules: no web, no database. A new kind of case is a new file
beside `complaint_review.py` and one line in `WORKFLOWS`; a new kind of thing to keep on
cases is a new file and one line in `ITEMS`; what belongs to no case is in `OFFICE`.
"""

from workflows.allegation import ALLEGATION
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.conflict import CONFLICT
from workflows.contact_plan import CONTACT_PLAN
from workflows.correspondence import CORRESPONDENCE
from workflows.definition import Workflow
from workflows.disposal import DISPOSAL
from workflows.hold import HOLD
from workflows.information_request import INFORMATION_REQUEST
from workflows.instruction import INSTRUCTION
from workflows.letter import LETTER
from workflows.link import LINK
from workflows.no_further_reply import NO_FURTHER_REPLY
from workflows.observation import OBSERVATION
from workflows.outcome_day import OUTCOME_DAY
from workflows.paper import PAPER
from workflows.party import PARTY
from workflows.passed_part import PASSED_PART
from workflows.pre_action import PRE_ACTION
from workflows.publication import PUBLICATION
from workflows.recommendation import RECOMMENDATION
from workflows.restriction import RESTRICTION
from workflows.safeguarding import SAFEGUARDING
from workflows.telling import TELLING

WORKFLOWS: dict[str, Workflow] = {COMPLAINT_REVIEW.name: COMPLAINT_REVIEW}
"""Kinds of case, by name."""

ITEMS: dict[str, Workflow] = {
    kind.name: kind
    for kind in (
        SAFEGUARDING,
        PARTY,
        CONTACT_PLAN,
        OUTCOME_DAY,
        PAPER,
        CORRESPONDENCE,
        INFORMATION_REQUEST,
        PRE_ACTION,
        NO_FURTHER_REPLY,
        LINK,
        PASSED_PART,
        ALLEGATION,
        RECOMMENDATION,
        OBSERVATION,
        LETTER,
        TELLING,
        CONFLICT,
        RESTRICTION,
        INSTRUCTION,
        HOLD,
        DISPOSAL,
    )
}
"""Kinds of things kept on a case, each with a small life of its own, by name."""

OFFICE: dict[str, Workflow] = {PUBLICATION.name: PUBLICATION}
"""Kinds of things that belong to the office and to no case, by name."""
