"""The only place that writes the words to be found, in the transaction that records them.

A step's words are added as they are. A correction or an annulment changes what stood before,
so all that was typed on the case is then written anew from the log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, events_of
from casework.audit.items import items_in
from casework.audit.record import NewEvent
from casework.audit.versions import Version, Versions, versions_of
from casework.database import Adds
from casework.folding import folded_words
from casework.index.places import place_of, placed
from casework.models import Case, SearchEntry, SearchWords
from casework.models.base import table_of
from casework.models.search import PARTS
from workflows import WORKFLOWS
from workflows.amendments import EVENTS as AMENDMENT_EVENTS
from workflows.definition import Workflow
from workflows.history import AMENDMENTS

LONGEST_PIECE = 20_000
"""Characters of a row: a tsvector has room for the words of that many, and an excerpt is soon cut."""
FIRST_OF_FILE = 256
"""The number of the first part that comes of a file; the parts before it are what was typed."""
ABOUT = ("reference", "force_reference", "complainant_name")
"""The columns of a case whose words are found together with any other words of it."""

_ENTRIES, _WORDS, _CASES = table_of(SearchEntry), table_of(SearchWords), table_of(Case)
# Statements are built once: building one costs several times what running it does.
_ADD_ENTRIES, _ADD_WORDS = insert(_ENTRIES), insert(_WORDS)
_ABOUT = select(*(_CASES.c[name] for name in ABOUT)).where(_CASES.c.token == bindparam("of_case"))
_KEPT = select(_ENTRIES.c.id, _ENTRIES.c.file).where(_ENTRIES.c.case_token == bindparam("of_case"))
_FORGET = (
    delete(_WORDS).where(_WORDS.c.rowid == bindparam("gone")),
    delete(_ENTRIES).where(_ENTRIES.c.id == bindparam("gone")),
)
_RENAME = update(_WORDS).where(_WORDS.c.rowid == bindparam("kept"))


TextOf = Callable[[str], str]
"""The words of a kept file by its SHA-256, "" where it has none."""
Row = tuple[dict[str, Any], dict[str, Any]]
"""A row of `search_entry` and the row of `search_words` under the same number."""


@dataclass(frozen=True)
class Said:
    """Words that stand on a case: where in the log, under which heading, as written."""

    seq: int
    place: str
    text: str


@dataclass(frozen=True)
class Brought:
    """A file that stands on a case: where in the log, under which heading, its SHA-256 in hex."""

    seq: int
    place: str
    file: str


def keep_words(session: Session, workflow: Workflow, event: NewEvent, seq: int) -> None:
    """Keep the words of an event of a case just recorded at a position; its row is already there."""
    case = str(event.case)
    is_renamed = event.version not in (None, 1) and not event.texts.keys().isdisjoint(ABOUT)
    if event.action in AMENDMENT_EVENTS.values() or is_renamed:
        rewrite(session, case, events_of(session, case))
    elif event.texts:
        said = _said(workflow, seq, event.texts)
        write(session, rows_of(case, about(session, case), said))


def keep_files(
    session: Session, case: str, seq: int, kind: str, files: Iterable[str], text_of: TextOf
) -> None:
    """Keep the words of what an item of a kind brought by the event at `seq`: SHA-256 of files.

    Words brought in two kinds of file, as a letter's, are kept once: of the first that has any.
    """
    place, named = place_of(kind), about(session, case)
    write(
        session, rows_of_files(case, named, [Brought(seq, place, file) for file in files], text_of)
    )


def rewrite(session: Session, case: str, events: tuple[Event, ...]) -> None:
    """Write anew all that was typed on a case, from its events.

    Of its files, words of those that no longer stand go; the others' get the case's new names.
    """
    named, standing = about(session, case), {(b.seq, b.file) for b in files_standing(events)}
    kept = list(session.execute(_KEPT, {"of_case": case}))
    stays = [row.id for row in kept if (row.id // PARTS, row.file) in standing]
    _forget(session, [row.id for row in kept if row.id not in stays])
    if stays:
        session.execute(_RENAME, [{"kept": number, "about": named} for number in stays])
    write(session, rows_of(case, named, words_standing(events)))


def forget_case(session: Session, case: str) -> None:
    """Forget all words of a case and of its files, within the caller's write transaction."""
    _forget(session, [row.id for row in session.execute(_KEPT, {"of_case": case})])


def _forget(session: Session, numbers: Iterable[int]) -> None:
    if gone := [{"gone": number} for number in numbers]:
        for statement in _FORGET:
            session.execute(statement, gone)


def words_standing(events: tuple[Event, ...]) -> list[Said]:
    """The words of a case as its entries and those of its items leave them, in log order."""
    workflow = WORKFLOWS[events[0].stat["workflow"]]
    words = {event.seq: event.words or {} for event in events}
    lives = [(workflow, versions_of(entries(workflow, events), words))]
    lives += [(item.workflow, item.versions) for item in items_in(events)]
    found = (
        said
        for rules, versions in lives
        for seq, version in _standing(versions)
        for said in _said(rules, seq, version.texts)
    )
    return sorted(found, key=lambda said: said.seq)


def files_standing(events: tuple[Event, ...]) -> list[Brought]:
    """The files on a case as the entries of its items leave them, in log order."""
    found = []
    for item in items_in(events):
        place = place_of(item.workflow.name)
        for seq, version in _standing(item.versions):
            facts = item.workflow.steps_by_name[version.entry.step].facts
            held = (version.entry.facts.get(f.code) for f in facts if f.kind == "file")
            found += [Brought(seq, place, file) for file in held if file]
    return sorted(found, key=lambda brought: brought.seq)


def _standing(versions: Versions) -> Iterator[tuple[int, Version]]:
    for seq, version in versions.now.items():
        if version.entry.step not in AMENDMENTS and seq not in versions.annulled_by:
            yield seq, version


def _said(workflow: Workflow, seq: int, texts: Mapping[str, str]) -> list[Said]:
    # In the order in which the log keeps them, so that they read the same when written anew.
    by_place = placed(workflow.name, sorted(texts.items()))
    return [Said(seq, place, text) for place, text in by_place.items()]


def about(session: Session, case: str) -> list[str]:
    """The words that name a case, as its row has them."""
    return _named(session.execute(_ABOUT, {"of_case": case}).one())


def _named(names: Iterable[str | None]) -> list[str]:
    return folded_words(" ".join(name for name in names if name))


def write(adds: Adds, rows: Iterable[Row]) -> int:
    """Write rows within the caller's transaction; how many there were."""
    written = list(rows)
    if written:
        adds.execute(_ADD_ENTRIES, [entry for entry, _ in written])
        adds.execute(_ADD_WORDS, [words for _, words in written])
    return len(written)


def keep_all_words(adds: Adds, events: tuple[Event, ...], row: Mapping[str, Any]) -> None:
    """Keep what was typed on a case that is new with all these events, and has this row."""
    named = _named(row[name] for name in ABOUT)
    write(adds, rows_of(str(events[0].case), named, words_standing(events)))


def rows_of(
    case: str, named: list[str], said: Iterable[Said], file: str | None = None
) -> Iterator[Row]:
    """The rows that keep these words, by table; of a longer text only as many parts as an entry may have."""
    first, end = (0, FIRST_OF_FILE) if file is None else (FIRST_OF_FILE, PARTS)
    parts: dict[int, int] = {}
    for each in said:
        for body in _pieces(each.text):
            part = parts.get(each.seq, first)
            if part == end:
                break
            parts[each.seq] = part + 1
            number = each.seq * PARTS + part
            entry = {"id": number, "case_token": case, "place": each.place, "file": file}
            words = {"rowid": number, "about": named, "said": folded_words(body)}
            yield {**entry, "body": body}, words


def rows_of_files(
    case: str, named: list[str], brought: Iterable[Brought], text_of: TextOf
) -> Iterator[Row]:
    """The rows that keep the words of files: for each event, of its first that has any."""
    done = set()
    for each in brought:
        text = "" if each.seq in done else text_of(each.file)
        if text.strip():
            done.add(each.seq)
            yield from rows_of(case, named, [Said(each.seq, each.place, text)], each.file)


def _pieces(text: str) -> Iterator[str]:
    """Text that any database can keep, cut between words into pieces of a bounded length."""
    kept = text.replace("\0", " ").encode(errors="replace").decode()
    while len(kept) > LONGEST_PIECE:
        cut = max(kept.rfind(space, 0, LONGEST_PIECE) for space in " \n\t") + 1
        cut = cut or LONGEST_PIECE
        yield kept[:cut]
        kept = kept[cut:]
    if kept.strip():
        yield kept
