"""A case by commands: the same steps, rules and refusals as on its pages."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import all_events
from casework.cli.case_lines import LONGEST_LINE
from tests.casework.cli.conftest import Action, Console
from workflows import WORKFLOWS

LOGGED = {"route": "otherwise", "outcome_provided_on": "2026-03-20", "complainant_name": "Zebedee"}


def test_a_life_from_log_to_letter(staffed: Console, ria: Action) -> None:
    sue = {"as": "sue@office.example", "reference": "CR/1"}
    answers = staffed.lines(
        ria("log", "2026-04-01", set=LOGGED),
        ria("acknowledge", "2026-04-02"),
        "",
        ria("assign", "2026-04-02", set={"assignee": "Ria@Office.example"}),
        ria("find_valid", "2026-04-03", set={"reasons": "In time."}),
        ria("write_review", "2026-04-20", set={"finding": "not_reasonable", "reasons": "No."}),
        {
            **sue,
            "step": "uphold",
            "on": "2026-04-21",
            "set": {"reasons": "x", "recommendations": ["apology"]},
        },
        ria("notify", "2026-04-22", set={"told": ["complainant"]}),
    )
    assert [answer["ok"] for answer in answers] == [True] * 7
    assert [answer["line"] for answer in answers] == [1, 2, 4, 5, 6, 7, 8]
    assert [answer["seq"] for answer in answers] == [[seq] for seq in range(3, 10)]
    shown = staffed.json("case", "show", "CR/1")
    assert (shown["state"], shown["closed_on"]) == ("upheld", "2026-04-21")
    assert shown["assignee"] == "ria@office.example"
    assert shown["complainant_name"] == "Zebedee"
    assert [entry["step"] for entry in shown["entries"]][-2:] == ["uphold", "notify"]
    assert {entry["via"] for entry in shown["entries"]} == {"command"}
    text = staffed("case", "show", "CR/1").stdout
    assert "CR/1: Upheld" in text
    assert "Apology" in text


def test_the_office_gives_the_reference_and_says_which(staffed: Console, ria: Action) -> None:
    action = ria("log", "2026-04-01")
    del action["reference"]
    first, second = staffed.lines(action, action)
    assert (first["reference"], second["reference"]) == ("CR/2026-27/001", "CR/2026-27/002")
    assert first.keys() == {"line", "ok", "seq", "reference"}


def test_corrections_and_annulments(staffed: Console, ria: Action) -> None:
    (logged, acknowledged) = staffed.lines(
        ria("log", "2026-04-01"), ria("acknowledge", "2026-04-09")
    )
    day = {"effective_on": "2026-04-08", "reason": "Misread."}
    answers = staffed.lines(
        ria("correct", target=acknowledged["seq"][0], set=day),
        ria("annul", target=acknowledged["seq"][0], set={"reason": "Wrong case."}),
        ria("annul", "2026-04-09", target=logged["seq"][0], set={"reason": "x"}),
        ria("correct", target=10**6, set=day),
        code=1,
    )
    assert [answer["ok"] for answer in answers] == [True, True, False, False]
    shown = staffed.json("case", "show", "CR/1")
    assert shown["acknowledged_on"] is None
    assert shown["entries"][1]["corrected_by"] == answers[0]["seq"][0]
    assert shown["entries"][1]["annulled_by"] == answers[1]["seq"][0]


def test_steps_are_those_open_to_the_person(staffed: Console, ria: Action) -> None:
    def open_to(name: str) -> dict[str, Any]:
        listed = staffed.json("case", "steps", "CR/1", "--as", f"{name}@office.example")
        return {step["step"]: step for step in listed}

    staffed.lines(ria("log", "2026-04-01"))
    found = open_to("ria")
    assert list(found) == [
        name
        for name, step in WORKFLOWS["complaint_review"].steps_by_name.items()
        if step.leads_from("received") and name not in ("resume", "decide_time")
    ]
    assert open_to("pam") == {}
    (reason, *_) = [f for f in found["find_invalid"]["facts"] if f["name"] == "reason"]
    assert (reason["kind"], reason["required"]) == ("choice", True)
    assert "out_of_time" in reason["choices"]
    (assignee, _) = found["assign"]["facts"]
    assert set(assignee["choices"]) == {f"{n}@office.example" for n in ("ria", "sue")}
    text = staffed("case", "steps", "CR/1", "--as", "ria@office.example").stdout
    assert "find_invalid: Find the application invalid" in text


def test_a_writer_is_told_why_somebody_else_decides(staffed: Console, ria: Action) -> None:
    staffed.lines(
        ria("log", "2026-04-01", set={"outcome_provided_on": "2026-03-20"}),
        ria("find_valid", "2026-04-03", set={"reasons": "In time."}),
        ria("write_review", "2026-04-20", set={"finding": "reasonable", "reasons": "Yes."}),
    )
    names = [s["step"] for s in staffed.json("case", "steps", "CR/1", "--as", "ria@office.example")]
    assert "uphold" not in names
    text = staffed("case", "steps", "CR/1", "--as", "ria@office.example").stdout
    assert "uphold: not open." in text
    (refused,) = staffed.lines(ria("uphold", "2026-04-21", set={"reasons": "x"}), code=1)
    assert "second person" in refused["message"]
    supervisor = staffed.json("case", "steps", "CR/1", "--as", "sue@office.example")
    (uphold,) = [step for step in supervisor if step["step"] == "uphold"]
    assert "responses" not in [fact["name"] for fact in uphold["facts"]]


def test_a_line_seen_on_an_older_version_is_refused(staffed: Console, ria: Action) -> None:
    answers = staffed.lines(
        ria("log", "2026-04-01"),
        ria("acknowledge", "2026-04-02", version=1),
        ria("chase_file", "2026-04-02", version=1),
        code=1,
    )
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert "CR/1" in answers[2]["message"]


TWICE = (
    '{"as":"ria@office.example","reference":"CR/1",%s"step":"acknowledge","on":"2026-04-02",'
    '"set":{%s}}'
)
REFUSED: list[tuple[str, dict[str, Any] | str, str]] = [
    ("no JSON", "garbage", "not JSON"),
    ("no object", "[]", "not a JSON object"),
    ("a key too many", {"mood": "x"}, "There is no key 'mood'"),
    ("nobody", {"as": ""}, "“as”"),
    ("a stranger", {"as": "x@office.example"}, "Nobody signs in"),
    ("a number for a name", {"as": 7}, "“as”"),
    ("no step", {"step": None}, "“step”"),
    ("an unknown step", {"step": "dance"}, "no step called 'dance'"),
    ("no reference", {"reference": None}, "“reference”"),
    ("an unknown reference", {"reference": "CR/9"}, "no case 'CR/9'"),
    ("a NUL in it", {"reference": "CR/\0"}, "“reference”"),
    ("a long reference", {"step": "log", "reference": "x" * 61}, "60 characters"),
    ("a taken reference", {"step": "log"}, "already a case CR/1"),
    ("no day", {"on": None}, "Enter the day"),
    ("no real day", {"on": "2026-02-30"}, "real day"),
    ("a day as a number", {"on": 20260403}, "real day"),
    ("a day in another form", {"on": "20260403"}, "real day"),
    ("a day to come", {"on": "2199-01-01"}, "in the future"),
    ("facts as a list", {"set": []}, "JSON object"),
    ("an unknown fact", {"set": {"mood": "x"}}, "mood"),
    ("a key said twice", TWICE % ('"step":"chase_file",', ""), "'step' is there twice"),
    ("a fact said twice", TWICE % ("", '"note":"a","note":"b"'), "'note' is there twice"),
    ("objects without end", TWICE % ("", '"note":' + '{"a":' * 1_000 + "1" + "}" * 1_000), "deep"),
    ("a fact of another kind", {"set": {"note": 7}}, "Note"),
    ("a target that is no number", {"step": "annul", "on": None, "target": "4"}, "“target”"),
    ("a huge target", {"step": "annul", "on": None, "target": 2**63}, "“target”"),
    ("a version that is none", {"version": True}, "“version”"),
    ("a day for a correction", {"step": "correct", "target": 3}, "Leave “on” out"),
    (
        "somebody who sees no case to assign",
        {"step": "assign", "set": {"assignee": "pam@office.example"}},
        "Who will work on it must be one of",
    ),
    ("somebody unknown to assign", {"step": "assign", "set": {"assignee": "x"}}, "Nobody signs in"),
    ("not hers to decide", {"step": "uphold"}, "not possible"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("change", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_line_that_cannot_be_is_refused_and_the_next_is_taken(
    staffed: Console, ria: Action, change: dict[str, Any] | str, said: str
) -> None:
    staffed.lines(ria("log", "2026-04-01"))
    wrong = change if isinstance(change, str) else {**ria("acknowledge", "2026-04-02"), **change}
    refused, taken = staffed.lines(wrong, ria("acknowledge", "2026-04-02"), code=1)
    assert refused["ok"] is False
    assert taken == {"line": 2, "ok": True, "seq": [4]}
    if said != "not possible":
        assert said in refused["message"]


@pytest.mark.one_database
def test_a_line_too_long_to_read_is_refused_alone(staffed: Console, ria: Action) -> None:
    long = "{" + "x" * (3 * LONGEST_LINE)
    answers = staffed.lines(long, ria("log", "2026-04-01"), code=1)
    assert [(answer["line"], answer["ok"]) for answer in answers] == [(1, False), (2, True)]


@pytest.mark.one_database
def test_a_mark_of_byte_order_and_nothing_are_fine(staffed: Console) -> None:
    assert staffed("case", "apply", "-", stdin=b"").stdout == ""
    assert staffed("case", "apply", "-", stdin=b"\xef\xbb\xbf \n\n").stdout == ""


def test_each_line_is_a_commit_of_its_own(staffed: Console, ria: Action, db: Session) -> None:
    staffed.lines(ria("log", "2026-04-01"), "{}", ria("acknowledge", "2026-04-02"), code=1)
    events = list(all_events(db, record.log_size(db)))
    assert [event.action for event in events[-2:]] == ["logged", "acknowledged"]
    assert events[-1].actor.startswith("u_")
