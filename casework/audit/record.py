"""The only place that writes the audit log: one event, its words, and the tree over it.

An event is appended in the transaction of the action it records, so both are there or
neither. The design is RFC 6962's tree over RFC 8785 bytes, as `docs/audit-log.md` tells.
"""

import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from math import ceil
from typing import Any, Literal

from sqlalchemy import Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

import casework
from casework import clock
from casework.audit.canonical import canonical
from casework.audit.tree import Node, completed_by, leaf_hash, root
from casework.database import Adds
from casework.models import AuditDetail, AuditEvent, AuditNode
from casework.models.base import table_of

LEAF_PREFIX = b"casework-event/v1\n"
SYSTEM = "system"
REQUEST = re.compile("[0-9a-f]{32}")
"""The one form of an idempotency key: what a form sends back is in the log for ever."""
Via = Literal["web", "form", "import", "command"]

_EVENTS, _NODES, _DETAILS = table_of(AuditEvent), table_of(AuditNode), table_of(AuditDetail)
# Statements are built once: building one costs several times what running it does.
_HEAD = (
    select(_EVENTS.c.seq, _EVENTS.c.leaf_hash, _EVENTS.c.at).order_by(_EVENTS.c.seq.desc()).limit(1)
)
_LEAF = select(_EVENTS.c.leaf_hash).where(_EVENTS.c.seq == bindparam("position"))
_NODE = select(_NODES.c.hash).where(
    _NODES.c.level == bindparam("level"), _NODES.c.position == bindparam("position")
)
_ADD_EVENT, _ADD_DETAIL, _ADD_NODES = insert(_EVENTS), insert(_DETAILS), insert(_NODES)


@dataclass(frozen=True)
class Origin:
    """Where an action came from: the channel, who acted, and the idempotency key of the request."""

    via: Via
    actor: str = SYSTEM
    req: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class NewEvent:
    """What is to be recorded. `stat` holds closed codes and days, `texts` the words beside it."""

    action: str
    role: str
    case: str | None = None
    version: int | None = None
    state: str | None = None
    effective_on: date | None = None
    target: int | None = None
    stat: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """Where an event went: its position in the log, its own random token, its instant in UTC.

    `body` and `words` are its exact bytes and those kept beside it, None when there are none.
    """

    seq: int
    token: str
    at: datetime
    body: bytes
    words: bytes | None


def append(session: Session, event: NewEvent, origin: Origin) -> Recorded:
    """Append one event within the caller's write transaction; the caller commits.

    Raises IntegrityError when this request was recorded before (UNIQUE req, part), and ValueError
    where its key is none.
    """
    return Appending(session, session).append(event, origin)


class Appending:
    """Appends events one after another in one write transaction, during which nothing else does.

    The rows go to `adds`: the session itself, or what writes them together. Then what is not
    written yet is known here: the head, and subtrees that later events complete others with.
    """

    def __init__(self, session: Session, adds: Adds) -> None:
        self._session, self._adds = session, adds
        head = session.execute(_HEAD).first()
        self._next: int = head.seq + 1 if head else 0
        self._head: bytes = head.leaf_hash if head else b""
        self._latest: str = head.at if head else ""
        self._subtrees: dict[int, Node] = {}

    def append(self, event: NewEvent, origin: Origin) -> Recorded:
        """Append one event as `append` does; a clock that went back since the last is told first."""
        if not REQUEST.fullmatch(origin.req):
            raise ValueError("The key of a request is 32 hexadecimal digits. Nothing was recorded.")
        part, at = _next_part(self._session, origin.req), clock.now()
        if instant(at) < self._latest:
            self._add(_clock_regressed(self._latest, at), Origin(origin.via), 0, at)
        return self._add(event, origin, part, at)

    def _add(self, event: NewEvent, origin: Origin, part: int, at: datetime) -> Recorded:
        token, salt = secrets.token_hex(16), secrets.token_bytes(32)
        words = canonical(dict(event.texts)) if event.texts else None
        said = {
            **_said(event, origin, part),
            "seq": self._next,
            "id": token,
            "at": instant(at),
            "prev": self._head.hex(),
            "detail_commit": commitment(salt, words),
        }
        body = canonical(said)
        recorded = Recorded(self._next, token, at, body, words)
        leaf = leaf_hash(LEAF_PREFIX + body)
        self._adds.execute(_ADD_EVENT, _row(said, body, leaf))
        if words is not None:
            self._adds.execute(_ADD_DETAIL, {"seq": recorded.seq, "salt": salt, "body": words})
        self._grow_tree(leaf)
        self._next, self._head, self._latest = self._next + 1, leaf, said["at"]
        return recorded

    def _grow_tree(self, leaf: bytes) -> None:
        nodes = completed_by(self._next, leaf, self._sibling)
        if nodes:
            self._subtrees |= {node.level: node for node in nodes}
            rows = [{"level": n.level, "position": n.index, "hash": n.hash} for n in nodes]
            self._adds.execute(_ADD_NODES, rows)

    def _sibling(self, level: int, index: int) -> bytes:
        """A left sibling is the last subtree finished at its level."""
        if level == 0:
            return self._head
        known = self._subtrees.get(level)
        if known is not None and known.index == index:
            return known.hash
        return stored_hash(self._session, level, index)


def _clock_regressed(latest: str, at: datetime) -> NewEvent:
    """Says by how many seconds the server's clock is behind the entry before, so that no reader
    takes the times around it for the order.
    """
    behind = datetime.fromisoformat(latest) - at
    return NewEvent("clock_regressed", SYSTEM, stat={"seconds": ceil(behind.total_seconds())})


def _row(said: Mapping[str, Any], body: bytes, leaf: bytes) -> dict[str, Any]:
    """The columns of an event, each what its body says."""
    repeated = ("seq", "id", "at", "actor", "action", "req", "part")
    row = {name: said[name] for name in repeated}
    return {**row, "case_token": said["case"], "body": body, "leaf_hash": leaf}


def _said(event: NewEvent, origin: Origin, part: int) -> dict[str, Any]:
    """What the body says but for its place in the log."""
    return {
        "v": 1,
        "actor": origin.actor,
        "role": event.role,
        "action": event.action,
        "case": event.case,
        "ver": event.version,
        "state": event.state,
        "req": origin.req,
        "part": part,
        "via": origin.via,
        "effective_on": event.effective_on.isoformat() if event.effective_on else None,
        "target": event.target,
        "stat": dict(event.stat),
        "build": casework.__version__,
    }


def count_words(session: Session, case: str) -> int:
    """Beside how many events of a case words stand."""
    counted = select(func.count()).select_from(_DETAILS).where(_DETAILS.c.seq.in_(_of_case(case)))
    return session.execute(counted).scalar_one()


def erase_words(session: Session, case: str, before: int) -> None:
    """Delete the words and salts beside a case's events before a position.

    Within the write transaction that appends the event there by which they are erased.
    """
    seqs = _of_case(case).where(_EVENTS.c.seq < before)
    session.execute(delete(_DETAILS).where(_DETAILS.c.seq.in_(seqs)))


def erase_words_at(session: Session, seqs: Collection[int]) -> None:
    """Delete the words and salts beside these events, as `erase_words` does."""
    session.execute(delete(_DETAILS).where(_DETAILS.c.seq.in_(seqs)))


def _of_case(case: str) -> Select[int]:
    return select(_EVENTS.c.seq).where(_EVENTS.c.case_token == case)


def commitment(salt: bytes, words: bytes | None) -> str | None:
    """HMAC-SHA256 of an event's canonical words under its own salt, hex; None without words.

    Once salt and words are erased, nothing can be guessed from it.
    """
    return hmac.digest(salt, words, sha256).hex() if words is not None else None


def instant(at: datetime) -> str:
    """An instant as the log writes it: UTC, RFC 3339, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def log_size(session: Session) -> int:
    """How many events the log holds."""
    head = session.execute(_HEAD).first()
    return head.seq + 1 if head else 0


def log_root(session: Session, size: int) -> bytes:
    """The RFC 6962 root over the first `size` events, from stored hashes: O(log size) reads."""
    return root(size, partial(stored_hash, session))


def stored_hash(session: Session, level: int, position: int) -> bytes:
    """The stored hash of a complete subtree: what roots and proofs are made of."""
    place = {"level": level, "position": position} if level else {"position": position}
    found: bytes = session.execute(_NODE if level else _LEAF, place).scalar_one()
    return found


def is_recorded(session: Session, req: str) -> bool:
    """Whether a request with this idempotency key has already had its effect."""
    query = select(_EVENTS.c.seq).where(_EVENTS.c.req == req).limit(1)
    return session.execute(query).first() is not None


def _next_part(session: Session, req: str) -> int:
    """The number of this event within its request; `begin_write` starts again at 0."""
    last_req, last_part = session.info.get("audit_part", (None, -1))
    part: int = last_part + 1 if last_req == req else 0
    session.info["audit_part"] = (req, part)
    return part
