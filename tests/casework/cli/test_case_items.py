"""What is kept on a case, by commands: recommendations answered, sent later, corrected, refused."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.cli.case_items import NoSuchItem, meant
from tests import factories, letter_factory
from tests.casework.cli.conftest import Action, Console
from workflows import ITEMS, WORKFLOWS

SUE = {"as": "sue@office.example", "reference": "CR/1"}
LOGGED = {"route": "otherwise", "outcome_provided_on": "2026-03-20"}


@pytest.fixture
def upheld(staffed: Console, ria: Action) -> Console:
    """An office with a case upheld on 21 April 2026 with two recommendations."""
    made = {"reasons": "x", "recommendations": ["apology", "return_property"]}
    staffed.lines(
        ria("log", "2026-04-01", set=LOGGED),
        ria("find_valid", "2026-04-03", set={"reasons": "In time."}),
        ria("write_review", "2026-04-20", set={"finding": "not_reasonable", "reasons": "No."}),
        {**SUE, "step": "uphold", "on": "2026-04-21", "set": made},
    )
    return staffed


def on_item(step: str, on: str, item: Any, **given: Any) -> dict[str, Any]:
    return {**SUE, "step": step, "on": on, "item": item, "set": given}


def recommended(office: Console) -> list[tuple[str, str | None]]:
    shown = office.json("case", "show", "CR/1")["items"]
    return [(item["state"], item["due_on"]) for item in shown if item["kind"] == "recommendation"]


@pytest.mark.one_database
def test_recommendations_by_number_and_by_token(upheld: Console) -> None:
    assert recommended(upheld) == [("made", "2026-05-19")] * 2
    later = {"kind": "reflective_practice", "wording": "Reflect on the stop."}
    answers = upheld.lines(
        on_item("respond", "2026-05-01", 2, response="accepted"),
        on_item("extend", "2026-05-02", 1, respond_by="2026-06-01", reason="Asked for it."),
        {**SUE, "step": "recommend", "on": "2026-05-05", "set": later},
    )
    assert [answer["ok"] for answer in answers] == [True] * 3
    assert recommended(upheld) == [
        ("made", "2026-06-01"),
        ("accepted", None),
        ("made", "2026-06-02"),
    ]
    token, seq = answers[0]["item"], answers[0]["seq"][0]
    listed = upheld.json("case", "steps", "CR/1", "--as", SUE["as"], "--item", token)
    assert {"respond", "copy", "implement", "lapse"} <= {each["step"] for each in listed}
    assert "remind" not in {each["step"] for each in listed}
    assert (
        "no item"
        in upheld("case", "steps", "CR/1", "--as", SUE["as"], "--item", "x", code=2).stderr
    )
    correction = {"responses": "partly_accepted", "reason": "Misread."}
    upheld.lines(
        on_item("implement", "2026-05-20", token),
        {**SUE, "step": "correct", "target": seq, "set": correction},
        {**SUE, "step": "annul", "target": answers[2]["seq"][0], "set": {"reason": "Wrong case."}},
    )
    assert recommended(upheld) == [("made", "2026-06-01"), ("implemented", None)]
    (item,) = [i for i in upheld.json("case", "show", "CR/1")["items"] if i["item"] == token]
    assert item["set"]["responses"] == "partly_accepted"


REFUSED: list[tuple[dict[str, Any], str]] = [
    (on_item("respond", "2026-05-01", 3, response="accepted"), "has no item 3"),
    (on_item("respond", "2026-05-01", 0, response="accepted"), "has no item 0"),
    (on_item("respond", "2026-05-01", "x", response="accepted"), "has no item 'x'"),
    (on_item("respond", "2026-05-01", None, response="accepted"), "Say which as “item”"),
    (on_item("respond", "2026-05-01", True, response="accepted"), "must be a whole number"),
    (on_item("respond", "2026-04-20", 1, response="accepted"), "Enter a later day"),
    (on_item("respond", "2026-05-01", 1, response="unknown"), "must be one of"),
    (on_item("implement", "2026-05-01", 1), "has not responded yet"),
    (on_item("set_aside", "2026-05-01", 1), "follows from what is recorded of the case"),
    (on_item("add", "2026-05-01", None), "begins several things"),
    (on_item("issue_letter", "2026-05-01", None), "needs a file"),
    (
        on_item("recommend", "2026-05-01", None, kind="reinvestigate", wording="Again."),
        "does not allow",
    ),
    ({**on_item("respond", "2026-05-01", 1, response="accepted"), "version": 5}, "Look at it"),
]


@pytest.mark.one_database
def test_what_cannot_be_done_to_an_item_is_said(upheld: Console) -> None:
    answers = upheld.lines(*(line for line, _ in REFUSED), code=1)
    for answer, (_, says) in zip(answers, REFUSED, strict=True):
        assert says in answer["message"]
    assert recommended(upheld) == [("made", "2026-05-19")] * 2


def test_no_step_of_a_case_begins_an_item() -> None:
    begin = {kind.begins_with.name for kind in ITEMS.values()}
    assert begin.isdisjoint(name for each in WORKFLOWS.values() for name in each.steps_by_name)


def test_what_goes_with_a_mail_or_a_file_is_done_on_its_page_alone(db: Session) -> None:
    case = factories.case(db)
    letter, paper = letter_factory.letter(db, case.case), factories.paper(db, case.case)
    for step, item in (("queue_letter", letter), ("send_letter", letter), ("replace", paper)):
        for named in (item.item, 1):
            with pytest.raises(NoSuchItem, match="only its own page can"):
                meant(db, case.case, step, named, None, None)
