"""What is kept on a case, on its pages: cards, tabs, flags, links, and what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.models import Person
from casework.web.case_tabs import TABS, kinds_on
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.cases.states import ON, WRITER, case_in, url
from tests.databases import statements
from workflows import ITEMS
from workflows.attempt import StepRefused

LETTER: dict[str, Any] = {
    "way": "letter",
    "direction": "in",
    "with": "complainant",
    "summary": "Asks <b>again</b> & again.",
    "next": "reply_owed",
}
CLAIM: dict[str, Any] = {"from": "solicitor"}
RISK: dict[str, Any] = {"at_risk": "child", "risk": "Alone at night."}


def cards(page: Page) -> dict[str, str]:
    """The words of each card of a page, by its title."""
    found = page.tree.xpath("//div[contains(@class, 'app-card')]")
    words = [" ".join(card.text_content().split()) for card in found]
    titles = [card.find(".//h3").text.strip() for card in found]
    return dict(zip(titles, words, strict=True))


@pytest.mark.one_database
def test_every_kind_has_one_page_of_the_case(app: Flask) -> None:
    found = [kind.name for tab in TABS for kind in kinds_on(tab.endpoint)]
    assert sorted(found) == sorted(ITEMS)
    assert {tab.endpoint for tab in TABS} <= app.view_functions.keys()


def test_a_later_letter_comes_to_a_closed_case_and_is_answered(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    case = case_in(db, "not_upheld", supervisor)
    kept = factories.item(
        db, case.case, "correspondence", on=ON, reply_by=ON + timedelta(days=9), **LETTER
    )
    page = Page.get(visitor, url(case, "correspondence"))
    card = cards(page)["Letter"]
    assert "To be answered by this office" in card and "Asks <b>again</b> & again." in card
    assert "Record the answer" in card and "Overdue" in card
    assert "Letter, call or meeting: Letter" in Page.get(visitor, url(case)).words
    factories.move_item(db, kept.item, "answer_correspondence", ON, {"answer": "No."})
    card = cards(Page.get(visitor, url(case, "correspondence")))["Letter"]
    assert "On file" in card and "Answered" in card and "Record the answer" not in card
    assert "Overdue" not in card


def test_a_card_tells_what_was_corrected_and_nothing_annulled(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    case = case_in(db, "received", supervisor)
    kept = factories.item(
        db, case.case, "party", kind="interested", name="Wren", email="a@b.example"
    )
    wrong = factories.move_item(db, kept.item, "change", ON, {"name": "Not Wren"})
    factories.move_item(db, kept.item, "annul", None, {"reason": "A slip"}, target=wrong.seq)
    changed = {"email": "c@d.example", "reason": "A slip"}
    factories.move_item(db, kept.item, "correct", None, changed, target=kept.seq)
    page = Page.get(visitor, url(case, "people"))
    card = cards(page)["Interested person"]
    assert "c@d.example" in card and "Wren" in card
    assert "Not Wren" not in card and "a@b.example" not in card
    told = Page.get(visitor, url(case, "timeline")).words
    assert "Annulled" in told and "Not Wren" in told


def test_a_flag_stands_until_it_ends_and_says_whom_was_told(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    case = case_in(db, "received", supervisor)
    kept = factories.item(db, case.case, "safeguarding", on=ON, **RISK)
    factories.move_item(db, kept.item, "tell_of_risk", ON, {"told": "police", "name": "Control"})

    def flags(*parts: str) -> list[str]:
        found = Page.get(visitor, url(case, *parts)).tree.xpath("//*[@class='app-flag']")
        return [" ".join(each.text_content().split()) for each in found]

    (flag,) = flags("papers")
    for words in ("Safeguarding", "Alone at night.", "999 or the control room", "Control"):
        assert words in flag
    factories.item(db, case.case, "pre_action", on=ON, **CLAIM)
    assert "destroy nothing of this case" in flags("steps", "acknowledge")[1]
    factories.move_item(db, kept.item, "end_risk", ON, {"why_ended": "Moved."})
    assert ["destroy nothing" in flag for flag in flags()] == [True]


def test_a_link_is_shown_on_both_cases_to_whoever_may_see_both(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    one, two = (factories.case(db, by=WRITER) for _ in range(2))
    writer = factories.person(db)
    with pytest.raises(StepRefused, match="no case “X/1” that you may see"):
        factories.item(db, one.case, "link", kind="together", reference="X/1", by=writer)
    link = factories.item(db, one.case, "link", kind="together", reference=two.reference, by=writer)

    def linked(case: Any) -> list[str]:
        tree = Page.get(visitor, url(case)).tree
        return [each.text for each in tree.xpath("//ul[contains(@class, 'app-linked')]/li/a")]

    assert (linked(one), linked(two)) == ([two.reference], [one.reference])
    conflict = factories.item(
        db, two.case, "conflict", person=supervisor.token, why="A cousin.", by=supervisor
    )
    assert linked(one) == []
    with pytest.raises(StepRefused, match="that you may see"):
        factories.item(db, one.case, "link", kind="earlier", reference=two.reference, by=supervisor)
    chief = factories.person(db, "chief_executive")
    factories.move_item(db, conflict.item, "end_conflict", ON, {"why_ended": "None."}, by=chief)
    factories.move_item(db, link.item, "unlink_case", ON)
    assert (linked(one), linked(two)) == ([], [])


def test_many_things_cost_no_more_statements_than_one(
    app: Flask, db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    case, other = case_in(db, "valid", supervisor), factories.case(db)

    def keep() -> None:
        factories.item(db, case.case, "party", kind="interested")
        factories.item(db, case.case, "correspondence", on=ON, **LETTER)
        factories.item(db, case.case, "safeguarding", on=ON, **RISK)
        factories.item(
            db, case.case, "link", kind="together", reference=other.reference, by=supervisor
        )

    def counted() -> list[int]:
        found = []
        for parts in ((), ("people",), ("correspondence",), ("timeline",)):
            visitor.get(url(case, *parts))
            with statements(app) as seen:
                assert visitor.get(url(case, *parts)).status_code == 200
            found.append(len(seen))
        return found

    keep()
    one = counted()
    keep()
    keep()
    assert counted() == one
    assert max(one) <= 20
