"""A link is told to those who may see both cases: nobody else reads its words on the one they see."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.items import ItemMoved
from casework.models import Person
from casework.progress import Moved
from casework.search.asking import terms_of
from casework.search.queries import Asked, find
from tests import factories
from tests.casework.cases.pages import Page
from tests.factories import LOGGED_ON
from workflows.link import LINK

HIDDEN, OTHER, NOTE = "HIDDEN/1", "OTHER/1", "Canaryworth"
SAID = "It tells of another case, which you may not see."
HEARD: dict[str, Any] = {
    "way": "letter",
    "direction": "in",
    "with": "complainant",
    "summary": NOTE,
    "next": "reply_owed",
}
PAGES = ((), ("timeline",), ("trail",), ("trail?order=log",))

KeepOut = Callable[[Session, Moved, Moved], Person]


def by_conflict(db: Session, hidden: Moved, seen: Moved) -> Person:
    """Who has declared a conflict with the hidden case."""
    kept_out = factories.person(db, "chief_executive")
    factories.item(db, hidden.case, "conflict", by=kept_out, person=kept_out.token, why="A cousin.")
    return kept_out


def by_not_being_asked(db: Session, hidden: Moved, seen: Moved) -> Person:
    """A contractor who was given the other cases."""
    kept_out = factories.person(db, "contractor")
    for given in (seen.reference, OTHER):
        factories.move(db, given, "assign", LOGGED_ON, {"assignee": kept_out.token})
    return kept_out


def linked(db: Session) -> tuple[Moved, Moved, list[ItemMoved]]:
    """The case that is hidden, the one that is seen, and the links kept on it.

    One bore the hidden case's reference until it was corrected, one is ended, one leads elsewhere.
    """
    hidden, other = factories.case(db, reference=HIDDEN), factories.case(db, reference=OTHER)
    seen, by = factories.case(db, reference="SEEN/1"), factories.person(db)

    def link(to: Moved, note: str) -> ItemMoved:
        facts: dict[str, Any] = {"kind": "together", "reference": to.reference, "note": note}
        return factories.item(db, seen.case, "link", by=by, **facts)

    ended, corrected, elsewhere = link(hidden, NOTE), link(hidden, NOTE), link(other, "Openly")
    why = {"why": f"Not {NOTE}"}
    factories.move_item(db, ended.item, "unlink_case", LOGGED_ON, why, by=by)
    change = {"reference": other.reference, "reason": f"Not {HIDDEN}"}
    factories.move_item(db, corrected.item, "correct", None, change, by=by, target=corrected.seq)
    return hidden, seen, [ended, corrected, elsewhere]


def read(client: FlaskClient, moved: Moved) -> list[str]:
    return [Page.get(client, "/".join((f"/cases/{moved.case}", *more))).words for more in PAGES]


@pytest.mark.one_database
@pytest.mark.parametrize("keep_out", [by_conflict, by_not_being_asked])
def test_no_page_tells_of_the_other_case(app: Flask, db: Session, keep_out: KeepOut) -> None:
    hidden, seen, links = linked(db)
    client = factories.sign_in(app.test_client(), keep_out(db, hidden, seen))
    everybody = factories.sign_in(app.test_client(), factories.person(db, "supervisor"))
    for words in read(client, seen):
        assert HIDDEN not in words
        assert NOTE not in words
    _, timeline, trail, log = read(client, seen)
    assert OTHER in timeline
    assert timeline.count(SAID) == trail.count(SAID) == log.count(SAID) == 4
    for words in read(everybody, seen)[1:]:
        assert HIDDEN in words
        assert NOTE in words
        assert SAID not in words
    assert HIDDEN not in client.get("/trail").text
    asked = Page.get(client, f"/cases/{seen.case}/timeline").tree.xpath("//main//a/@href")
    assert not [href for href in asked for link in links[:2] if link.item in href]


@pytest.mark.one_database
@pytest.mark.parametrize("keep_out", [by_conflict, by_not_being_asked])
def test_no_page_of_the_link_is_there(app: Flask, db: Session, keep_out: KeepOut) -> None:
    hidden, seen, (ended, _, elsewhere) = linked(db)
    client = factories.sign_in(app.test_client(), keep_out(db, hidden, seen))

    def answers(link: ItemMoved) -> set[int]:
        kept = f"/cases/{seen.case}/items/{link.item}"
        steps = [f"{kept}/steps/{step.name}" for step in LINK.steps[1:]]
        amend = [f"{kept}/entries/{link.seq}/{how}" for how in ("correct", "annul")]
        return {
            answer.status_code
            for page in (*steps, *amend)
            for answer in (client.get(page), factories.post(client, page, version="0"))
        }

    assert answers(ended) == {404}
    assert 404 not in answers(elsewhere)


@pytest.mark.parametrize("keep_out", [by_conflict, by_not_being_asked])
def test_a_search_does_not_find_the_words_of_the_link(db: Session, keep_out: KeepOut) -> None:
    hidden, seen, _ = linked(db)
    kept_out, other = keep_out(db, hidden, seen), factories.person(db)

    def found(words: str, person: Person) -> Iterable[str]:
        return {case.token for case in find(db, Asked(terms_of(words)), person.token).cases}

    assert found(NOTE, kept_out) == found(HIDDEN, kept_out) == set()
    assert found(NOTE, other) == {seen.case}
    assert found(HIDDEN, other) == {hidden.case, seen.case}
    factories.item(db, seen.case, "correspondence", on=LOGGED_ON, **HEARD)
    assert found(NOTE, kept_out) == {seen.case}
