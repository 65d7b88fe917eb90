"""Rows that do not follow from the log are named: cases, settings, people."""

import pytest
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.reconciliation.findings import settle
from tests import list_factory
from tests.casework.audit.tampering import execute, failed, past_the_triggers, rewrite

CASE_COLUMNS = {
    "state": "valid",
    "version": 9,
    "reference": "CR/9",
    "workflow_version": "9",
    "workflow_hash": "9",
    "received_on": "2026-04-01",
    "acknowledged_on": None,
    "validated_on": "2026-04-01",
    "closed_on": "2026-04-01",
    "force": "other",
    "route": "investigation",
    "waiting_for": "force",
    "assignee": "u_9",
    "force_reference": "X/1",
    "complainant_name": "Ms B",
    "complainant_email": "b@b.example",
    "complainant_address": "Elsewhere",
    "grounds": "Others",
}


@pytest.mark.parametrize("column", CASE_COLUMNS)
def test_s51_an_edited_case_is_named_with_what_differs(
    log: Session, database_url: str, column: str
) -> None:
    with past_the_triggers(database_url) as connection:
        statement = f"""UPDATE "case" SET {column} = :value WHERE reference = 'CR/1'"""
        execute(connection, statement, value=CASE_COLUMNS[column])
    found = failed(log)
    assert found.keys() == {"cases"}
    assert column in found["cases"].sentence
    assert (found["cases"].first_seq, found["cases"].last_seq) == (2, 5)
    assert "Ms " not in found["cases"].sentence


def test_s53_words_that_are_missing_beside_one_entry_hide_no_other(
    log: Session, database_url: str
) -> None:
    with past_the_triggers(database_url) as connection:
        execute(connection, "DELETE FROM audit_detail WHERE seq = 3")
        statement = """UPDATE "case" SET complainant_name = 'Ms B', reference = 'CR/9' """
        execute(connection, f"{statement} WHERE reference = 'CR/1'")
    found = failed(log)
    assert found.keys() == {"details", "cases"}
    assert "complainant_name" in found["cases"].sentence
    assert "reference" in found["cases"].sentence


def test_a_case_without_entries_and_entries_without_a_case_are_named(
    log: Session, database_url: str
) -> None:
    with past_the_triggers(database_url) as connection:
        execute(connection, """UPDATE "case" SET token = 'c_other' WHERE reference = 'CR/1'""")
    sentences = [f.sentence for f in verify_log(log) if not f.holds]
    assert any("in the table but not in the log" in sentence for sentence in sentences)
    assert any("in the log but not in the table: entries 2 to 5" in text for text in sentences)


def test_a_stated_state_that_replay_does_not_give_is_named(log: Session, database_url: str) -> None:
    with past_the_triggers(database_url) as connection:
        rewrite(connection, 3, and_hash=True, state="upheld")
    assert failed(log)["cases"].sentence.endswith(
        "is “upheld” by its entry and “received” when replayed: entry 3."
    )


def test_a_history_that_cannot_be_replayed_is_named(log: Session, database_url: str) -> None:
    with past_the_triggers(database_url) as connection:
        rewrite(connection, 3, and_hash=True, action="upheld")
    assert "cannot be replayed" in failed(log)["cases"].sentence


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE office_setting SET value = '27' WHERE since_seq = 1",
        "UPDATE office_setting SET name = 'acknowledge_target' WHERE since_seq = 1",
        "DELETE FROM office_setting WHERE since_seq = 1",
        "INSERT INTO office_setting (name, since_seq, value) VALUES ('sign_off', 2, '\"sole\"')",
    ],
)
def test_an_altered_setting_is_named(log: Session, database_url: str, statement: str) -> None:
    with past_the_triggers(database_url) as connection:
        execute(connection, statement)
    found = failed(log)
    assert found.keys() == {"settings"}
    assert found["settings"].first_seq in (1, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO person_role SELECT id, 'administrator' FROM person",
        "DELETE FROM person_role WHERE role = 'supervisor'",
        "UPDATE person SET token = 'u_other'",
    ],
)
def test_roles_nobody_gave_are_named(log: Session, database_url: str, statement: str) -> None:
    with past_the_triggers(database_url) as connection:
        execute(connection, statement)
    assert failed(log).keys() == {"people"}


@pytest.mark.one_database
@pytest.mark.parametrize("column", ["name", "email"])
def test_a_person_who_became_another_is_named(log: Session, database_url: str, column: str) -> None:
    with past_the_triggers(database_url) as connection:
        execute(connection, f"UPDATE person SET {column} = 'm@office.example'")
    assert failed(log).keys() == {"people"}


@pytest.mark.one_database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE list_check SET counts = '{\"listed\": 0}'",
        "UPDATE list_check SET to_on = '2026-02-28'",
        "UPDATE list_check SET checked_by = 'u_other'",
        "UPDATE list_check SET since_seq = 3",
        "UPDATE list_finding SET settled_as = 'listed_twice'",
        "UPDATE list_finding SET settled_as = NULL",
        "UPDATE list_finding SET settled_seq = 4",
        "UPDATE list_finding SET kind = 'uneven'",
        "UPDATE list_finding SET same_as = 'c_other'",
    ],
)
def test_an_altered_check_of_a_forces_list_is_named(
    log: Session, database_url: str, statement: str
) -> None:
    check = list_factory.checked(log, list_factory.csv_list([["F/1"]]))
    begin_write(log)
    finding = list_factory.findings_of(log, check.token)[0]
    settle(log, finding, "never_received", "", None, role="reviewer", origin=Origin("web"))
    log.commit()
    assert failed(log) == {}
    with past_the_triggers(database_url) as connection:
        execute(connection, statement)
    assert failed(log).keys() == {"lists"}
