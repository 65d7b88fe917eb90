"""The only place that holds checkpoints from outside against an office made again from a backup.

Who knows the public half of a backup's key can make a file that opens, so nothing in it proves whose
office it is. A checkpoint over no more than the backup has is compared with its log. One over more
cannot be, but the log's key has to have signed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from casework.audit import notes
from casework.audit.findings import Finding
from casework.audit.notes import NoteRefused
from casework.audit.record import log_root, log_size
from casework.audit.words import entries_counted
from casework.backups.manifest import Manifest
from casework.checkpoints.changes import key_changes
from casework.checkpoints.checks import CHECK, Held, Log, judge

Named = frozenset[tuple[str, bytes]]
"""Keys as signatures name them: name and key ID."""


@dataclass(frozen=True)
class Compared:
    """What came of it: `size` is what the newest that agrees covers, 0 where none was compared.

    `odd` has a sentence for each file in the folder that is no checkpoint of this log.
    """

    findings: tuple[Finding, ...]
    size: int
    odd: tuple[str, ...]


def compare(session: Session, told: Manifest, outside: Sequence[Held]) -> Compared:
    """Hold checkpoints against the restored log, and the log against what the manifest says of it."""
    changes = key_changes(session)
    older = [each for each in outside if (each.size or 0) <= told.log_size]
    sizes = {each.size for each in older if each.size is not None}
    roots = {size: root for size in sizes if (root := _root(session, size)) is not None}
    judged = judge(older, Log(log_size(session), changes, roots))
    findings = [each for each in judged.findings if not each.holds]
    if (root := _root(session, told.log_size)) is None or root.hex() != told.log_root:
        said = "The log is not the one that the backup’s manifest names."
        findings.append(Finding("backup", False, said))
    newer = [each for each in outside if (each.size or 0) > told.log_size]
    known = [change.key for change in changes]
    named = frozenset((key.name, key.key_id) for key in known)
    for each in sorted(newer, key=lambda held: held.size or 0):
        if each.head.origin not in {key.name for key in known}:
            fault = f"is of another log, “{each.head.origin}”"
        elif not (vouched := _vouched(each, named, known)):
            fault = "is signed by no key that the restored log names: it is another log, or a key was lost"
        else:
            named |= vouched
            continue
        if each.is_bound:
            said = f"{each.place} covers {entries_counted(each.head.size)} and {fault}."
            findings.append(Finding(CHECK, False, said))
    return Compared(tuple(findings), judged.covered, judged.odd)


def _vouched(held: Held, named: Named, known: Sequence[notes.VerifierKey]) -> Named:
    """Whom a checkpoint names as its signers, where one of them is known; nobody otherwise.

    Where the key was changed since, the log that was restored does not know the new one. But its
    first checkpoint bears the signature of the one before as well, and names both.
    """
    signed = frozenset((each.name, each.key_id) for each in held.note.signatures)
    its_own = {(key.name, key.key_id) for key in known}
    try:
        notes.signers(held.note, known)
    except NoteRefused:
        return signed if signed & (named - its_own) and not signed & its_own else Named()
    return signed


def _root(session: Session, size: int) -> bytes | None:
    """The root over so many entries; None where the log has not as many, or not whole."""
    try:
        return log_root(session, size) if size <= log_size(session) else None
    except NoResultFound:
        return None
