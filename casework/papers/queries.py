"""The only place that reads the papers of a case, as their page lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.audit.words import who
from casework.files.kinds import KINDS_BY_MEDIA_TYPE, Kind
from casework.files.names import name_for
from casework.files.scan import CLEAN
from casework.models import StoredFile
from casework.web.opened_case import OpenedCase
from casework.web.step_forms import known_values
from workflows import paper as rules
from workflows.definition import Choice, Entry

_LABELS: Mapping[str, Mapping[str, str]] = {
    fact.code: {choice.code: choice.label for choice in fact.choices}
    for fact in (rules.KIND, rules.ORIGIN, rules.PLACE)
    if isinstance(fact.choices, tuple)
}


@dataclass(frozen=True)
class VersionShown:
    """One file of a paper: where in the log it came, its number from 1, and what is known of it."""

    seq: int
    number: int
    came_on: date
    brought_by: str
    note: str
    saved_as: str
    stored: StoredFile

    @property
    def kind(self) -> Kind:
        """What the file is."""
        return KINDS_BY_MEDIA_TYPE[self.stored.media_type]

    @property
    def is_scanned(self) -> bool:
        """Whether a virus scanner found nothing in it."""
        return self.stored.scan == CLEAN


@dataclass(frozen=True)
class Viewing:
    """Once somebody viewed a paper that is held elsewhere: who, when, which part."""

    viewed_on: date
    viewer: str
    part: str
    note: str


@dataclass(frozen=True)
class PaperShown:
    """A paper as its page tells of it, the newest version first."""

    item: KeptItem
    versions: tuple[VersionShown, ...]
    viewings: tuple[Viewing, ...]

    @property
    def token(self) -> str:
        """Its own token."""
        return self.item.token

    @property
    def name(self) -> str:
        """What it is called; its kind where its name was erased."""
        return self.item.words.get(rules.NAME.name) or self.label_of(rules.KIND.code)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the office knows of it but does not have it."""
        return self.item.standing.state == rules.ELSEWHERE

    @property
    def dated_on(self) -> date | None:
        """The day that is written on it."""
        day: date | None = self.item.values.get(rules.DATED_ON.code)
        return day

    @property
    def marks(self) -> list[Choice]:
        """What to mind before anything of it is disclosed."""
        known = known_values(rules.PAPER, self.item.standing, rules.DESCRIBE)
        marked = known.get(rules.MARKED.name, ())
        return [choice for choice in rules.MARKS if choice.code in marked]

    def label_of(self, code: str) -> str:
        """The words for its kind, origin or place; empty where that is not known."""
        return _LABELS[code].get(self.item.values.get(code, ""), "")


def papers_of(session: Session, opened: OpenedCase) -> list[PaperShown]:
    """The papers on a case, in the order of their days; those without one last."""
    kept = opened.kept(rules.PAPER.name)
    stored = _stored(session, kept)
    shown = [_shown(opened, item, stored) for item in kept]
    return sorted(shown, key=lambda paper: (paper.dated_on or date.max, paper.item.began_on))


def version_of(
    session: Session, opened: OpenedCase, token: str, seq: int
) -> tuple[PaperShown, VersionShown] | None:
    """A paper of the case and the version that came at a position in the log; None without one."""
    found = (
        (paper, version)
        for paper in papers_of(session, opened)
        for version in paper.versions
        if (paper.token, version.seq) == (token, seq)
    )
    return next(found, None)


def _stored(session: Session, kept: Iterable[KeptItem]) -> dict[str, StoredFile]:
    hashes = {entry.facts[rules.FILE.code] for item in kept for entry in _bringing(item)}
    found = session.scalars(select(StoredFile).where(StoredFile.sha256.in_(hashes)))
    return {file.sha256: file for file in found}


def _bringing(item: KeptItem) -> list[Entry]:
    return [entry for entry in item.standing.entries if rules.FILE.code in entry.facts]


def _shown(opened: OpenedCase, item: KeptItem, stored: Mapping[str, StoredFile]) -> PaperShown:
    name = item.words.get(rules.NAME.name, "")
    versions = tuple(
        _version(opened, item, entry, number, stored[entry.facts[rules.FILE.code]], name)
        for number, entry in enumerate(_bringing(item), start=1)
    )
    viewings = tuple(
        Viewing(
            entry.effective_on,
            _person(opened, entry.facts[rules.VIEWER.code]),
            _text(item, entry, rules.PART_VIEWED.name),
            _text(item, entry, rules.NOTE.name),
        )
        for entry in item.standing.entries
        if entry.step == rules.VIEW.name
    )
    return PaperShown(item, versions[::-1], viewings)


def _version(
    opened: OpenedCase, item: KeptItem, entry: Entry, number: int, stored: StoredFile, name: str
) -> VersionShown:
    reference = opened.row.reference.replace("/", "-")
    which = f" version {number}" if number > 1 else ""
    return VersionShown(
        entry.seq,
        number,
        entry.effective_on,
        _brought_by(opened, item, entry),
        _text(item, entry, rules.NOTE.name),
        name_for(f"{reference} {name}{which}", KINDS_BY_MEDIA_TYPE[stored.media_type]),
        stored,
    )


def _text(item: KeptItem, entry: Entry, name: str) -> str:
    texts: Mapping[str, Any] = item.versions.now[entry.seq].texts
    return str(texts.get(name) or "")


def _brought_by(opened: OpenedCase, item: KeptItem, entry: Entry) -> str:
    role = next(event.role for event in item.events if event.seq == entry.seq)
    return who(entry.actor, opened.names, role)


def _person(opened: OpenedCase, token: str) -> str:
    return who(token, opened.names)
