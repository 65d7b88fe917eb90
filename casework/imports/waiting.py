"""The only place where a register waits between its check and its import: for a day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from casework.imports.checking import Checked
from casework.imports.rows import Fault
from casework.web.holding import Cookie, Shelf

REGISTERS = Shelf("register", timedelta(days=1))


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
    told = {"name": name, "checked": asdict(checked)}
    REGISTERS.hold(session, cookie, person, content, told)


def find(session: Session, cookie: Cookie, person: str) -> Waiting | None:
    """The register that this person sent from this session within a day; None when there is none."""
    held = REGISTERS.find(session, cookie, person)
    if held is None:
        return None
    digest, checked = sha256(held.content).hexdigest(), _read(held.told["checked"])
    return Waiting(held.told["name"], digest, checked, held.content)


def _read(told: Mapping[str, Any]) -> Checked:
    found = {kind: tuple(Fault(**each) for each in told[kind]) for kind in ("warnings", "errors")}
    return Checked(**{**told, **found})
