"""The only place that keeps what somebody answers until they send it: sealed, for a day.

The key follows from the token in their cookie and the installation's secret (HKDF-SHA256), so
neither the database nor a backup of it can be read without the cookie. What writes does so
within the caller's write transaction.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from casework import clock
from casework.apply.flow import Answers, Brought
from casework.files.kinds import KINDS_BY_CODE
from casework.files.store import Kept
from casework.models import WaitingApplication, WaitingFile
from casework.models.base import table_of
from casework.sealing import box
from casework.web.uploads import Upload

KEPT_FOR = timedelta(days=1)
"""From the last answer on."""
_APPLICATIONS, _FILES = table_of(WaitingApplication), table_of(WaitingFile)
# Built once: building a statement costs several times what running it does.
_FIND = select(_APPLICATIONS).where(_APPLICATIONS.c.token_hash == bindparam("wanted"))
_UNFOUND = (
    select(_FILES.c.token_hash, _FILES.c.sha256, _APPLICATIONS.c.reference)
    .join(_APPLICATIONS, _APPLICATIONS.c.token_hash == _FILES.c.token_hash)
    .where(_APPLICATIONS.c.reference.is_not(None))
)
_PURPOSE = b"casework/waiting-application/1"


@dataclass(frozen=True)
class Waiting:
    """An application that waits, opened by its token; once sent, its reference and no answers."""

    answers: Answers
    version: int
    req: str
    begun_at: datetime
    reference: str | None


@dataclass(frozen=True)
class Unfound:
    """A file that was sent under a reference, and that the search does not find yet."""

    token_hash: str
    sha256: str
    reference: str


def new_token() -> str:
    """The secret of a new application: 256 random bits."""
    return secrets.token_urlsafe(32)


def find(session: Session, token: str, secret: str) -> Waiting | None:
    """The application of a token; None where there is none, its day is over, or it was altered."""
    row = session.execute(_FIND, {"wanted": _hash(token)}).first()
    if row is None or row.expires_at <= clock.now():
        return None
    answers = Answers()
    if row.sealed is not None:
        try:
            answers = _read(box(_PURPOSE, secret, token).decrypt(row.sealed))
        except InvalidToken:
            return None
    return _opened(row, answers)


def begin(session: Session, token: str) -> Waiting:
    """Begin an application with nothing answered."""
    now = clock.now()
    row = WaitingApplication(
        token_hash=_hash(token),
        version=0,
        req=secrets.token_hex(16),
        begun_at=now,
        expires_at=now + KEPT_FOR,
    )
    session.add(row)
    session.flush()
    return _opened(row, Answers())


def keep(session: Session, token: str, secret: str, answers: Answers) -> Waiting:
    """Keep these answers, and the files they name, in place of those before; for a day from now."""
    row = session.get_one(WaitingApplication, _hash(token))
    row.sealed = box(_PURPOSE, secret, token).encrypt(_written(answers))
    row.version, row.expires_at = row.version + 1, clock.now() + KEPT_FOR
    session.flush()
    _name_files(session, token, {each.upload.kept.sha256 for each in answers.papers})
    return _opened(row, answers)


def finish(session: Session, token: str, reference: str, files: set[str]) -> None:
    """Say under which reference it was received, and forget every answer.

    The files that were sent are named until their words can be found (`service.let_be_found`).
    """
    row = session.get_one(WaitingApplication, _hash(token))
    row.sealed, row.reference = None, reference
    session.flush()
    _name_files(session, token, files)


def to_be_found(session: Session) -> list[Unfound]:
    """The files of applications that were sent whose words cannot be found yet."""
    return [Unfound(*row) for row in session.execute(_UNFOUND)]


def mark_found(session: Session, unfound: Unfound) -> bool:
    """Name a file no longer, as its words are now being kept; False where somebody did so before."""
    named = _FILES.c.token_hash == unfound.token_hash, _FILES.c.sha256 == unfound.sha256
    return bool(session.execute(delete(_FILES).where(*named)).rowcount)  # type: ignore[attr-defined]


def forget(session: Session, token: str) -> None:
    """Forget an application; its files are deleted later, unless somebody else names them."""
    session.execute(delete(_APPLICATIONS).where(_APPLICATIONS.c.token_hash == _hash(token)))


def forget_expired(session: Session) -> int:
    """Forget every application whose day is over; how many there were."""
    over = delete(_APPLICATIONS).where(_APPLICATIONS.c.expires_at <= clock.now())
    return session.execute(over).rowcount  # type: ignore[attr-defined, no-any-return]


def _opened(row: Any, answers: Answers) -> Waiting:
    return Waiting(answers, row.version, row.req, row.begun_at, row.reference)


def _name_files(session: Session, token: str, files: set[str]) -> None:
    session.execute(delete(_FILES).where(_FILES.c.token_hash == _hash(token)))
    if files:
        rows = [{"token_hash": _hash(token), "sha256": each} for each in sorted(files)]
        session.execute(insert(_FILES), rows)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _written(answers: Answers) -> bytes:
    papers = [
        {
            "kind": each.kind,
            "name": each.upload.name,
            "file": {**asdict(each.upload.kept), "kind": each.upload.kept.kind.code},
        }
        for each in answers.papers
    ]
    plain = {"said": dict(answers.said), "done": sorted(answers.done), "papers": papers}
    return json.dumps(plain).encode()


def _read(written: bytes) -> Answers:
    plain: Mapping[str, Any] = json.loads(written)
    papers = tuple(
        Brought(each["kind"], Upload(_kept(each["file"]), each["name"])) for each in plain["papers"]
    )
    return Answers(plain["said"], frozenset(plain["done"]), papers)


def _kept(told: Mapping[str, Any]) -> Kept:
    return Kept(**{**told, "kind": KINDS_BY_CODE[told["kind"]]})
