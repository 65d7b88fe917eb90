"""A person's work: each case says what is wanted next, of whom, and since when."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework import items
from casework.audit.record import Origin
from casework.database import begin_write
from casework.desk.lines import COLLEAGUE, Line
from casework.desk.service import Chase, Work, chase_list, work_of
from casework.models import Person
from casework.office_rules import office_rules
from casework.progress import Moved
from casework.web.case_words import Teller
from casework.web.identity import names
from tests import factories
from tests.workflows.lives import LEAST
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.calendar import Calendar
from workflows.conflict import CONFLICT
from workflows.definition import Actor

ON = factories.LOGGED_ON
WRITER = Actor("u_" + "7" * 32, frozenset({"reviewer", "supervisor"}))
DAY = timedelta(days=1)


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def case(db: Session, reviewer: Person) -> Moved:
    moved = factories.case(db, on=ON, by=WRITER, complainant_name="Jo Wren")
    return factories.move(
        db, moved.reference, "assign", ON, {"assignee": reviewer.token}, by=WRITER
    )


@pytest.fixture
def take(db: Session, case: Moved) -> Callable[..., Moved]:
    """Takes a step of the case so many days after it was received, by its writer."""

    def taken(step: str, after: int, by: Actor = WRITER, **facts: Any) -> Moved:
        given = {**LEAST.get(step, {}), **facts}
        return factories.move(db, case.reference, step, ON + after * DAY, given, by=by)

    return taken


def seen(db: Session, who: Person, on: date) -> Work:
    return work_of(db, factories.actor(who), Teller(office_rules(db), names(db), on))


def chased(db: Session, who: Person, on: date, *, is_mine: bool = False) -> Chase:
    teller = Teller(office_rules(db), names(db), on)
    return chase_list(db, factories.actor(who), teller, is_mine=is_mine)


def told(work: Work) -> tuple[str, str, str | None, str | None]:
    """The one line of a person's work: its part, its words, the step, and for whom it waits."""
    parts = {"overdue": work.overdue, "ready": work.ready, "waiting": work.waiting}
    ((part, line),) = [(part, line) for part, lines in parts.items() for line in lines]
    step, wait = line.step.name if line.step else None, line.wait.whom if line.wait else None
    return (part, line.says, step, wait)


def test_a_week_of_a_case_reads_as_the_work_is_done(
    db: Session, reviewer: Person, take: Callable[..., Moved]
) -> None:
    def on(after: int) -> tuple[str, str, str | None, str | None]:
        return told(seen(db, reviewer, ON + after * DAY))

    assert on(0) == ("ready", "Acknowledge the application", "acknowledge", None)
    assert on(10)[0] == "overdue"
    take("acknowledge", 1)
    assert on(1) == ("ready", "Ask the force for its file", "request_file", None)
    take("request_file", 2)
    assert on(2) == ("ready", "Decide whether it is valid", "find_valid", "The force")
    assert on(9) == ("ready", "Chase the force’s file", "chase_file", "The force")
    take("chase_file", 9)
    take("find_valid", 9)
    assert on(10) == (
        "waiting",
        "Chase the force’s file from 17 Apr 2026",
        "chase_file",
        "The force",
    )
    take("receive_file", 10, extent="part")
    assert on(17) == ("ready", "Chase the force’s file", "chase_file", "The force")
    take("receive_file", 18)
    assert on(18) == ("ready", "Write the review", "write_review", None)
    take("wait", 18, waiting_for="legal")
    assert on(18) == ("waiting", "Nothing until they answer", None, "Legal advice")
    take("resume", 19)
    take("write_review", 20)
    assert on(20) == ("waiting", "Decide", None, COLLEAGUE)
    take("return_review", 21, by=Actor("u_" + "9" * 32, frozenset({"supervisor"})))
    assert on(21)[1] == "Write the review"
    take("write_review", 22)
    take("not_uphold", 23, by=Actor("u_" + "9" * 32, frozenset({"supervisor"})))
    assert on(23) == ("ready", "Send the outcome and record the letter", "notify", None)
    take("notify", 24)
    assert seen(db, reviewer, ON + 24 * DAY).is_empty


def test_a_decision_is_listed_for_those_who_may_take_it_and_waits_for_its_writer(
    db: Session, reviewer: Person, case: Moved
) -> None:
    writer, second = factories.actor(reviewer), factories.person(db, "supervisor", name="Sam Weir")
    for after, step in enumerate(("acknowledge", "find_valid", "write_review")):
        on = ON + after * DAY
        factories.move(db, case.reference, step, on, LEAST.get(step, {}), by=writer)
    on = ON + 3 * DAY
    assert told(seen(db, reviewer, on)) == ("waiting", "Decide", None, COLLEAGUE)
    assert told(seen(db, second, on)) == ("ready", "Decide", "uphold", None)
    chief = factories.person(db, "chief_executive")
    assert told(seen(db, chief, on))[:3] == ("ready", "Decide", "uphold")


def upheld(db: Session, take: Callable[..., Moved]) -> None:
    for after, step in enumerate(("acknowledge", "find_valid", "write_review"), start=1):
        facts = {"route": "otherwise"} if step == "find_valid" else {}
        take(step, after, **facts)
    take(
        "uphold",
        5,
        by=Actor("u_" + "9" * 32, frozenset({"supervisor"})),
        recommendations=["apology"],
    )
    take("notify", 5)


def test_a_response_is_awaited_until_its_day_and_overdue_on_the_next(
    db: Session, reviewer: Person, take: Callable[..., Moved]
) -> None:
    upheld(db, take)
    due_on = ON + (5 + 28) * DAY
    (line,) = seen(db, reviewer, due_on).waiting
    assert (line.due and line.due.status, line.about) == ("Due today", "Recommendation: Apology")
    assert line.wait and (line.wait.whom, line.wait.since) == ("The force", ON + 5 * DAY)
    work = seen(db, reviewer, due_on + DAY)
    assert told(work) == ("overdue", "Remind the force of its response", "remind", "The force")
    (late,) = chased(db, reviewer, due_on + DAY).responses
    assert late.due and late.due.status == "Overdue by 1 day"
    assert "respond" in late.open_steps


def test_what_is_kept_on_a_case_is_work_with_its_day_or_without(
    db: Session, reviewer: Person, case: Moved, take: Callable[..., Moved]
) -> None:
    take("acknowledge", 1)
    take("request_file", 1)
    take("receive_file", 1)
    take("wait", 1, waiting_for="legal")
    letter = {
        "way": "email",
        "direction": "in",
        "with": "complainant",
        "summary": "Asks how long.",
        "next": "reply_owed",
    }
    begun = (
        ("correspondence", letter),
        ("information_request", {"kind": "foi", "asked_for": "All"}),
    )
    for kind, facts in begun:
        begin_write(db)
        workflow = ITEMS[kind]
        attempt = Attempt(workflow.begins_with.name, ON, facts, WRITER)
        items.begin_item(db, case.case, workflow, attempt, Origin("web", WRITER.token))
        db.commit()
    asked, letter_line = seen(db, reviewer, ON + DAY).ready
    assert (asked.says, asked.due and asked.due.due_on) == (
        "Answer the request for information",
        Calendar().add_working_days(ON, 20),
    )
    assert (letter_line.says, letter_line.due) == ("Answer the letter or call", None)
    assert [line.says for line in chased(db, reviewer, ON + DAY).responses] == [asked.says]


def references(lines: list[Line]) -> list[str]:
    return [line.case.row.reference for line in lines]


def test_the_chase_list_has_what_others_owe_and_nothing_that_came(
    db: Session, reviewer: Person, case: Moved, take: Callable[..., Moved]
) -> None:
    other = factories.case(db, on=ON + DAY, by=WRITER)
    assert references(chased(db, reviewer, ON + DAY).unacknowledged) == [
        case.reference,
        other.reference,
    ]
    mine = chased(db, reviewer, ON + DAY, is_mine=True)
    assert references(mine.unacknowledged) == [case.reference]
    take("acknowledge", 1)
    take("request_file", 2)
    take("chase_file", 9)
    take("chase_file", 16)
    take("receive_file", 17, extent="part")
    take("wait", 18, waiting_for="applicant")
    now = chased(db, reviewer, ON + 20 * DAY)
    (awaited,) = now.files
    assert (awaited.days, awaited.reminders, awaited.is_part_in) == (18, 2, True)
    assert (awaited.asked_on, awaited.reminded_on) == (ON + 2 * DAY, ON + 16 * DAY)
    (rests,) = now.waiting
    assert rests.wait and (rests.wait.whom, rests.wait.since) == ("The applicant", ON + 18 * DAY)
    assert references(now.unacknowledged) == [other.reference]
    take("resume", 19)
    take("receive_file", 19)
    later = chased(db, reviewer, ON + 20 * DAY)
    assert (later.files, later.waiting) == ([], [])


def test_a_case_closed_long_ago_is_no_work_however_it_ended(
    db: Session, reviewer: Person, take: Callable[..., Moved]
) -> None:
    take("find_invalid", 3)
    last = ON + (3 + 90) * DAY
    assert told(seen(db, reviewer, last))[1] == "Send the outcome and record the letter"
    assert seen(db, reviewer, last + DAY).is_empty


def test_whoever_declared_a_conflict_sees_nothing_of_the_case(
    db: Session, reviewer: Person, case: Moved, take: Callable[..., Moved]
) -> None:
    take("request_file", 2)
    take("wait", 3)
    begin_write(db)
    facts = {"person": reviewer.token, "why": "A cousin."}
    attempt = Attempt("declare_conflict", ON, facts, factories.actor(reviewer))
    items.begin_item(db, case.case, CONFLICT, attempt, Origin("web", reviewer.token))
    db.commit()
    on = ON + 30 * DAY
    work, chase = seen(db, reviewer, on), chased(db, reviewer, on)
    assert work.is_empty and not work.unassigned
    assert chase == Chase([], [], [], [])
    other = factories.person(db, "supervisor")
    assert len(chased(db, other, on).files) == 1
