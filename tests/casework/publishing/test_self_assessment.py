"""The words with which the office's assessment of itself begins say what was recorded, and no more."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.counts.report import Report, annual_report
from casework.database import begin_write
from casework.documents.parts import UNPUBLISHED, unfinished
from casework.models import Person
from casework.office_settings import change_settings, settings_at
from casework.progress import Moved
from casework.publishing.self_assessment import FIELDS, document, prefilled
from tests import factories
from workflows.calendar import FinancialYear

pytestmark = pytest.mark.one_database
TODAY = "2026-11-20T12:00:00Z"
LETTER_ON = "2026-03-20"


def report_of(db: Session, year: str) -> Report:
    return annual_report(db, FinancialYear.parse(year))


def decided(db: Session, writer: Person, by: Person, returned: int = 0) -> str:
    case = factories.case(db, by=writer, channel="post")
    body = {"review_body": "lpb", "outcome_provided_on": LETTER_ON, "route": "otherwise"}
    facts = {"finding": "reasonable", "reasons": "Fair"}
    steps = (
        ("find_valid", {**body, "reasons": "In time"}, writer),
        ("write_review", facts, writer),
    )
    sent_back = (("return_review", {"comments": "Say why"}, by), ("write_review", facts, writer))
    for step, given, who in (*steps, *sent_back * returned, ("not_uphold", {"reasons": "So"}, by)):
        factories.move(db, case.reference, step, date(2026, 4, 8), given, by=who)
    return case.case


def test_it_tells_who_held_powers_who_signed_off_and_how_long_it_took(db: Session) -> None:
    with time_machine.travel(TODAY, tick=False):
        ada, sam = factories.person(db, "reviewer"), factories.person(db, "supervisor")
        begin_write(db)
        sole = replace(settings_at(db), sign_off="sole", clock_start="validated")
        change_settings(db, sole, role="system", origin=Origin("command"))
        db.commit()
        decided(db, ada, sam, returned=2)
        decided(db, ada, sam)
        kept_out = decided(db, ada, ada)
        factories.case(db, channel="email")
        conflict = {"person": sam.token, "why": "A neighbour"}
        factories.item(db, kept_out, "conflict", on=date(2026, 4, 9), by=sam, **conflict)
        factories.delegation(db, sam, "decide", "extend_time", from_on=date(2026, 11, 20))
        factories.delegation(db, ada, "decide", from_on=date(2026, 1, 1))
        ended = {"from_on": date(2025, 1, 1), "until_on": date(2026, 3, 31)}
        factories.delegation(db, ada, "find_validity", **ended)
        factories.delegation(db, ada, "issue_letters", from_on=date(2026, 11, 21))
        said = prefilled(db, report_of(db, "2026-27"))
    assert list(said) == [field.name for field in FIELDS]
    assert "Schedule, paragraph 7C(b)(ii)." in said["about"]
    assert "- Decide reviews and return them: two people\n" in said["delegated"]
    assert "- Decide about extra time for a late application: one person" in said["delegated"]
    assert "validity" not in said["delegated"]  # it ended the day before the year
    assert "letters" not in said["delegated"]  # it begins tomorrow
    assert "clock for deciding starts when an application is validated; the" in said["timeliness"]
    assert "within the target, from receipt: 3 of the 3 whose days are known." in said["timeliness"]
    assert "From receipt to the decision: 3 working days on average" in said["timeliness"]
    assert (
        "No decision of the year has known days from receipt to the decision letter."
        in (said["timeliness"])
    )
    assert "The office’s rule is that the reviewer may decide alone." in said["quality"]
    assert (
        "Decisions recorded step by step: 3. Of these, taken by somebody other than the writer of "
        "the review: 2. Sent back to be written again before they were taken: 1." in said["quality"]
    )
    assert "Conflicts of interest declared: 1." in said["quality"]
    assert "How applications came: email 1; post 3." in said["administration"]
    assert ada.name not in "".join(said.values())


def test_how_applications_came_is_as_corrected_when_the_report_was_counted(db: Session) -> None:
    def correct(logged: Moved, channel: str) -> None:
        facts = {"channel": channel, "reason": "As the letter says"}
        factories.move(db, logged.reference, "correct", None, facts, target=logged.seq)

    with time_machine.travel(TODAY, tick=False):
        mistaken, learned = factories.case(db, channel="web"), factories.case(db)
        correct(mistaken, "email")
        given = {"channel": "telephone"}
        factories.move(db, learned.reference, "complete_application", date(2026, 4, 8), given)
        factories.case(db)
        report = report_of(db, "2026-27")
        correct(mistaken, "force")
        said = prefilled(db, report)
    came = "How applications came: email 1; telephone 1; not recorded 1."
    assert came in said["administration"]


def test_a_year_without_anything_reads_as_english_and_leaves_to_be_said_what_nobody_recorded(
    db: Session,
) -> None:
    with time_machine.travel(TODAY, tick=False):
        report = report_of(db, "2026-27")
        said = prefilled(db, report)
        paper = document(report, said, UNPUBLISHED)
    words = "\n".join(said.values())
    assert "Acknowledged in time: none whose days are known." in words
    assert "no review was open." in words
    assert "No decision of the year was recorded step by step." in words
    assert "No application came in the year." in words
    assert "No recommendation was made to the force in the year." in words
    assert len(unfinished(said)) == 2
    titles = [section.title for section in paper.sections]
    assert titles[: len(FIELDS)] == [field.title for field in FIELDS]
    assert paper.title.startswith("Assessment of our own complaint reviews, 2026-27")
