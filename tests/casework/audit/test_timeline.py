"""Events told as sentences: what happened, what a correction changed, what came late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.audit.events import Event
from casework.audit.timeline import Line, lines
from workflows.calendar import Calendar
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Choice, OfficeRules

RULES = OfficeRules(lists={"forces": (Choice("north", "North Police"),)})
NAMES = {"u_1": "Ada Reviewer", "u_2": "Bo Supervisor"}
FRIDAY = date(2026, 4, 3 + 7)


def event(seq: int, action: str, on: date | None = FRIDAY, **more: Any) -> Event:
    plain: dict[str, Any] = {
        "seq": seq,
        "token": f"{seq:032x}",
        "at": datetime(2026, 4, 10, 9, seq % 60, tzinfo=UTC),
        "actor": "u_1",
        "role": "reviewer",
        "action": action,
        "case": "c_1",
        "version": seq + 1,
        "state": "received",
        "via": "web",
        "effective_on": on,
        "target": None,
        "stat": {},
        "has_words": False,
    }
    return Event(**{**plain, **more})


def told(*events: Event, names: Mapping[str, str] = NAMES) -> tuple[Line, ...]:
    return lines(COMPLAINT_REVIEW, events, names, RULES)


def test_an_entry_is_told_in_the_words_of_the_definition_and_the_office() -> None:
    stat = {
        "route": "otherwise",
        "categories": ["A1", "B4"],
        "force": "north",
        "estimated": ["effective_on"],
    }
    words = {"complainant_name": "Ms Example", "reference": "CR/1"}
    (line,) = told(event(0, "logged", stat=stat, has_words=True, words=words))
    assert (line.title, line.who, line.role, line.state_label) == (
        "Application received",
        "Ada Reviewer",
        "reviewer",
        "Received",
    )
    assert line.effective_on == FRIDAY
    assert dict(line.facts) == {
        "Police force": "North Police",
        "How the force handled the complaint": "Otherwise than by investigation",
        "Allegation categories": "A1 Police action following contact; B4 Use of force",
        "Best guess, not a known day": "Day the application reached this office",
    }
    assert dict(line.texts) == {"Name": "Ms Example", "Reference": "CR/1"}


def test_codes_nobody_knows_any_more_are_shown_as_they_are_and_days_in_words() -> None:
    stat = {"force": "gone_force", "old_fact": "x", "day": "2026-10-29", "due_on": "2026-02-30"}
    (line,) = told(event(0, "logged", stat=stat, state="limbo", actor="u_9", role="old_role"))
    assert dict(line.facts) == {
        "Police force": "gone_force",
        "Old fact": "x",
        "Day": "29 October 2026",
        "Day on which it fell due": "2026-02-30",
    }
    assert (line.state_label, line.who, line.role) == ("limbo", "u_9", "old role")


def test_a_correction_shows_old_and_new_and_the_entry_shows_both_too() -> None:
    logged = event(0, "logged", stat={"route": "otherwise"})
    change = {"effective_on": "2026-04-09", "route": None}
    correction = event(
        1, "corrected", None, target=0, stat=change, has_words=True, words={"reason": "typo"}
    )
    entry, line = told(logged, correction)
    assert (entry.corrected_by, entry.effective_on, entry.facts) == (1, date(2026, 4, 9), ())
    was = ("Day the application reached this office", "10 April 2026")
    assert entry.as_entered == (
        was,
        ("How the force handled the complaint", "Otherwise than by investigation"),
    )
    assert line.title == "Corrected: Application received"
    assert line.target == 0
    assert line.changes == (
        (*was, "9 April 2026"),
        ("How the force handled the complaint", "Otherwise than by investigation", "Nothing"),
    )
    assert line.texts == (("Reason for the change", "typo"),)


def test_a_second_correction_starts_from_the_first() -> None:
    first, second = (
        event(seq, "corrected", None, target=0, stat={"effective_on": f"2026-04-0{day}"})
        for seq, day in ((1, 8), (2, 7))
    )
    entry, _, line = told(event(0, "logged"), first, second)
    assert line.changes[0][1:] == ("8 April 2026", "7 April 2026")
    assert entry.as_entered[0][1] == "10 April 2026"
    assert entry.corrected_by == 2


def test_words_are_corrected_too() -> None:
    found = event(1, "found_valid", has_words=True, words={"reasons": "In tiem."})
    words = {"reasons": "In time.", "reason": "spelling"}
    entry, line = told(found, event(2, "corrected", None, target=1, has_words=True, words=words))
    assert entry.texts == (("Reasons", "In time."),)
    assert entry.as_entered == (("Reasons", "In tiem."),)
    assert line.changes == (("Reasons", "In tiem.", "In time."),)


def test_annulled_entries_and_annulled_corrections_say_by_which_entry() -> None:
    correction = event(1, "corrected", None, target=0, stat={"effective_on": "2026-04-08"})
    undone = event(2, "annulled", None, target=1)
    gone = event(3, "annulled", None, target=0)
    logged, corrected, annulment, last = told(event(0, "logged"), correction, undone, gone)
    assert (logged.corrected_by, logged.annulled_by, logged.effective_on) == (None, 3, FRIDAY)
    assert corrected.annulled_by == 2
    assert annulment.title == "Annulled: an earlier correction"
    assert last.title == "Annulled: Application received"
    assert annulment.annulled_by is None


@pytest.mark.parametrize(
    ("effective_on", "is_late"),
    [
        (date(2026, 4, 10), False),
        (date(2026, 4, 9), False),
        (date(2026, 4, 8), True),
    ],
)
def test_entered_late_is_more_than_one_working_day_after(effective_on: date, is_late: bool) -> None:
    (line,) = told(event(0, "logged", effective_on))
    assert line.is_late is is_late


def test_lateness_counts_working_days_and_london_days() -> None:
    easter_monday_evening = datetime(2026, 4, 7, 22, 59, tzinfo=UTC)  # 23.59 on 7 April in London
    after_midnight = datetime(2026, 4, 7, 23, 0, tzinfo=UTC)  # 8 April in London
    (in_time,) = told(event(0, "logged", date(2026, 4, 2), at=easter_monday_evening))
    (late,) = told(event(0, "logged", date(2026, 4, 2), at=after_midnight))
    assert (in_time.is_late, late.is_late) == (False, True)


def test_the_offices_own_holidays_are_not_working_days() -> None:
    rules = OfficeRules(calendar=Calendar(frozenset({date(2026, 4, 9)})))
    (line,) = lines(COMPLAINT_REVIEW, [event(0, "logged", date(2026, 4, 8))], {}, rules)
    assert not line.is_late


def test_an_import_is_not_called_late() -> None:
    (line,) = told(
        event(0, "logged", date(2022, 4, 1), via="import", role="system", actor="system")
    )
    assert (line.is_late, line.who, line.role) == (False, "Casework", "the system")


def test_a_day_beyond_the_known_bank_holidays_is_still_told() -> None:
    at = datetime(2099, 4, 10, tzinfo=UTC)
    (line,) = told(event(0, "logged", date(2099, 4, 1), at=at))
    assert line.is_late


def test_erased_words_are_said_to_be_erased() -> None:
    erased, kept, without = told(
        event(0, "logged", has_words=True),
        event(1, "acknowledged", has_words=True, words={"note": "sent"}),
        event(2, "file_requested"),
    )
    assert (erased.is_erased, kept.is_erased, without.is_erased) == (True, False, False)


def test_actions_that_are_no_steps_are_told() -> None:
    setting = event(
        0,
        "setting_changed",
        None,
        case=None,
        state=None,
        stat={"setting": "sign_off", "value": "chief_executive"},
    )
    person = event(
        1,
        "person_added",
        None,
        case=None,
        state=None,
        stat={"person": "u_2", "roles": ["reviewer", "supervisor"]},
    )
    unknown = event(
        2, "kettle_boiled", None, case=None, state=None, stat={"cups": 2, "is_hot": True}
    )
    first, second, third = told(setting, person, unknown)
    assert first.title == "Office setting changed"
    assert dict(first.facts)["Setting"] == "Who signs off decisions"
    assert dict(second.facts) == {"Person": "Bo Supervisor", "Roles": "reviewer; supervisor"}
    assert (third.title, dict(third.facts)) == ("Kettle boiled", {"Cups": "2", "Is hot": "Yes"})
    assert first.step is None


def test_letters_and_exports_are_told() -> None:
    letter = event(0, "letter_taken", None, version=None, state=None, stat={"letter": "chaser"})
    stat = {"format": "csv", "rows": 3, "filters": {"state": "open", "text": True}}
    export = event(1, "list_exported", None, case=None, version=None, state=None, stat=stat)
    first, second = told(letter, export)
    assert (first.title, first.facts) == ("Letter taken", (("Letter", "Reminder about the file"),))
    assert dict(second.facts) == {
        "Format": "csv",
        "Cases in it": "3",
        "Narrowed down by": "State open; Text Yes",
    }


def test_decisions_are_marked_as_under_the_sign_off_rule() -> None:
    decided, other = told(event(0, "upheld", state="upheld"), event(1, "acknowledged"))
    assert (decided.is_decision, other.is_decision) == (True, False)
