"""The only place where a file that names people waits for an answer about it: sealed, for a time.

The key of what is held is in the session of whoever sent it and nowhere else: without that
browser nobody can read it, in the database or in a backup of it.
"""

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any, BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import clock
from casework.models import HeldFile

Cookie = MutableMapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A file that waits, and what was told with it."""

    content: bytes
    told: dict[str, Any]

    @property
    def file(self) -> BinaryIO:
        """The file, to be read from its beginning."""
        return BytesIO(self.content)


@dataclass(frozen=True)
class Shelf:
    """Where files of a kind are held, one of each person (by token), and for how long.

    What writes does so within the caller's write transaction.
    """

    kind: str
    kept_for: timedelta

    def hold(
        self, session: Session, cookie: Cookie, person: str, content: bytes, told: Mapping[str, Any]
    ) -> None:
        """Hold a file, and what JSON can tell of it, in place of another of the same person's."""
        self.drop(session, cookie, person)
        key = Fernet.generate_key()
        row = HeldFile(
            person_token=person,
            kind=self.kind,
            content=Fernet(key).encrypt(content),
            told=Fernet(key).encrypt(json.dumps(told).encode()),
            held_at=clock.now(),
        )
        session.add(row)
        session.flush()
        cookie[self._key] = key.decode()

    def find(self, session: Session, cookie: Cookie, person: str) -> Held | None:
        """What this person sent from this session and is held still; None when there is nothing."""
        row, key = session.get(HeldFile, (person, self.kind)), cookie.get(self._key)
        if row is None or key is None or clock.now() - row.held_at >= self.kept_for:
            return None
        try:
            content, told = (Fernet(key).decrypt(sealed) for sealed in (row.content, row.told))
        except InvalidToken:
            return None
        return Held(content, json.loads(told))

    def drop(self, session: Session, cookie: Cookie, person: str) -> None:
        """Forget the file of this person, and of everybody what was held for its time."""
        self.forget_expired(session)
        session.execute(
            delete(HeldFile).where(HeldFile.person_token == person, HeldFile.kind == self.kind)
        )
        cookie.pop(self._key, None)

    def forget_expired(self, session: Session) -> int:
        """Delete what was held for its time; how many files."""
        over = delete(HeldFile).where(
            HeldFile.kind == self.kind, HeldFile.held_at <= clock.now() - self.kept_for
        )
        return session.execute(over).rowcount  # type: ignore[attr-defined, no-any-return]

    @property
    def _key(self) -> str:
        return f"held_{self.kind}"
