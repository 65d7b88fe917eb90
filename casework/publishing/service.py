"""The one door through which a report to be published changes: each function is a step of its life.

The engine judges every step by what the log has of the report, whoever calls: a page or a command.
Each function works within the caller's write transaction, on the version its page was opened on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.events import PINNED
from casework.documents.parts import unfinished
from casework.files.store import note
from casework.letters.rendering import printable
from casework.models import Person, Publication
from casework.models.base import table_of
from casework.publishing.counting import Counted, content_hash, is_second
from casework.publishing.history import (
    FIGURES,
    PUBLICATION_TOKEN,
    WORDS,
    history_of,
    published_last_before,
)
from casework.publishing.kinds import title_of
from casework.publishing.pack import Pack, words_as_text
from workflows import publication as life
from workflows.attempt import Attempt, StepRefused
from workflows.calendar import financial_year_of, in_words
from workflows.definition import Actor, Choice, Entry, OfficeRules
from workflows.engine import take_step
from workflows.facts import LONGEST_TEXT, stat_of
from workflows.publication import PUBLICATION

_TABLE = table_of(Publication)
_PINNED = dict(
    zip(PINNED, (PUBLICATION.name, PUBLICATION.version, PUBLICATION.content_hash), strict=True)
)


_USED = (
    "This form was sent before, for something else, so nothing was changed now. Read the page again; "
    "to do this as well, send it again."
)


class StalePublication(Exception):
    """Somebody else changed the report since its page was opened; nothing was changed."""


@dataclass(frozen=True)
class Who:
    """Who takes a step, and where it came from."""

    actor: Actor
    origin: record.Origin


@dataclass(frozen=True)
class _Change:
    """What a step writes beside what the engine says: to its event, its words and the row."""

    stat: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    row: Mapping[str, Any] = field(default_factory=dict)


def begin(
    session: Session, token: str, counted: Counted, words: Mapping[str, str], who: Who
) -> None:
    """Begin a draft with its figures and first words, under a token that its form brought.

    So the form sent twice begins one; sent with something else in it, it is refused, naming the
    draft that it has begun. Raises StepRefused.
    """
    basis = _basis_of(counted)
    if (begun := session.get(Publication, token)) is not None:
        if all(getattr(begun, name) == value for name, value in basis.items()):
            return
        raise StepRefused.because(
            f"This form has drafted “{title_of(begun.kind, begun.from_on, begun.to_on)}” already, "
            f"as at {in_words(begun.status_on)}. Nothing was drafted now. To draft this report as "
            "well, send the form again."
        )
    attempt = Attempt(life.DRAFT_REPORT.name, clock.today(), basis, who.actor)
    change = _Change({**counted.fixed_by, **_PINNED})
    _, state = _recorded(session, token, (), attempt, change, who)
    row = {**_counted_columns(counted), "words": _clean(words), "written_by": [who.actor.token]}
    session.add(Publication(token=token, version=1, **row, **_changed(state, who)))
    session.flush()


def count_again(
    session: Session,
    row: Publication,
    version: int,
    counted: Counted,
    words: Mapping[str, str],
    prefilled: Mapping[str, str],
    who: Who,
) -> None:
    """Put a draft on the figures of the log as it is now, and who does among its writers.

    Nobody is struck off them of whose words any may be left: only when all are those `prefilled`
    is who counts the one writer. What was approved is a draft again. Raises StalePublication,
    StepRefused.
    """
    attempt = Attempt(life.DRAFT_REPORT.name, clock.today(), _basis_of(counted), who.actor)
    kept, written_by = _clean(words), {who.actor.token}
    if kept != _clean(prefilled):
        written_by |= {*row.written_by}
    columns = {"words": kept, "written_by": sorted(written_by)}
    change = _Change(counted.fixed_by, row={**_counted_columns(counted), **columns})
    _take(session, row, version, attempt, change, who)


def save_words(
    session: Session, row: Publication, version: int, words: Mapping[str, str], who: Who
) -> None:
    """Keep the words as they were edited; what was approved with other words is a draft again.

    Nothing happens when they say the same. Raises StalePublication, StepRefused.
    """
    typed = _clean(words)
    if typed == row.words and row.state in (life.DRAFT, life.APPROVED):
        return
    columns = {"words": typed, "written_by": sorted({*row.written_by, who.actor.token})}
    if row.state == life.APPROVED:
        facts = {"why": life.CHANGED}
        attempt = Attempt(life.RETURN.name, clock.today(), facts, who.actor)
        _take(session, row, version, attempt, _Change(row=columns), who)
        return
    if row.state != life.DRAFT:
        raise StalePublication(row.token)
    _write(session, row, version, {**columns, **_changed(row.state, who)})


def approve(session: Session, row: Publication, version: int, content: str, who: Who) -> None:
    """Approve exactly what was seen: `content` is its hash. Raises StalePublication, StepRefused."""
    if content != content_of(row):
        raise StalePublication(row.token)
    if missing := unfinished(row.words):
        raise StepRefused.because(
            f"Some of its words are still to be written: {'; '.join(missing)}. Complete them first."
        )
    _take(session, row, version, approval(row, who.actor), _Change(), who)


def approval(row: Publication, actor: Actor) -> Attempt:
    """The step by which somebody approves a report as it is now."""
    facts = {"content": content_of(row), "written_by": row.written_by}
    return Attempt(life.APPROVE.name, clock.today(), facts, actor)


def publishing(row: Publication, actor: Actor) -> Attempt:
    """The step by which somebody publishes a report, before its files are made.

    Any hash stands for theirs, as no rule looks at them.
    """
    files = dict.fromkeys(life.FORMATS, row.figures)
    facts = {"number": 1, "content": content_of(row), **files}
    return Attempt(life.PUBLISH.name, clock.today(), facts, actor)


def send_back(session: Session, row: Publication, version: int, reason: str, who: Who) -> None:
    """Give a report back to who drafted it. Raises StalePublication, StepRefused."""
    facts = {"why": life.SENT_BACK, "reason": reason}
    attempt = Attempt(life.RETURN.name, clock.today(), facts, who.actor)
    _take(session, row, version, attempt, _Change(), who)


def drop(session: Session, row: Publication, version: int, reason: str, who: Who) -> None:
    """Give a report up; nobody takes it any further. Raises StalePublication, StepRefused."""
    attempt = Attempt(life.DROP.name, clock.today(), {"reason": reason}, who.actor)
    _take(session, row, version, attempt, _Change(), who)


def publish(session: Session, row: Publication, version: int, pack: Pack, who: Who) -> None:
    """Publish what was approved, as its files were made before this transaction began.

    Raises StalePublication, StepRefused, also when another report took the number meanwhile.
    """
    if row.version == version and (differ := other_figures(row, pack.counted)):
        raise StepRefused.because(differ)
    if pack.content != content_of(row):
        raise StalePublication(row.token)
    if is_second(session, row):
        raise StepRefused.because(
            "Another annual report of this year was published since these figures were counted, and "
            "breaks by personal characteristics are published once. Nothing was published. Count "
            "the figures again."
        )
    year = financial_year_of(pack.on).label
    if pack.number != next_number(session, year):
        raise StepRefused.because(
            "Another report was published meanwhile and has the number that this one was to have. "
            "Nothing was published. Send the form again: it gets the next number."
        )
    for kept in pack.files.values():
        note(session, kept)
    made = {form: kept.sha256 for form, kept in pack.files.items()}
    facts = {"number": pack.number, "content": pack.content, **made}
    attempt = Attempt(life.PUBLISH.name, pack.on, facts, who.actor)
    told = {
        "report_before": published_last_before(session, record.log_size(session)),
        "earlier": pack.recounted.earlier or 0,
        "earlier_table": pack.recounted.table,
        "earlier_told_in": pack.recounted.told_in,
    }
    fixed = {**_basis_as_stat(pack.counted), **pack.counted.fixed_by}
    stat = {**fixed, **told}
    texts = {FIGURES: pack.counted.figures.decode(), WORDS: words_as_text(row.words)}
    columns = {"year": year, "number": pack.number, "published_on": pack.on}
    _take(session, row, version, attempt, _Change(stat, texts, columns), who)


def countersigning(figures: str, actor: Actor) -> Attempt:
    """The step by which somebody countersigns a report just counted again, to this SHA-256, hex."""
    return Attempt(life.COUNTERSIGN.name, clock.today(), {"figures": figures}, actor)


def countersign(session: Session, row: Publication, version: int, figures: str, who: Who) -> None:
    """Record that a published report was counted again: what came out is what was published.

    Raises StalePublication, StepRefused.
    """
    _take(session, row, version, countersigning(figures, who.actor), _Change(), who)


def other_figures(row: Publication, counted: Counted) -> str | None:
    """Why nobody takes a report further whose own figures are counted otherwise; None if the same."""
    if counted.digest == row.figures:
        return None
    return (
        f"Counted again from the same {row.log_size:,} recorded actions, this report has other "
        "figures than it was drafted with. Nobody changed the report: the record, the table of "
        "reports or the software gives something else. It is not approved or published like this. "
        "Ask the administrator to run “casework audit verify”; if the record holds, count again."
    )


def refusal(session: Session, row: Publication, attempt: Attempt) -> str | None:
    """Why somebody may not take this step now, None when they may; nothing is written."""
    try:
        take_step(
            PUBLICATION, history_of(session, row.token), attempt, _rules(session), clock.today()
        )
    except StepRefused as refused:
        return refused.sentence
    return None


def content_of(row: Publication) -> str:
    """The SHA-256, hex, of what there is to approve."""
    return content_hash(row.kind, row.figures, row.words)


def next_number(session: Session, year: str) -> int:
    """The number that the next report published in a financial year gets."""
    last = session.execute(select(func.max(_TABLE.c.number)).where(_TABLE.c.year == year)).scalar()
    return 1 + (last or 0)


def _take(
    session: Session,
    row: Publication,
    version: int,
    attempt: Attempt,
    change: _Change,
    who: Who,
) -> None:
    if row.version != version:
        raise StalePublication(row.token)
    history = history_of(session, row.token)
    seq, state = _recorded(session, row.token, history, attempt, change, who)
    since = {"since_seq": seq} if attempt.step == life.PUBLISH.name else {}
    _write(session, row, version, {**change.row, **since, **_changed(state, who)})


def _recorded(
    session: Session,
    token: str,
    history: tuple[Entry, ...],
    attempt: Attempt,
    change: _Change,
    who: Who,
) -> tuple[int, str]:
    """Where the event of a step is in the log, and the state that it leads to."""
    if record.is_recorded(session, who.origin.req):
        raise StepRefused.because(_USED)
    move = take_step(PUBLICATION, history, attempt, _rules(session), clock.today())
    event = record.NewEvent(
        action=move.action,
        role=move.role,
        effective_on=move.effective_on,
        stat={**stat_of(move), **change.stat, PUBLICATION_TOKEN: token},
        texts={**move.texts, **change.texts},
    )
    return record.append(session, event, who.origin).seq, move.after.state


def _write(session: Session, row: Publication, version: int, columns: Mapping[str, Any]) -> None:
    change = update(_TABLE).where(_TABLE.c.token == row.token, _TABLE.c.version == version)
    written = session.execute(change.values(version=version + 1, **columns))
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise StalePublication(row.token)
    session.expire(row)


def _changed(state: str, who: Who) -> dict[str, Any]:
    return {"state": state, "changed_by": who.actor.token, "changed_at": clock.now()}


def _basis_of(counted: Counted) -> dict[str, Any]:
    report = counted.report
    period = report.whole.period
    days = {"from_on": period.from_on, "to_on": period.to_on, "status_on": report.status_on}
    return {"kind": counted.kind, **days}


def _basis_as_stat(counted: Counted) -> dict[str, str]:
    return {name: str(value) for name, value in _basis_of(counted).items()}


def _counted_columns(counted: Counted) -> dict[str, Any]:
    fixed = {name: value for name, value in counted.fixed_by.items() if name != "log_root"}
    return {**_basis_of(counted), **fixed}


def _rules(session: Session) -> OfficeRules:
    """The office's people: also those who left, as words may still be theirs."""
    people = session.execute(select(Person.token, Person.name))
    return OfficeRules(lists={"people": tuple(Choice(token, name) for token, name in people)})


def _clean(words: Mapping[str, str]) -> dict[str, str]:
    """Words as they can be printed, hashed and kept. Raises StepRefused when a part is too long."""
    cleaned = {name: normalize("NFC", printable(text)).strip() for name, text in words.items()}
    for name, text in cleaned.items():
        if len(text) > LONGEST_TEXT:
            raise StepRefused.because(f"Write {LONGEST_TEXT:,} characters or fewer.", name)
    return cleaned
