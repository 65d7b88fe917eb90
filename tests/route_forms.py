"""The only place for what a form of each address sends when all is well, and what its address names."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf

from tests.factories import LOGGED_ON


def letter_pdf() -> bytes:
    """A PDF of one empty page."""
    written = BytesIO()
    page = pypdf.PdfWriter()
    page.add_blank_page(200, 200)
    page.write(written)
    return written.getvalue()


_DAY = LOGGED_ON + timedelta(days=1)
_FIRST = {"day": "1", "month": "3", "year": "2026"}
ON = {f"effective_on-{part}": str(getattr(_DAY, part)) for part in ("day", "month", "year")}
STATUS = {f"status_on-{part}": str(getattr(_DAY, part)) for part in ("day", "month", "year")}
MISTYPED = {"reason": "It was mistyped."}
LEAVING = {
    **ON,
    "version": "2",
    "told": "complainant",
    "way": "post",
    "disclosure": ["third_parties", "force_sensitive", "privileged"],
}
DELEGATION = {
    "functions": "decide",
    **{f"from_on-{part}": "1" for part in ("day", "month")},
    "from_on-year": "2026",
    "instrument": "Scheme of governance, 4.2",
    "declared": ["not_constable", "not_other_lpb", "is_impartial"],
}
LIST = {
    "force": "force",
    **{f"{day}_on-{part}": value for day in ("from", "to") for part, value in _FIRST.items()},
}
REGISTER = b"reference,received_on\nCR/2022-23/001,2022-05-03\n"
FORMS: dict[str, dict[str, Any]] = {
    "apply.page": {"outcome_letter": "yes"},
    "desk.export": {"format": "csv"},
    "cases.step": {**ON, "version": "2"},
    "cases.correct": {**ON, **MISTYPED, "version": "2"},
    "cases.annul": {**MISTYPED, "version": "2"},
    "reviews.write": {**ON, "version": "2"},
    "reviews.decide": {**ON, "version": "2"},
    "triage.decide": {**ON, "version": "2", "decision": "wait", "wait_waiting_for": "force"},
    "reviews.tell": {**ON, "how-application-appropriate_authority-0": "told"},
    "people.change_roles": {"held": "panel", "roles": ["panel", "reviewer"]},
    "people.rename": {"name": "Ash Reeve"},
    "people.disable": {"reason": "Left the office."},
    "people.enable": {"reason": "Came back."},
    "people.sign_out": {"reason": "Lost the laptop."},
    "people.remove_second_factor": {"reason": "Lost the phone."},
    "office.end_delegation": {
        **{f"until_on-{part}": "2" for part in ("day", "month")},
        "until_on-year": "2027",
    },
    "items.add": {**ON, "kind": "interested"},
    "items.step": {**ON, "version": "1", "name": "A. Witness"},
    "items.correct": {**ON, **MISTYPED, "version": "1", "kind": "other"},
    "items.annul": {**MISTYPED, "version": "1"},
    "papers.hold": {
        **ON,
        "name": "Footage",
        "kind": "footage",
        "origin": "force",
        "place": "body_worn",
    },
    "reconciliation.settle": {"answer": "not_a_review", "seen": ""},
    "letters.draft": {"version": "2", "text": "Dear Zoe"},
    "letters.return_to_text": {"version": "2"},
    "letters.discard": {"version": "2"},
    "publishing.begin": {"year": "2026-27", **STATUS},
    "publishing.draft": {"version": "1", "summary": "Some applied."},
    "publishing.count_again": {"version": "1"},
    "publishing.publish": {"version": "1"},
    "publishing.send_back": {"version": "1", "reason": "Say more."},
    "publishing.drop": {"version": "1", "reason": "Not wanted."},
    "publishing.take_changes": {"format": "ods"},
    "letters.issue": {**LEAVING, "way": "later"},
    "letters.send": LEAVING,
    "outbox.settle": {"seen": "queued"},
    "intake.log": ON,
    "intake.complete": {**ON, "version": "2", "complainant_telephone": "01632 960001"},
    "assigning.assign": {**ON, "version": "2", "assignee": "least_busy"},
    "search.index": {"words": "footage"},
    "letter_templates.use": {"template": "built_in"},
}
"""What forms send when all is well, where that is always the same."""
KINDS = {"imports": "csv", "publishing": "annual"}
NAMES = {
    "apply.page": "outcome-letter",
    "cases.step": "acknowledge",
    "items.step": "change",
    "letters.begin": "acknowledgement",
    "letter_templates.letter": "acknowledgement",
    "letter_templates.preview": "acknowledgement",
    "letter_templates.starter": "acknowledgement",
    "letter_templates.use": "acknowledgement",
    "letter_templates.version": "acknowledgement",
}
QUERIES = {
    "drafts.keep": "?form=/cases/log",
    "drafts.discard": "?form=/cases/log",
    "reporting.period": "?from=1/4/2026&to=30/6/2026",
    "reporting.figure": "?from=1/4/2026&to=30/6/2026&measure=cohort.received",
}
