"""The only place where a register waits between its check and its import: sealed, for a day.

A register names people. The key of what is kept is in the session of whoever sent it and nowhere
else: without that browser nobody can read it, in the database or in a backup of it.
"""

import json
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import clock
from casework.imports.checking import Checked
from casework.imports.rows import Fault
from casework.models import WaitingRegister

KEY = "register_key"
KEPT_FOR = timedelta(days=1)
Cookie = MutableMapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """A register that waits: what its file was called, the hash of its bytes, what was found."""

    name: str
    sha256: str
    checked: Checked
    content: bytes

    @property
    def file(self) -> BinaryIO:
        """The register, to be read."""
        return BytesIO(self.content)


def keep(
    session: Session, cookie: Cookie, person: str, name: str, content: bytes, checked: Checked
) -> None:
    """Keep a register for a day, in place of another of the same person's.

    Within the caller's write transaction.
    """
    forget(session, cookie, person)
    key = Fernet.generate_key()
    found = json.dumps({"name": name, **asdict(checked)}).encode()
    row = WaitingRegister(
        person_token=person,
        content=Fernet(key).encrypt(content),
        checked=Fernet(key).encrypt(found),
        sent_at=clock.now(),
    )
    session.add(row)
    session.flush()
    cookie[KEY] = key.decode()


def find(session: Session, cookie: Cookie, person: str) -> Waiting | None:
    """The register that this person sent from this session within a day; None when there is none."""
    row, key = session.get(WaitingRegister, person), cookie.get(KEY)
    if row is None or key is None or clock.now() - row.sent_at >= KEPT_FOR:
        return None
    try:
        content, found = (Fernet(key).decrypt(sealed) for sealed in (row.content, row.checked))
    except InvalidToken:
        return None
    told = json.loads(found)
    name = told.pop("name")
    warnings, errors = (
        tuple(Fault(**fault) for fault in told.pop(kind)) for kind in ("warnings", "errors")
    )
    checked = Checked(**told, warnings=warnings, errors=errors)
    return Waiting(name, sha256(content).hexdigest(), checked, content)


def forget_expired(session: Session) -> int:
    """Delete the registers that waited longer than a day; how many.

    Within the caller's write transaction.
    """
    over = delete(WaitingRegister).where(WaitingRegister.sent_at <= clock.now() - KEPT_FOR)
    return session.execute(over).rowcount  # type: ignore[attr-defined, no-any-return]


def forget(session: Session, cookie: Cookie, person: str) -> None:
    """Forget the register of this person, and whatever else waited longer than a day.

    Within the caller's write transaction.
    """
    forget_expired(session)
    session.execute(delete(WaitingRegister).where(WaitingRegister.person_token == person))
    cookie.pop(KEY, None)
