"""Cases that come in together leave what they would have left step by step, and take no more memory."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock, progress
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.imports.checking import check_register, with_force
from casework.imports.checks import fill
from casework.imports.rows import read_register
from casework.imports.service import import_register
from casework.imports.steps import plan
from casework.models import AuditDetail, AuditEvent, Case, Item, Milestone, SearchEntry, SearchWords
from casework.office_rules import office_rules
from tests.casework.imports.registers import Cells, office, register, rows

pytestmark = pytest.mark.one_database

OF_CHANCE = ("id", "at", "prev", "req", "part", "detail_commit")
TABLES = (Case, Milestone, Item, SearchEntry, SearchWords)


def step_by_step(session: Session, content: bytes) -> None:
    """Import a register through the door that pages use, one step after another."""
    rules = office_rules(session)
    for row in read_register(BytesIO(content), clock.today()):
        steps = [planned.attempt for planned in plan(fill(with_force(row, rules)))]
        moved = progress.begin_case(session, steps[0], Origin("import"), reference=row.reference)
        for attempt in steps[1:]:
            case = progress.case_ref(session, moved.reference)
            assert case is not None
            moved = progress.move_case(session, case, attempt, Origin("import"))


def together(session: Session, content: bytes) -> None:
    """Import a register as the importer does."""
    import_register(session, BytesIO(content))


def left_by(importer: Callable[[Session, bytes], None], content: bytes) -> dict[str, Any]:
    """All that an import leaves in an empty office, but for what is drawn by chance."""
    with office() as session:
        begin_write(session)
        importer(session, content)
        session.commit()
        assert [finding for finding in verify_log(session) if not finding.holds] == []
        bodies = [json.loads(body) for body in session.scalars(select(AuditEvent.body))]
        names = {
            token: f"{body['seq']}.{name}"
            for body in bodies
            for name, token in (("case", body["case"]), ("event", body["id"]))
            if name == "event" or body["ver"] == 1
        }
        log = [{name: body[name] for name in body if name not in OF_CHANCE} for body in bodies]
        tables: dict[str, Any] = {
            model.__tablename__: sorted(
                repr(
                    [value for column, value in row._mapping.items() if (model, column) not in OWN]
                )
                for row in session.execute(select(model.__table__))
            )
            for model in TABLES
        }
        words = session.execute(select(AuditDetail.seq, AuditDetail.body)).all()
        told = json.dumps({**tables, "log": log, "words": sorted(map(repr, words))})
        for token, name in names.items():
            told = told.replace(token, name)
        found: dict[str, Any] = json.loads(told)
        return {name: sorted(value, key=repr) for name, value in found.items()}


OWN = {(Case, "id"), (Milestone, "id"), (Item, "id")}
"""Numbers of rows, which say nothing."""


@settings(max_examples=6)
@given(st.data())
def test_a_register_leaves_what_its_steps_would_one_by_one(data: Any) -> None:
    drawn: list[Cells] = [
        data.draw(rows(f"CR/{number}")) for number in range(data.draw(st.integers(1, 3)))
    ]
    content = register(*drawn)
    assert left_by(together, content) == left_by(step_by_step, content)


def peak(session: Session, count: int) -> int:
    """The most bytes that checking a register of so many rows took at once."""
    lines = (f"CR/{number},2022-05-03,otherwise\n" for number in range(count))
    file = BytesIO(("reference,received_on,route\n" + "".join(lines)).encode())
    gc.collect()
    tracemalloc.start()
    try:
        assert check_register(session, file).new == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_checking_more_rows_takes_no_more_than_their_references(empty: Session) -> None:
    peak(empty, 20)  # what is made once
    few, many = peak(empty, 250), peak(empty, 650)  # more than are looked up at once
    assert many - few < 400 * 400  # a row that was kept would take more than twice that
