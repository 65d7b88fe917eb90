"""The published page on the log says what the log holds, and its verifier verifies it."""

import ast
import re
from datetime import date
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.bodies import FIELDS
from casework.audit.events import all_events
from casework.audit.words import TITLES
from casework.models import AuditDetail, AuditEvent
from tests import factories
from tools.make_log_tables import TABLES
from tools.marked_tables import with_tables
from workflows.amendments import EVENTS as AMENDMENTS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/audit-log.md").read_text()
TYPES = {"str": "text", "int": "number", "dict": "object", "NoneType": "null"}


def table(name: str) -> list[list[str]]:
    """The cells of a table of the page, without its heading."""
    found = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found, f"no table of {name}"
    rows = [line.strip("|").split("|") for line in found[1].splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in rows]


def test_tables_that_follow_from_the_workflows_are_up_to_date() -> None:
    """`python -m tools.make_log_tables` makes them again."""
    assert with_tables(PAGE, TABLES) == PAGE


def test_the_schema_is_the_one_that_is_checked() -> None:
    types = {
        name: " or ".join(TYPES[each.__name__] for each in allowed)
        for name, allowed in FIELDS.items()
    }
    assert {row[0].strip("`"): row[1] for row in table("fields")} == types
    assert [row[0].strip("`") for row in table("fields")] == list(FIELDS)


def recorded_actions() -> set[str]:
    """Every action that the code names when it records an event."""
    found: set[str] = set()
    for path in (ROOT / "casework").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("NewEvent"):
                found |= {action_of(argument, path) for argument in node.args[:1]}
    return found


def action_of(argument: ast.expr, path: Path) -> str:
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return str(attrgetter(ast.unparse(argument))(module))


def test_every_other_action_is_published_and_has_words() -> None:
    published = {row[0].strip("`") for row in table("others")}
    assert recorded_actions() == published
    assert published | set(AMENDMENTS.values()) == set(TITLES)


def test_the_stat_of_other_actions_is_as_published(db: Session) -> None:
    factories.person(db, "reviewer", password=factories.PASSWORD)
    published = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[1])) for row in table("others")}
    seen = {event.action: set(event.stat) for event in all_events(db, record.log_size(db))}
    assert seen == {action: published[action] for action in seen}
    assert len(seen) == 2


def test_the_verifier_on_the_page_arrives_at_the_same_root(db: Session) -> None:
    found = re.search(r"<!-- verifier -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    given: dict[str, Any] = {}
    exec(found[1], given)
    factories.person(db, "reviewer", name="Zoë Ångström")
    case = factories.case(db, complainant_name="Ms Ø", grounds="“Why?”\n\u2028 \x7f")
    factories.move(db, case.reference, "acknowledge", date(2026, 4, 2), {"note": "x"})
    rows = db.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()
    bodies = [row.body for row in rows]
    for size in range(len(bodies) + 1):
        assert given["verify"](bodies[:size]) == record.log_root(db, size)
    for detail in db.execute(select(AuditDetail)).scalars():
        assert given["holds"](bodies[detail.seq], detail.salt, detail.body)
        assert not given["holds"](bodies[detail.seq], detail.salt, detail.body + b" ")
    with pytest.raises(AssertionError, match="entry 2 does not follow"):
        given["verify"]([bodies[0], bodies[1].replace(b"received", b"reviewed"), bodies[2]])
