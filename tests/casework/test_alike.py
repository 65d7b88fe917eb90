"""Cases alike are found as a plain comparison of everything with everything finds them."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.alike import MOST, Alike, Signs, alike_of, alike_to
from casework.models import Case
from tests import factories
from tests.factories import LOGGED_ON

# For each sign the ways in which the same is written; what stands in different rows differs.
WAYS: dict[str, list[list[str]]] = {
    "force_reference": [["CO/00123/26", "co 123 26", "CO12326"], ["CO/124/26"], ["", "n/a"]],
    "complainant_email": [["Jo@Example.org", "jo@example.org"], ["sam@example.org"], [""]],
    "complainant_telephone": [["01632 960001", "+44 1632 960001"], ["01632 960002"], [""]],
    "complainant_name": [["Jo Wren", "WREN, Jo"], ["Sam Rail"], [""]],
    "complainant_address": [["1 Fen Lane FM1 2AB", "Fen Lane, fm12ab"], ["2 Fen Lane"], [""]],
    "force": [["force"], [""]],
}
MISTAKE = {"reason": "Entered on the wrong case."}
CODES = {
    "force_reference": "same_reference",
    "complainant_email": "same_email",
    "complainant_telephone": "same_telephone",
}


def some(chance: Random) -> tuple[dict[str, int], dict[str, str]]:
    """An application as which row of each sign it has, and as it is typed."""
    rows = {name: chance.choice((0, 0, 1, -1, -1, -1)) % len(ways) for name, ways in WAYS.items()}
    return rows, {name: chance.choice(WAYS[name][row]) for name, row in rows.items()}


def expected(one: dict[str, int], two: dict[str, int]) -> list[str]:
    """In what two applications are alike, said by their rows alone; the last row is nothing."""

    def same(name: str) -> bool:
        return one[name] == two[name] != len(WAYS[name]) - 1

    why = [code for name, code in CODES.items() if same(name)]
    if same("complainant_name") and same("complainant_address"):
        why.append("same_name_and_address")
    return why


def told(found: tuple[Alike, ...]) -> dict[str, list[str]]:
    return {each.token: list(each.why) for each in found}


def test_what_is_alike_is_what_a_plain_comparison_finds(db: Session) -> None:
    chance, person = Random(20261122), factories.person(db)
    rows: dict[str, dict[str, int]] = {}
    for _ in range(24):
        row, typed = some(chance)
        known: dict[str, Any] = {name: words for name, words in typed.items() if words}
        rows[factories.case(db, **{"force": "", **known}).case] = row
    order = list(rows)[::-1]
    found = alike_of(db, list(rows), person.token)
    for token, row in rows.items():
        others = {other: expected(row, rows[other]) for other in order if other != token}
        alike = [(other, why) for other, why in others.items() if why]
        assert list(told(found[token]).items()) == alike[:MOST]
    for _ in range(20):
        row, typed = some(chance)
        alike = [(other, why) for other in order if (why := expected(row, rows[other]))]
        assert list(told(alike_to(db, Signs.of(typed), person.token)).items()) == alike[:MOST]


def test_forces_use_the_same_numbers(db: Session) -> None:
    person = factories.person(db)
    made = factories.case(db, force="force", force_reference="CO/1/26")
    for force, count in (("force", 1), ("", 1), (None, 1), ("another", 0)):
        signs = Signs.of({"force": force, "force_reference": "co 1/26"})
        assert len(alike_to(db, signs, person.token)) == count
    assert alike_of(db, [made.case, "c_unknown"], person.token) == {made.case: (), "c_unknown": ()}


def test_only_what_stands_and_may_be_seen_is_told_and_a_decision_is_named(db: Session) -> None:
    writer, other = factories.person(db, "reviewer"), factories.person(db, "supervisor")
    same: dict[str, Any] = {"force_reference": "CO/7/26"}
    mistaken, hidden, decided = (factories.case(db, **same) for _ in range(3))
    factories.move(db, mistaken.reference, "annul", None, MISTAKE, target=mistaken.seq)
    factories.item(db, hidden.case, "conflict", by=writer, person=writer.token, why="A friend")
    reached = {"review_body": "lpb", "reasons": "In time."}
    factories.move(db, decided.reference, "find_valid", LOGGED_ON, reached)
    review = {"finding": "reasonable", "reasons": "It is."}
    factories.move(db, decided.reference, "write_review", LOGGED_ON, review, by=writer)
    factories.move(db, decided.reference, "not_uphold", LOGGED_ON, {"reasons": "So."}, by=other)
    signs = Signs.of(same)
    assert {each.token for each in alike_to(db, signs, other.token)} == {decided.case, hidden.case}
    (only,) = alike_to(db, signs, writer.token)
    assert (only.token, only.was_decided, only.in_words) == (
        decided.case,
        True,
        "same force reference",
    )


def test_keys_follow_what_is_corrected_and_annulled(db: Session) -> None:
    """And the case's row keeps them in step, as its verification asks for."""
    moved = factories.case(db, force_reference="CO/1/26", complainant_name="Jo Wren")
    said = {"complainant_telephone": "01632 960001", "force_reference": "CO/2/26"}
    added = factories.move(db, moved.reference, "complete_application", LOGGED_ON, said)
    assert keys_of(db, moved.case) == ("co226", "jo wren", "1632960001")
    factories.move(db, moved.reference, "annul", None, MISTAKE, target=added.seq)
    assert keys_of(db, moved.case) == ("co126", "jo wren", None)


def keys_of(db: Session, token: str) -> tuple[Any, ...]:
    kept = (Case.reference_key, Case.name_key, Case.telephone_key)
    db.rollback()
    return tuple(db.execute(select(*kept).where(Case.token == token)).one())


def test_many_who_share_an_address_cost_no_more_than_a_few(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.person(db)
    compared: list[Signs] = []

    def asked(queue: list[str]) -> dict[str, tuple[Alike, ...]]:
        compared.clear()
        return alike_of(db, queue, person.token)

    def counted(*known: Any) -> Signs:
        compared.append(Signs(*known))
        return compared[-1]

    monkeypatch.setattr("casework.alike.Signs", counted)
    made = [
        factories.case(db, complainant_email="advice@example.org").case for _ in range(4 * MOST)
    ]
    few, many = made[:3], made[: 2 * MOST]
    for queue in (few, many):
        found = asked(queue)
        assert len(compared) <= len(queue) + MOST + 1
        for token in queue:
            others = [other for other in reversed(made) if other != token]
            assert [each.token for each in found[token]] == others[:MOST]
