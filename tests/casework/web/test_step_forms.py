"""A step's form asks for what its definition says, and gives back exactly what was typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from casework.web.step_forms import StepForm, asked, known_values, only_choices
from workflows import WORKFLOWS
from workflows.categories import CATEGORIES
from workflows.definition import Choice, Entry, Fact, OfficeRules, Refusal, Standing, Step
from workflows.facts import read_facts
from workflows.history import EFFECTIVE_ON

pytestmark = pytest.mark.one_database

TODAY = date(2026, 11, 22)
FORCES = (Choice("fen", "Fenmarch"), Choice("salt", "Saltby"))
PEOPLE = tuple(Choice(f"u_{number}", f"Person {number}") for number in range(9))
OFFICE = OfficeRules(lists={"forces": FORCES, "people": PEOPLE})
REVIEW = WORKFLOWS["complaint_review"]
STEPS = {step.name: step for step in REVIEW.steps}


@contextmanager
def posted(app: Flask, fields: Any, step: Step, **more: Any) -> Iterator[StepForm]:
    with app.test_request_context("/", method="POST", data=fields):
        yield StepForm.of(step, OFFICE, TODAY, **more)


def boxes(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def typed(values: Mapping[str, Any]) -> MultiDict[str, str]:
    """Values as a browser posts them."""
    fields: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        if isinstance(value, date):
            fields.update(boxes(name, value))
        elif isinstance(value, bool):
            fields.update({name: "y"} if value else {})
        elif isinstance(value, list):
            fields.setlist(name, value)
        else:
            fields[name] = str(value)
    return fields


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    codes = [choice.code for choice in OFFICE.choices_of(fact)]
    return {
        "day": st.dates(date(2015, 1, 1), TODAY),
        "text": st.text(
            st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=60
        ).filter(lambda text: bool(text.strip())),
        "choice": st.sampled_from(codes),
        "choices": st.lists(st.sampled_from(codes), unique=True),
        "flag": st.booleans(),
        "number": st.integers(0, 9999),
    }[fact.kind]


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_form_gives_is_what_was_typed(app: Flask, data: st.DataObject) -> None:
    """For any step and any facts: typed into the form they are read as if given by a script."""
    step = data.draw(st.sampled_from(REVIEW.steps))
    facts = asked(step)
    given_facts = {
        fact.name: data.draw(values_of(fact), fact.name)
        for fact in facts
        if fact.required or data.draw(st.booleans())
    }
    expected = read_facts(step, given_facts, OFFICE, TODAY, is_strict=True)
    fields = typed({EFFECTIVE_ON: TODAY, **given_facts})
    with posted(app, fields, step) as form:
        assert form.is_readable(), form.error_list()
        assert form.day == TODAY
        assert read_facts(step, form.given(), OFFICE, TODAY, is_strict=True) == expected


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "11", "2026", "must be a real day, such as 27 3 2026."),
        ("29", "2", "2026", "must be a real day, such as 27 3 2026."),
        ("1", "Foo", "2026", "must be a real day, such as 27 3 2026."),
        ("1", "²", "2026", "must be a real day, such as 27 3 2026."),
        ("1", "", "2026", "must include a month."),
        ("1", "", "", "must include a month and a year."),
        ("1", "4", "26", "must have a year of four figures, such as 2026."),
    ],
)
def test_a_wrong_day_is_said_at_its_field_and_kept(
    app: Flask, day: str, month: str, year: str, sentence: str
) -> None:
    fields = {
        f"{EFFECTIVE_ON}-day": day,
        f"{EFFECTIVE_ON}-month": month,
        f"{EFFECTIVE_ON}-year": year,
    }
    with posted(app, fields, STEPS["acknowledge"]) as form:
        assert not form.is_readable()
        assert form.error_list() == [
            {"text": f"Day the acknowledgement was sent {sentence}", "href": "#effective_on-day"}
        ]
        assert form[EFFECTIVE_ON].typed == {"day": day, "month": month, "year": year}


@pytest.mark.parametrize("month", ["4", "04", "April", "apr"])
def test_months_may_be_named(app: Flask, month: str) -> None:
    fields = {"effective_on-day": "03", "effective_on-month": month, "effective_on-year": "2026"}
    with posted(app, fields, STEPS["acknowledge"]) as form:
        assert form.day == date(2026, 4, 3)


def test_every_fault_is_said_at_once_in_the_order_of_the_page(app: Flask) -> None:
    fields = {
        **boxes(EFFECTIVE_ON, date(2027, 1, 1)),
        **boxes("outcome_provided_on", date(2027, 2, 2)),
    }
    with posted(app, fields, STEPS["find_invalid"]) as form:
        assert not form.is_readable()
        assert [error["href"] for error in form.error_list()] == [
            "#effective_on-day",
            "#reason",
            "#outcome_provided_on-day",
            "#reasons",
        ]


def test_a_refusal_about_nothing_on_the_form_is_still_said(app: Flask) -> None:
    with posted(app, boxes(EFFECTIVE_ON, TODAY), STEPS["acknowledge"]) as form:
        form.refuse([Refusal("Ask a supervisor.", "nowhere"), Refusal("The note is odd.", "note")])
        assert form.error_list() == [
            {"text": "Ask a supervisor."},
            {"text": "The note is odd.", "href": "#note"},
        ]


def test_what_only_registers_know_is_not_asked() -> None:
    assert "responses" not in {fact.name for fact in asked(STEPS["uphold"])}
    assert "recommendations" in {fact.name for fact in asked(STEPS["uphold"])}


def test_no_fact_hides_a_part_of_the_form() -> None:
    """A fact named like something a form has would replace it."""
    parts = {
        *dir(StepForm),
        "step",
        "office",
        "today",
        "has_day",
        "general_errors",
        "settled",
        EFFECTIVE_ON,
    }
    named = {
        name for step in REVIEW.steps for fact in step.facts for name in (fact.name, fact.code)
    }
    assert named & parts == set()


def test_sixty_categories_stand_in_groups_each_once(app: Flask) -> None:
    with posted(app, {}, STEPS["log"]) as form:
        (shown,) = (
            each
            for _, fields in form.sections()
            for each in fields
            if each.fact.name == "categories"
        )
    assert [group.head.code for group in shown.groups] == list("ABCDEFGHJKL")
    flat = [choice for group in shown.groups for choice in (group.head, *group.finer)]
    assert flat == list(CATEGORIES)


def test_long_lists_of_the_office_are_a_select_that_begins_unchosen(app: Flask) -> None:
    with app.test_request_context("/"):
        form = StepForm.of(STEPS["assign"], OFFICE, TODAY)
        ((_, (assignee, _note)),) = form.sections()
        assert assignee.is_select
        assert assignee.choices[0].code == ""
        reasons = StepForm.of(STEPS["find_invalid"], OFFICE, TODAY).sections()[0][1][0]
        assert not reasons.is_select


def entry(seq: int, step: str, **facts: Any) -> Entry:
    return Entry(seq, step, date(2026, 4, seq), facts, "u_1")


def test_forms_begin_with_what_the_case_knows_and_no_later_step_ended(app: Flask) -> None:
    entries = (
        entry(1, "log", route="otherwise", outcome_provided_on=date(2026, 3, 1), force="fen"),
        entry(2, "wait", waiting_for="force"),
        entry(3, "find_valid", review_body="lpb", categories=("A1",)),
        entry(4, "write_review", finding="not_reasonable", route="investigation"),
        entry(5, "uphold", recommendations=("apology",), observations=2),
        entry(6, "reopen", reopen_reason="quashed"),
    )
    standing = Standing("valid", entries)

    def known(name: str, at: Standing = standing) -> dict[str, Any]:
        return known_values(REVIEW, at, STEPS[name])

    assert known("find_invalid") == {
        "route": "investigation",
        "outcome_provided_on": date(2026, 3, 1),
        "review_body": "lpb",
    }
    assert known("wait") == {}  # the decision ended the waiting
    assert known("wait", replace(standing, entries=entries[:2])) == {"waiting_for": "force"}
    assert known("uphold") == {}  # set aside, so decided anew
    assert known("reopen") == {}
    with app.test_request_context("/"):
        form = StepForm.of(STEPS["find_invalid"], OFFICE, TODAY, prefill=known("find_invalid"))
        assert form["outcome_provided_on"].typed == {"day": "1", "month": "3", "year": "2026"}
        assert form["route"].data == "investigation"
        assert form.day == TODAY


def test_what_the_case_knows_is_not_offered_as_unknown(app: Flask) -> None:
    with app.test_request_context("/"):
        for settled, codes in (
            ((), ["otherwise", "investigation", ""]),
            (("route",), ["otherwise", "investigation"]),
        ):
            form = StepForm.of(STEPS["find_valid"], OFFICE, TODAY, settled=settled)
            shown = {each.fact.name: each for _, fields in form.sections() for each in fields}
            assert [choice.code for choice in shown["route"].choices] == codes
            assert shown["review_body"].choices[-1].code == ""


def test_a_box_that_was_emptied_stays_empty(app: Flask) -> None:
    known = {
        "route": "investigation",
        "outcome_provided_on": date(2026, 3, 1),
        "categories": ("A1",),
    }
    with posted(app, boxes(EFFECTIVE_ON, TODAY), STEPS["find_valid"], prefill=known) as form:
        assert form.given()["outcome_provided_on"] is None
        assert not form.given()["route"]
        assert not form.given()["categories"]


def test_a_list_of_one_leaves_no_choice() -> None:
    one = OfficeRules(lists={"forces": FORCES[:1]})
    assert only_choices(STEPS["log"], one) == {"force": "fen"}
    assert only_choices(STEPS["log"], OFFICE) == {}


def test_what_was_typed_can_be_told_in_words(app: Flask) -> None:
    given_facts = {"reason": "quashed", "explanation": "The court said so."}
    with posted(app, typed({EFFECTIVE_ON: TODAY, **given_facts}), STEPS["reopen"]) as form:
        assert form.typed() == [
            ("Day it was reopened", "22 November 2026"),
            ("Why the case is reopened", "The decision was quashed on judicial review"),
            ("What happened", "The court said so."),
        ]
