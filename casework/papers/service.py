"""The only place that puts papers on a case, in the transaction that records them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from casework.audit.record import NewEvent, Origin
from casework.files.names import stem_of
from casework.files.store import note
from casework.index.entries import keep_files
from casework.items import ItemMoved, ItemRef, begin_item, move_item
from casework.papers.queries import VersionShown
from casework.web.files import files
from casework.web.uploads import Upload
from workflows.attempt import Attempt
from workflows.paper import FILE, NAME, PAPER

DOWNLOADED = "paper_downloaded"


def name_of(typed: str, upload: Upload, *, is_alone: bool) -> str:
    """What a paper is called: as typed, else as its file; of several, each as its file too."""
    own = stem_of(upload.name)
    if not typed.strip():
        return own
    return typed if is_alone else f"{typed.strip()}: {own}"


def add(
    session: Session, case: str, uploads: Sequence[Upload], attempt: Attempt, origin: Origin
) -> None:
    """Add a paper for each file; each is found by its own words from then on."""
    typed = attempt.facts.get(NAME.name) or ""
    for upload in uploads:
        name = name_of(typed, upload, is_alone=len(uploads) == 1)
        facts = {**attempt.facts, FILE.name: upload.kept.sha256, NAME.name: name}
        note(session, upload.kept)
        moved = begin_item(session, case, PAPER, replace(attempt, facts=facts), origin)
        _let_be_found(session, moved, upload)


def add_version(
    session: Session, paper: ItemRef, upload: Upload, attempt: Attempt, origin: Origin
) -> None:
    """Put a new version beside what there is of a paper."""
    note(session, upload.kept)
    _let_be_found(session, move_item(session, paper, attempt, origin), upload)


def _let_be_found(session: Session, moved: ItemMoved, upload: Upload) -> None:
    brought = [upload.kept.sha256]
    keep_files(session, moved.case, moved.seq, PAPER.name, brought, files().text)


def handing_over(
    case: str, paper: str, version: VersionShown, role: str, *, shown: bool
) -> NewEvent:
    """The event that somebody was shown a file, or took it away."""
    stat = {"paper": paper, "file": version.stored.sha256, "is_shown": shown}
    return NewEvent(DOWNLOADED, role, case=case, stat=stat)
