"""Whom a case is shown, against a plain account of what was done to it."""

from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Case, Person
from casework.permissions import sight, visible_to
from casework.progress import Moved
from tests import factories
from tests.factories import LOGGED_ON
from workflows.attempt import StepRefused

BACK = {"reasons": "A point is open.", "return_by": LOGGED_ON}
DEEDS = ("assign", "instruct", "go_on", "go_on", "keep", "restrict", "restrict", "lift")


class Told:
    """What was done to one case, told plainly: who has it, what was asked of whom, who is kept out.

    `named` are those who may see it, None for everybody whose roles let them.
    """

    def __init__(self, case: Moved) -> None:
        self.case = case
        self.assignee = ""
        self.asked: dict[str, tuple[str, str]] = {}
        self.conflicts: dict[str, str] = {}
        self.restriction = ""
        self.named: set[str] | None = None

    def is_seen_by(self, token: str, *, sees_all: bool) -> bool:
        is_asked = any(
            who == token and state in ("instructed", "returned")
            for who, state in self.asked.values()
        )
        is_given = sees_all or self.assignee == token or is_asked
        is_kept_from = self.named is not None and token not in self.named
        return is_given and not is_kept_from and token not in self.conflicts.values()


def act(db: Session, chance: Random, told: Told, people: list[Person], chief: Person) -> None:
    """Do one thing to a case at random; what the rules refuse changes nothing."""
    person = chance.choice(people)
    try:
        _act(db, chance, told, person, people, chief)
    except StepRefused:
        db.rollback()


def _act(
    db: Session, chance: Random, told: Told, person: Person, people: list[Person], chief: Person
) -> None:
    token, what = told.case.case, chance.choice(DEEDS)
    if what == "assign":
        to = {"assignee": person.token}
        factories.move(db, told.case.reference, "assign", LOGGED_ON, to, by=chief)
        told.assignee = person.token
    elif what == "instruct" and "contractor" in person.role_names:
        made = factories.instruction(db, token, person, by=chief)
        told.asked[made.item] = (person.token, "instructed")
    elif what == "go_on" and told.asked:
        item = chance.choice(list(told.asked))
        who, _ = told.asked[item]
        step, facts = chance.choice(
            [
                ("return_work", {}),
                ("accept_work", {}),
                ("send_back", BACK),
                ("cancel_instruction", {}),
            ]
        )
        moved = factories.move_item(db, item, step, LOGGED_ON, facts, by=chief)
        told.asked[item] = (who, moved.state)
    elif what == "keep" and person.token not in told.conflicts.values():
        given: dict[str, Any] = {"person": person.token, "why": "A cousin."}
        made = factories.item(db, token, "conflict", by=chief, **given)
        told.conflicts[made.item] = person.token
    elif what == "keep":
        item = next(item for item, who in told.conflicts.items() if who == person.token)
        factories.move_item(db, item, "end_conflict", LOGGED_ON, {"why_ended": "Over."}, by=chief)
        del told.conflicts[item]
    elif what in ("restrict", "lift"):
        _restrict(db, chance, told, people, chief, what)


def _restrict(
    db: Session, chance: Random, told: Told, people: list[Person], chief: Person, what: str
) -> None:
    named = {chief.token, *(person.token for person in people if chance.random() < 0.6)}
    facts: dict[str, Any] = {"people": sorted(named), "why": "Well known."}
    if not told.restriction:
        made = factories.item(db, told.case.case, "restriction", by=chief, **facts)
        told.restriction, told.named = made.item, named
    elif what == "restrict":
        factories.move_item(db, told.restriction, "name_readers", LOGGED_ON, facts, by=chief)
        told.named = named
    else:
        over = {"why_lifted": "Over."}
        step = "lift_case_restriction"
        factories.move_item(db, told.restriction, step, LOGGED_ON, over, by=chief)
        told.restriction, told.named = "", None


def test_whom_the_database_lets_see_is_whom_a_plain_account_lets_see(db: Session) -> None:
    chance, chief = Random(50), factories.person(db, "supervisor", "chief_executive")
    roles = ("contractor", "contractor", "reviewer", "auditor", "casework_administrator")
    people = [factories.person(db, role) for role in roles]
    watched = [*people, chief, factories.person(db, "administrator")]
    office = [Told(factories.case(db)) for _ in range(3)]
    seen = set()
    for _ in range(50):
        act(db, chance, chance.choice(office), people, chief)
        for person in watched:
            role = min(person.role_names)
            expected = {
                told.case.case: "by_role" if told.named is None else "by_name"
                for told in office
                if told.is_seen_by(
                    person.token, sees_all=role not in ("contractor", "administrator")
                )
            }
            query = select(Case.token).where(visible_to(person.token))
            assert set(db.scalars(query)) == expected.keys()
            case = chance.choice(office).case.case
            assert sight(db, person.token, case) == expected.get(case)
            seen.add((role, len(expected)))
    assert {("contractor", 0), ("contractor", 2), ("reviewer", 3), ("reviewer", 1)} <= seen
    assert {("auditor", 3), ("auditor", 2)} <= seen
