"""The only place for what can be done to checkpoints in the database, to the key and to seals of reads.

Those outside stay: nobody here can reach them, and nobody else has the key.
"""

from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.audit import notes
from casework.audit.notes import SigningKey, TreeHead
from casework.audit.record import log_root
from casework.checkpoints.changes import SIGNING_KEY_CHANGED
from casework.checkpoints.reads import READS_DIGESTED
from casework.models import AccessRead, Checkpoint
from casework.models.base import table_of
from tests.tampering.deeds import Attack, Deed
from tests.tampering.offices import KEY, Office
from tests.tampering.rewriting import Entry, follow, log_of, write

STRANGER = SigningKey(KEY.name, bytes(reversed(range(32))))
"""A key of the same name that the log never had."""
NEW = SigningKey(KEY.name, bytes(range(32, 64)))
_CHECKPOINTS, _READS = table_of(Checkpoint), table_of(AccessRead)
_TOLD = Deed(checks=frozenset({"checkpoints"}))


def checkpoint_forged(connection: Connection, chance: Random, office: Office) -> Deed:
    """A stored checkpoint with another root, another size, or a signature of nothing."""
    row = _some(connection, chance)
    head = TreeHead(KEY.name, row.size, bytes(32))
    other = notes.sign(TreeHead(KEY.name, row.size + 1, bytes(row.root)).text, [STRANGER]).written
    how: dict[str, dict[str, Any]] = {
        "root": {"root": bytes(32)},
        "words": {"note": row.note.replace(f"\n{row.size}\n", f"\n{row.size + 1}\n")},
        "signature": {"note": notes.sign(head.text, [STRANGER]).written, "root": bytes(32)},
        "another": {"note": other},
        "garbage": {"note": "garbage"},
    }
    _change(connection, row.size, how[chance.choice(list(how))])
    return _TOLD


def checkpoint_of_another_key(connection: Connection, chance: Random, office: Office) -> Deed:
    """A stored checkpoint over what is there, signed by a key that the log does not name."""
    row = _some(connection, chance)
    written = notes.sign(TreeHead(KEY.name, row.size, bytes(row.root)).text, [STRANGER]).written
    _change(connection, row.size, {"note": written})
    return _TOLD


def checkpoint_added(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """A checkpoint over more entries than there are, or signed by a stranger."""
    taken = set(connection.execute(select(_CHECKPOINTS.c.size)).scalars())
    size = chance.choice([n for n in range(1, office.size + 5) if n not in taken])
    written = notes.sign(TreeHead(KEY.name, size, bytes(32)).text, [STRANGER]).written
    at = connection.execute(select(_CHECKPOINTS.c.signed_at).limit(1)).scalar()
    row = {"size": size, "root": bytes(32), "note": written, "signed_at": at}
    connection.execute(insert(_CHECKPOINTS), row)
    return _TOLD


def key_replaced(connection: Connection, chance: Random, office: Office) -> Deed:
    """The key that the log names, everything after it anew, and each stored checkpoint signed by it."""
    log = log_of(connection)
    seq = next(n for n, e in enumerate(log) if e.body["action"] == SIGNING_KEY_CHANGED)
    log[seq].body["stat"]["after"] = STRANGER.verifier.encoded
    write(connection, log)
    follow(connection, seq, 0)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for row in connection.execute(select(_CHECKPOINTS)).all():
            head = TreeHead(KEY.name, row.size, log_root(session, row.size))
            written = notes.sign(head.text, [STRANGER]).written
            _change(connection, row.size, {"root": head.root, "note": written})
    return Deed(seq, is_whole=True)


def key_changed_by_a_stranger(connection: Connection, chance: Random, office: Office) -> Deed:
    """An entry at the end that names another key, from a stranger's or none, and a checkpoint by both."""
    log, before = log_of(connection), chance.choice([STRANGER, None])
    stat = {
        "before": before.verifier.encoded if before else None,
        "after": NEW.verifier.encoded,
        "is_lost": False,
    }
    _enter(connection, log, SIGNING_KEY_CHANGED, stat, chance)
    size = len(log)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        head = TreeHead(KEY.name, size, log_root(session, size))
    written = notes.sign(head.text, [NEW, STRANGER]).written
    at = connection.execute(select(_CHECKPOINTS.c.signed_at).limit(1)).scalar()
    row = {"size": size, "root": head.root, "note": written, "signed_at": at}
    connection.execute(insert(_CHECKPOINTS), row)
    return _TOLD


def reads_sealed_again(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """A read taken away, and its day sealed once more without it."""
    log = log_of(connection)
    sealed = [entry.body["stat"] for entry in log if entry.body["action"] == READS_DIGESTED]
    if not sealed:
        return None
    connection.execute(delete(_READS))
    stat = {**sealed[-1], "reads": 0, "digest": sha256().hexdigest()}
    _enter(connection, log, READS_DIGESTED, stat, chance)
    return Deed(checks=frozenset({"reads"}))


def _enter(
    connection: Connection, log: list[Entry], action: str, stat: dict[str, Any], chance: Random
) -> None:
    """One more entry at the end of the log, as the office's own commands make them."""
    first = next(entry for entry in log if entry.body["action"] == SIGNING_KEY_CHANGED)
    new = {name: f"{chance.getrandbits(128):032x}" for name in ("id", "req")}
    at = log[-1].body["at"]
    body = {**first.body, **new, "at": at, "part": 0, "action": action, "stat": stat}
    log.append(Entry(body))
    write(connection, log)


def _some(connection: Connection, chance: Random) -> Any:
    return chance.choice(connection.execute(select(_CHECKPOINTS)).all())


def _change(connection: Connection, size: int, values: dict[str, Any]) -> None:
    here = _CHECKPOINTS.c.size == size
    connection.execute(update(_CHECKPOINTS).where(here).values(**values))


ATTACKS: Sequence[Attack] = (
    checkpoint_forged,
    checkpoint_of_another_key,
    checkpoint_added,
    key_replaced,
    key_changed_by_a_stranger,
    reads_sealed_again,
)
