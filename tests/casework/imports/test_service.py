"""A register comes in whole or not at all, and only once, on both databases."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import Case
from casework.office_settings import change_settings, settings_at
from tests import factories, retention_factory
from tests.casework.imports.registers import (
    COLUMNS,
    DECIDED,
    EXAMPLES,
    INVALID,
    PLAIN,
    UPHELD,
    VALID,
    Cells,
    kept,
    office,
    register,
    taken,
)


def set_forces(session: Session, *forces: tuple[str, str]) -> None:
    begin_write(session)
    changed = replace(settings_at(session), forces=forces)
    change_settings(session, changed, role="system", origin=record.Origin("command"))
    session.commit()


@pytest.mark.parametrize(("name", "size"), [("2022-23", 53), ("2020-21", 36)])
def test_the_example_registers_come_in_once(db: Session, name: str, size: int) -> None:
    path = EXAMPLES / f"{name}.csv"
    if not path.exists():
        pytest.skip("the example registers are not here")
    first, second = taken(db, path.read_bytes()), taken(db, path.read_bytes())
    assert (first.rows, first.new, first.unchanged, first.errors) == (size, size, 0, ())
    assert (second.rows, second.new, second.unchanged, second.errors) == (size, 0, size, ())
    cohort = json.loads((EXAMPLES / f"{name}.expected.json").read_text())["cohort"]
    states = db.scalars(select(Case.state)).all()
    assert states.count("invalid") == cohort["invalid"]
    assert states.count("upheld") == cohort["upheld"]
    assert [finding for finding in verify_log(db) if not finding.holds] == []


def test_one_wrong_row_keeps_every_row_out(db: Session) -> None:
    before = kept(db)
    done = taken(db, register(DECIDED, VALID | {"reference": "CR/2", "validity": "perhaps"}))
    assert [(fault.row, fault.column) for fault in done.errors] == [(3, "validity")]
    assert kept(db) == before


def test_a_row_is_unchanged_whatever_happened_to_its_case_since(db: Session) -> None:
    taken(db, register(VALID))
    case = db.scalars(select(Case)).one()
    on = date(2022, 6, 1)
    factories.move(db, case.reference, "withdraw", on, {"withdrawal_of": "application"})
    done = taken(db, register(VALID | {"received_on": "03/05/2022", "categories": " "}))
    assert (done.unchanged, done.errors) == (1, ())
    assert db.scalars(select(Case.state)).one() == "withdrawn"


def test_a_case_that_was_erased_is_not_imported_again(db: Session) -> None:
    """Neither one that came with a register, as it stood there, nor one that was logged."""
    old = INVALID | {"received_on": "2017-05-03", "validity_on": "2017-05-09"}
    taken(db, register(old))
    logged = retention_factory.ended(db, reference="CR/2")
    for case in (db.scalars(select(Case.token).where(Case.reference == "CR/1")).one(), logged.case):
        retention_factory.erased(db, case)
    before = kept(db)
    done = taken(db, register(old, old | {"reference": "CR/2"}, old | {"reference": "CR/3"}))
    assert [(fault.row, fault.message.partition(",")[0]) for fault in done.errors] == [
        (2, "CR/1 was erased at the end of its retention"),
        (3, "CR/2 was erased at the end of its retention"),
    ]
    assert kept(db) == before


def test_other_values_under_an_imported_reference_are_refused(db: Session) -> None:
    taken(db, register(VALID))
    before = kept(db)
    (fault,) = taken(
        db, register(VALID | {"channel": "web"}, UPHELD | {"reference": "CR/2"})
    ).errors
    assert (fault.row, fault.column) == (2, "reference")
    assert kept(db) == before


def test_a_reference_of_a_case_that_was_logged_is_taken(db: Session) -> None:
    factories.case(db, reference="CR/1")
    (fault,) = taken(db, register(PLAIN)).errors
    assert "not imported" in fault.message


def test_a_force_is_given_by_code_or_name_or_left_out_when_there_is_one(db: Session) -> None:
    assert taken(db, register(PLAIN)).errors == ()
    set_forces(db, ("fen", "Fenmarch Police"), ("salt", "Saltby Constabulary"))
    rows = ("salt", "fenmarch police", "")
    done = taken(
        db,
        register(*(PLAIN | {"reference": f"F/{force}", "force": force} for force in rows), PLAIN),
    )
    assert (done.errors, done.new, done.unchanged) == ((), 3, 1)
    forces = {case.reference: case.force for case in db.scalars(select(Case))}
    assert forces == {"CR/1": "force", "F/salt": "salt", "F/fenmarch police": "fen", "F/": None}


def test_words_stay_out_of_the_log(db: Session) -> None:
    taken(db, register(PLAIN | {"complainant_name": "Zebedee", "force_reference": "CO/12/zz"}))
    for event in db.execute(select(record._EVENTS.c.body)).scalars():
        assert b"Zebedee" not in event
        assert b"zz" not in event
        assert b"CR/1" not in event
    case = db.scalars(select(Case)).one()
    assert (case.complainant_name, case.force_reference) == ("Zebedee", "CO/12/zz")


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(("", "2022-05-03", "31/12/2021", "valid", "invalid", "upheld", "otherwise")),
    st.sampled_from(("apology;notify_dpp", "A1;B4", "accepted", "3", "yes", "decided_on")),
)
ANY_ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS), max_size=4)


@pytest.mark.one_database
@given(content=st.one_of(st.binary(), st.binary().map(lambda b: b"reference,received_on\n" + b)))
def test_any_bytes_at_all_get_an_answer(content: bytes) -> None:
    with office() as session:
        done = taken(session, content)
        assert bool(done.errors) or kept(session)[1] == done.new


@pytest.mark.one_database
@given(rows=ANY_ROWS)
def test_any_cells_at_all_are_kept_whole_or_not_at_all(rows: list[dict[str, Any]]) -> None:
    based: list[Cells] = [PLAIN | row for row in rows]
    with office() as session:
        done = taken(session, register(*based))
        _, cases, imported = kept(session)
        assert cases == imported == (0 if done.errors else done.new)
        assert [finding for finding in verify_log(session) if not finding.holds] == []
