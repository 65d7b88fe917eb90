"""The only place that records a review with its allegations, and a decision with its words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.audit.record import Origin
from casework.items import ItemRef, StaleItem, begin_item, items_on, move_item
from casework.progress import move_case
from casework.reviews import queries
from casework.reviews.forms import AllegationRow, Decided, ReviewForm
from casework.reviews.telling_forms import RowForm, TellingForm
from casework.web.opened_case import OpenedCase
from workflows.allegation import ALLEGATION, DROP, RECORD, REVISE
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.history import EFFECTIVE_ON
from workflows.observation import OBSERVATION, OBSERVE
from workflows.recommendation import DESCRIBE, RECOMMENDATION
from workflows.telling import TELLING

FEEDBACK_GOES_TO = "professional_standards"


def write_review(
    session: Session, opened: OpenedCase, form: ReviewForm, actor: Actor, asked: Origin
) -> None:
    """Record the review, what it says of each allegation, and its learning points; all or nothing.

    Raises StepRefused, StaleCase or StaleItem; the caller commits.
    """
    case, day = opened.row.token, form.day
    move_case(session, opened.ref, Attempt(form.step.name, day, form.given(), actor), asked)
    for ref, attempt in _changes(opened, form, actor):
        if ref is None:
            begin_item(session, case, ALLEGATION, attempt, asked)
        else:
            move_item(session, ref, attempt, asked)
    for point in form.points():
        facts = {"to": FEEDBACK_GOES_TO, "point": point}
        begin_item(session, case, OBSERVATION, Attempt(OBSERVE.name, day, facts, actor), asked)


def _changes(
    opened: OpenedCase, form: ReviewForm, actor: Actor
) -> Iterator[tuple[ItemRef | None, Attempt]]:
    """What must happen to the allegations on the case for them to be as the form has them."""
    kept = {item.token: item for item in queries.allegations(opened)}
    offered = queries.rows_to_begin_with(opened)
    rows = [row for _, row in form.rows() if not _is_untouched(row, offered)]
    for token in kept.keys() - {row.item.data for row in rows}:
        yield _ref(kept[token]), Attempt(DROP.name, form.day, {}, actor)
    for row in rows:
        yield from _row_changes(kept, row, form.day, actor)


def _is_untouched(row: AllegationRow, offered: list[dict[str, Any]]) -> bool:
    """Whether a row says nothing but what the form offered: nobody wrote about an allegation."""
    said = {name: value for name, value in _plain(row).items() if value}
    return not row.item.data and (not said or said in offered)


def _row_changes(
    kept: dict[str, KeptItem], row: AllegationRow, day: date | None, actor: Actor
) -> Iterator[tuple[ItemRef | None, Attempt]]:
    record = Attempt(RECORD.name, day, row.given(), actor)
    if not row.item.data:
        yield None, record
        return
    if row.item.data not in kept or row.seen.data != str(kept[row.item.data].version):
        raise StaleItem(row.item.data)
    item = kept[row.item.data]
    before, after = queries.as_typed(item), _plain(row)
    if any(before[name] and not after[name] for name in after):
        # A revision adds and replaces; to take words away the allegation is written anew.
        yield _ref(item), Attempt(DROP.name, day, {}, actor)
        yield None, record
    elif any(before[name] != after[name] for name in after):
        yield _ref(item), replace(record, step=REVISE.name)


def _plain(row: AllegationRow) -> dict[str, str]:
    given = {name: value or "" for name, value in row.given().items()}
    return {name: value.replace("\r\n", "\n").strip() for name, value in given.items()}


def _ref(item: KeptItem) -> ItemRef:
    return ItemRef(item.token, item.case, item.workflow.name, item.standing.state, item.version)


def decide(
    session: Session, opened: OpenedCase, decided: Decided, day: date, actor: Actor, asked: Origin
) -> None:
    """Record a decision, and each of its recommendations in the words given for it.

    Raises StepRefused or StaleCase; the caller commits.
    """
    attempt = Attempt(decided.step, day, decided.facts, actor)
    moved = move_case(session, opened.ref, attempt, asked)
    made = [item for item in items_on(session, moved.case) if _is_made_by(item, moved.seq)]
    for item in made:
        words = decided.wordings.get(item.values["recommendations"])
        if words:
            described = Attempt(DESCRIBE.name, day, {"wording": words}, actor)
            move_item(session, _ref(item), described, asked)


def _is_made_by(item: KeptItem, seq: int) -> bool:
    return item.workflow is RECOMMENDATION and item.history[0].seq == seq


def record_tellings(session: Session, form: TellingForm, actor: Actor, asked: Origin) -> int:
    """Record for each row what was said of it; how many. What is wrong is put into the form.

    The caller commits, or rolls back when the form has errors.
    """
    said = [each for each in form.rows if each.how]
    for each in said:
        if each.row.done is not None:
            each.fault = f"this was recorded meanwhile ({each.row.done})."
            continue
        attempt = each.attempt(form.effective_on.data, form.letter.data or "", actor)
        try:
            begin_item(session, form.opened.row.token, TELLING, attempt, asked)
        except StepRefused as refused:
            _put(form, each, refused)
    if not said and form.owed():
        form.owed()[0].fault = "say what was done, for one of them at least."
    return len(said)


def _put(form: TellingForm, row: RowForm, refused: StepRefused) -> None:
    """A refusal at the day, which all rows share, or at the row."""
    about_day = [each for each in refused.refusals if each.fact == EFFECTIVE_ON]
    if about_day:
        form.effective_on.errors = [about_day[0].sentence]
    else:
        row.fault = refused.sentence
