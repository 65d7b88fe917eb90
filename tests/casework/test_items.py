"""What is kept on a case: begun, taken further and amended without moving the case."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casework import items
from casework.audit.events import all_events
from casework.audit.record import Origin, log_size
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.items import StaleItem, items_on
from casework.models import Case, Item
from tests import factories
from workflows.attempt import Attempt, StepRefused
from workflows.history import ANNUL, CORRECT

ON = factories.LOGGED_ON
NAME = "Wren Alderfen"


def row(db: Session) -> Item:
    db.rollback()
    (found,) = db.execute(select(Item)).scalars()
    return found


def faults(db: Session) -> list[str]:
    db.rollback()
    return [finding.sentence for finding in verify_log(db) if not finding.holds]


def test_keeping_something_on_a_case_does_not_move_the_case(db: Session) -> None:
    case = factories.case(db)
    kept = factories.item(db, case.case, "party", kind="interested", name=NAME)
    factories.move_item(db, kept.item, "change", ON, {"telephone": "01234 000000"})
    assert db.execute(select(Case.version, Case.state)).one() == (1, "received")
    factories.move(db, case.reference, "acknowledge", ON)
    assert faults(db) == []


def test_the_log_holds_codes_and_the_row_the_words(db: Session) -> None:
    case = factories.case(db)
    factories.item(db, case.case, "party", kind="interested", name=NAME)
    event = list(all_events(db, log_size(db)))[-1]
    assert (event.case, event.version, event.state) == (case.case, None, None)
    assert {k: v for k, v in event.stat.items() if "workflow" not in k} == {
        "item": row(db).token,
        "item_state": "in_case",
        "item_ver": 1,
        "kind": "interested",
    }
    kept = row(db)
    assert (kept.state, kept.kind, kept.began_on) == ("in_case", "interested", ON)
    assert kept.words == {"name": NAME}


def test_a_correction_is_as_if_it_had_always_been_so(db: Session) -> None:
    case = factories.case(db)
    kept = factories.item(db, case.case, "party", kind="interested", name="Wrenn")
    given = {"kind": "other", "name": NAME, "effective_on": ON + timedelta(1), "reason": "Misheard"}
    factories.move_item(db, kept.item, CORRECT, None, given, target=kept.seq)
    now = row(db)
    assert (now.kind, now.words, now.began_on) == ("other", {"name": NAME}, ON + timedelta(1))
    assert faults(db) == []


def test_what_was_entered_in_error_is_not_kept(db: Session) -> None:
    case = factories.case(db)
    kept = factories.item(db, case.case, "party", kind="interested", name=NAME)
    factories.move_item(db, kept.item, ANNUL, None, {"reason": "Wrong case"}, target=kept.seq)
    (item,) = items_on(db, case.case)
    assert not item.is_kept
    now = row(db)
    assert (now.state, now.words, now.version) == ("annulled", {}, 2)
    assert faults(db) == []


def test_of_two_who_change_one_item_the_second_is_told(db: Session) -> None:
    case = factories.case(db)
    kept = factories.item(db, case.case, "party", kind="interested")
    opened = items.item_ref(db, kept.item)
    assert opened
    factories.move_item(db, kept.item, "change", ON, {"name": NAME})
    begin_write(db)
    attempt = Attempt("leave", ON, {}, factories.SOMEBODY)
    with pytest.raises(StaleItem):
        items.move_item(db, opened, attempt, Origin("web", factories.SOMEBODY.token))
    db.rollback()
    assert row(db).state == "in_case"


def test_a_step_out_of_turn_is_refused_in_the_items_own_words(db: Session) -> None:
    case = factories.case(db)
    kept = factories.item(db, case.case, "party", kind="interested")
    factories.move_item(db, kept.item, "leave", ON)
    with pytest.raises(StepRefused, match="the person is then “no longer in the case”"):
        factories.move_item(db, kept.item, "change", ON, {"name": NAME})
    db.rollback()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "leave", CORRECT, ANNUL]),
        st.integers(0, 5),
        st.sampled_from(["interested", "other", "representative"]),
        st.sampled_from(["", NAME, "Zoë Ø’Hare"]),
        st.integers(0, 8),
    ),
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_rows_are_what_the_log_gives(db: Session, steps: list[Any]) -> None:
    case = factories.case(db)
    for step, days, kind, name, which in steps:
        kept = [item for item in items_on(db, case.case) if item.history]
        on, facts = ON + timedelta(days), {"kind": kind, "name": name}
        try:
            if step == "add" or not kept:
                factories.item(db, case.case, "party", on=on, **facts)
                continue
            item = kept[which % len(kept)]
            target = item.history[which % len(item.history)].seq
            if step == "leave":
                facts = {}
            if step in (CORRECT, ANNUL):
                facts = {"reason": "x", **({"kind": kind} if step == CORRECT else {})}
                factories.move_item(db, item.token, step, None, facts, target=target)
            else:
                factories.move_item(db, item.token, step, on, facts)
        except StepRefused:
            db.rollback()
    assert faults(db) == []
    told = {item.token: item.standing.state for item in items_on(db, case.case)}
    query = select(Item.token, Item.state).where(Item.case_token == case.case)
    assert {row.token: row.state for row in db.execute(query)} == told


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE item SET state = 'left'", "state is left, the log gives in_case"),
        ("UPDATE item SET kind = 'other'", "kind is other, the log gives interested"),
        ("UPDATE item SET words = '{}'", "words are not what was recorded"),
        ("UPDATE item SET version = 7", "version is 7, the log gives 1"),
        ("DELETE FROM item", "is in the log but not in the table"),
        ("UPDATE item SET token = 'i_0'", "is in the table but not in the log"),
    ],
)
def test_an_item_changed_behind_the_log_is_named(db: Session, tampering: str, told: str) -> None:
    case = factories.case(db)
    factories.item(db, case.case, "party", kind="interested", name=NAME)
    begin_write(db)
    db.execute(text(tampering))
    db.commit()
    assert any(told in sentence for sentence in faults(db)), faults(db)


def test_a_day_that_lies_ahead_is_refused_where_it_must_have_happened(db: Session) -> None:
    case = factories.case(db)
    with pytest.raises(StepRefused, match="in the future"):
        factories.item(db, case.case, "party", kind="representative", consent_on=date(2199, 1, 1))
    db.rollback()
