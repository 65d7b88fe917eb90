"""The only place for what can be done to the log itself, with the hashes left as they are or made anew."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, update

from casework.audit.record import LEAF_PREFIX
from casework.audit.replay import WORDS
from casework.audit.tree import leaf_hash
from casework.models import Case
from casework.models.base import table_of
from tests.tampering.deeds import Attack, Deed
from tests.tampering.offices import DAY, Office
from tests.tampering.rewriting import DETAILS, EVENTS, NODES, Entry, follow, log_of, row_of, write

CASES = table_of(Case)
ROUTES = ("otherwise", "investigation")
TOLD_NOWHERE_ELSE: dict[str, Callable[[Any], Any]] = {
    "actor": lambda _: "u_" + "7" * 32,
    "role": lambda role: "supervisor" if role != "supervisor" else "reviewer",
    "via": lambda via: "web" if via != "web" else "import",
    "at": lambda at: f"2025{at[4:]}",
    "build": lambda _: "9.9.9",
    "id": lambda token: f"{int(token, 16) ^ 1:032x}",
}
"""Fields on which no table depends where nobody is named by them, and how they may be made to lie."""
FIELDS: dict[str, Callable[[Any], Any]] = {
    **TOLD_NOWHERE_ELSE,
    "effective_on": lambda day: "2021-01-04" if day != "2021-01-04" else "2021-01-05",
    "state": lambda state: "upheld" if state != "upheld" else "received",
    "action": lambda action: "withdrawn" if action != "withdrawn" else "acknowledged",
    "req": lambda req: req[::-1] + "0",
    "ver": lambda version: (version or 0) + 1,
    "stat": lambda stat: {**stat, "route": ROUTES[stat.get("route") == ROUTES[0]]},
}
SILENT = "delegation_made"
"""An action from which no table follows."""


def body_edited(connection: Connection, chance: Random, office: Office) -> Deed:
    """The bytes of an entry, its hash as it was or its own."""
    entry, seq = _some(connection, chance)
    _lie(entry, chance.choice(list(FIELDS)))
    changed: dict[str, Any] = {"body": entry.written}
    if chance.random() < 0.5:
        changed["leaf_hash"] = leaf_hash(LEAF_PREFIX + entry.written)
    connection.execute(update(EVENTS).where(EVENTS.c.seq == seq).values(**changed))
    return Deed(seq, is_whole="leaf_hash" in changed and _is_loose(seq, office))


def body_and_columns_edited(connection: Connection, chance: Random, office: Office) -> Deed:
    """An entry's bytes with its columns and its hash: nothing of itself is wrong."""
    entry, seq = _some(connection, chance)
    _lie(entry, chance.choice(list(FIELDS)))
    row = row_of(entry, leaf_hash(LEAF_PREFIX + entry.written))
    connection.execute(update(EVENTS).where(EVENTS.c.seq == seq).values(**row))
    return Deed(seq, is_whole=_is_loose(seq, office))


def column_edited(connection: Connection, chance: Random, office: Office) -> Deed:
    """A column of an entry, its bytes as they were."""
    _, seq = _some(connection, chance)
    name = chance.choice(["id", "at", "actor", "action", "case_token", "req", "part", "leaf_hash"])
    value: Any = {"part": 77, "leaf_hash": bytes(32)}.get(name, f"other-{name}"[:32])
    connection.execute(update(EVENTS).where(EVENTS.c.seq == seq).values({name: value}))
    return Deed(seq, checks=frozenset({"hashes" if name == "leaf_hash" else "columns"}))


def entry_deleted(connection: Connection, chance: Random, office: Office) -> Deed:
    """An entry, and its words."""
    _, seq = _some(connection, chance)
    for table in (DETAILS, EVENTS):
        connection.execute(delete(table).where(table.c.seq == seq))
    if seq == office.size - 1 and chance.random() < 0.5:
        _drop_nodes(connection, seq)
    return Deed(seq, is_whole=seq == office.size - 1)


def entry_inserted(connection: Connection, chance: Random, office: Office) -> Deed:
    """An entry put in before, behind, or far behind what is there."""
    entry, _ = _some(connection, chance)
    seq = chance.choice([-3, office.size, office.size + chance.randrange(1, 5000)])
    entry.body |= {"seq": seq, "id": "e" * 32, "req": "e" * 32, "part": 0}
    connection.execute(insert(EVENTS), row_of(entry, leaf_hash(LEAF_PREFIX + entry.written)))
    # Far behind, what it is told by is the gap that begins where the log ended.
    return Deed(min(seq, office.size))


def entries_swapped(connection: Connection, chance: Random, office: Office) -> Deed:
    """Two entries in each other's place."""
    one, other = sorted(chance.sample(range(office.size), 2))
    for old, new in ((one, -1), (other, one), (-1, other)):
        connection.execute(update(EVENTS).where(EVENTS.c.seq == old).values(seq=new))
    return Deed(one)


def node_altered(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """The stored hash of a subtree: another, none, or one that cannot be."""
    rows = connection.execute(NODES.select()).all()
    if not rows:
        return None
    node = chance.choice(rows)
    here = (NODES.c.level == node.level) & (NODES.c.position == node.position)
    how = chance.choice(["changed", "deleted", "added"])
    if how == "changed":
        connection.execute(update(NODES).where(here).values(hash=bytes(32)))
    elif how == "deleted":
        connection.execute(delete(NODES).where(here))
    else:
        far = {"level": node.level, "position": office.size, "hash": bytes(32)}
        connection.execute(insert(NODES), far)
        return Deed(checks=frozenset({"tree"}))
    return Deed(node.position << node.level, checks=frozenset({"tree"}))


def rewritten_with(change: Callable[[list[Entry], Random], int | None]) -> Attack:
    """The whole log written anew from a change on: numbers, links, hashes, subtrees, tables."""

    def attack(connection: Connection, chance: Random, office: Office) -> Deed | None:
        log = log_of(connection)
        before = [entry.body["id"] for entry in log]
        altered = change(log, chance)
        if altered is None:
            return None
        write(connection, log)
        follow(connection, altered, len(log) - len(before))
        return Deed(altered, is_whole=True)

    attack.__name__ = change.__name__
    attack.__doc__ = change.__doc__
    return attack


def field_rewritten(log: list[Entry], chance: Random) -> int:
    """One field of one entry, and everything after it anew."""
    seq = chance.randrange(len(log))
    _lie(log[seq], chance.choice(list(FIELDS)))
    return seq


def silent_field_rewritten(log: list[Entry], chance: Random) -> int:
    """Who did something, when or how, and everything after it anew."""
    seq = chance.randrange(len(log))
    _lie(log[seq], chance.choice(["role", "via", "build"]))
    return seq


def all_rewritten(log: list[Entry], chance: Random) -> int:
    """Every entry, all by another release."""
    for entry in log:
        _lie(entry, "build")
    return 0


def forked(log: list[Entry], chance: Random) -> int:
    """Another past from some entry on: others acted."""
    since = chance.randrange(len(log))
    for entry in log[since:]:
        _lie(entry, "via")
    return since


def entry_taken_out(log: list[Entry], chance: Random) -> int | None:
    """An entry from which nothing follows is gone, and everything after it moved up."""
    silent = [seq for seq, entry in enumerate(log) if entry.body["action"] == SILENT]
    if not silent:
        return None
    seq = chance.choice(silent)
    log.pop(seq)
    return seq


def entry_put_in(log: list[Entry], chance: Random) -> int | None:
    """An entry from which nothing follows is there now, and everything after it moved down."""
    silent = [entry for entry in log if entry.body["action"] == SILENT]
    if not silent:
        return None
    seq = chance.randrange(len(log) + 1)
    added = deepcopy(chance.choice(silent))
    added.body |= {
        "id": f"{chance.getrandbits(128):032x}",
        "req": f"{chance.getrandbits(128):032x}",
    }
    log.insert(seq, replace(added, body={**added.body, "part": 0}))
    return seq


def order_changed(log: list[Entry], chance: Random) -> int | None:
    """Two entries that follow each other the other way round."""
    seq = chance.randrange(len(log) - 1)
    log[seq], log[seq + 1] = log[seq + 1], log[seq]
    return seq


def cut_off(log: list[Entry], chance: Random) -> int | None:
    """The end of the log."""
    seq = chance.randrange(1, len(log))
    del log[seq:]
    return seq


def words_committed_anew(log: list[Entry], chance: Random) -> int | None:
    """Other words beside an entry, with their salt and their commitment."""
    having = [seq for seq, entry in enumerate(log) if entry.words is not None]
    if not having:
        return None
    seq = chance.choice(having)
    words: dict[str, str] = orjson.loads(log[seq].words or b"{}")
    changed = {name: text + "!" for name, text in words.items()}
    log[seq].commit(orjson.dumps(changed, option=orjson.OPT_SORT_KEYS))
    return seq


def words_edited(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """Words or their salt, or those of two entries in each other's place."""
    having = connection.execute(DETAILS.select().order_by(DETAILS.c.seq)).all()
    if len(having) < 2:
        return None
    one, other = chance.sample(having, 2)
    how = chance.choice(["words", "salt", "swapped"])
    changed: dict[str, Any] = {
        "words": {"body": b'{"note":"Other words."}'},
        "salt": {"salt": bytes(32)},
        "swapped": {"body": other.body, "salt": other.salt},
    }[how]
    connection.execute(update(DETAILS).where(DETAILS.c.seq == one.seq).values(**changed))
    if how == "swapped":
        back = {"body": one.body, "salt": one.salt}
        connection.execute(update(DETAILS).where(DETAILS.c.seq == other.seq).values(**back))
    return Deed(one.seq, checks=frozenset({"details"}))


def words_deleted(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """Words, without an erasure."""
    having = connection.execute(DETAILS.select().order_by(DETAILS.c.seq)).all()
    if not having:
        return None
    seq = chance.choice(having).seq
    connection.execute(delete(DETAILS).where(DETAILS.c.seq == seq))
    return Deed(seq, checks=frozenset({"details"}))


def words_put_beside(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """Words beside an entry that has none or had them erased, or beside none."""
    having = {row.seq for row in connection.execute(DETAILS.select())}
    without = [seq for seq in range(office.size + 1) if seq not in having]
    seq = chance.choice([*without, office.size + 9])
    row = {"seq": seq, "salt": bytes(32), "body": b'{"note":"Never said."}'}
    connection.execute(insert(DETAILS), row)
    return Deed(seq, checks=frozenset({"details", "stray words"}))


def erased_before_its_day(log: list[Entry], chance: Random) -> int | None:
    """An erasure is dated before the day on which it was due, and everything after it anew."""
    erasures = [seq for seq, e in enumerate(log) if e.body["action"] == "retention_erased"]
    if not erasures:
        return None
    log[erasures[0]].body["stat"]["due_on"] = "2099-01-01"
    return erasures[0]


FORGED: dict[str, dict[str, Any]] = {
    "retention_erased": {
        "due_on": "2020-01-01",
        "rule": "withdrawn",
        "trigger": "closed",
        "years": 1,
    },
    "retention_erased_again": {"due_on": "2020-01-01", "first_seq": 1},
    "shared_words_erased": {"due_on": "2020-01-01", "positions": []},
}
"""Erasures that nobody agreed to, by action."""
UNUSABLE: Sequence[dict[str, Any]] = (
    *({"positions": positions} for positions in (5, [[1]], {"1": 2}, [True], [-1], None)),
    *({"due_on": due_on} for due_on in (3, None, "soon")),
)
"""What may stand in place of what an erasure says."""


def erasure_forged(connection: Connection, chance: Random, office: Office) -> Deed | None:
    """An erasure that nobody agreed to or that says nothing, at the end, and words gone by it."""
    log = log_of(connection)
    cases = [entry.body["case"] for entry in log if entry.words is not None and entry.body["case"]]
    if not cases:
        return None
    case, action = chance.choice(cases), chance.choice(list(FORGED))
    seqs = [seq for seq, entry in enumerate(log) if entry.body["case"] == case]
    stat = {**FORGED[action], **({"positions": seqs} if "shared" in action else {})}
    stat |= chance.choice([{}, *UNUSABLE])
    forged = Entry({**log[-1].body, "id": "f" * 32, "req": "f" * 32, "part": 0, "ver": None})
    forged.body |= {"action": action, "state": None, "stat": stat, "detail_commit": None}
    forged.body |= {"case": None if "shared" in action else case, "effective_on": None}
    for seq in seqs:
        log[seq].words = None
    write(connection, [*log, forged])
    here = CASES.c.token == case
    empty = dict.fromkeys(WORDS)
    connection.execute(update(CASES).where(here).values(**empty, erased_on=DAY))
    return Deed(len(log), checks=frozenset({"erasures"}))


def _some(connection: Connection, chance: Random) -> tuple[Entry, int]:
    log = log_of(connection)
    seq = chance.randrange(len(log))
    return log[seq], seq


def _is_loose(seq: int, office: Office) -> bool:
    """Whether an entry is the newest, which no link follows, and completes no subtree."""
    return seq == office.size - 1 and seq % 2 == 0


def _lie(entry: Entry, field: str) -> None:
    said = FIELDS[field](entry.body[field])
    assert said != entry.body[field], "nothing was tampered with"
    entry.body[field] = said


def _drop_nodes(connection: Connection, size: int) -> None:
    rows = connection.execute(NODES.select()).all()
    for row in rows:
        if (row.position + 1) << row.level > size:
            here = (NODES.c.level == row.level) & (NODES.c.position == row.position)
            connection.execute(delete(NODES).where(here))


REWRITTEN: Sequence[Callable[[list[Entry], Random], int | None]] = (
    field_rewritten,
    silent_field_rewritten,
    all_rewritten,
    forked,
    entry_taken_out,
    entry_put_in,
    order_changed,
    cut_off,
    words_committed_anew,
    erased_before_its_day,
)
ATTACKS: Sequence[Attack] = (
    body_edited,
    body_and_columns_edited,
    column_edited,
    entry_deleted,
    entry_inserted,
    entries_swapped,
    node_altered,
    words_edited,
    words_deleted,
    words_put_beside,
    erasure_forged,
    *(rewritten_with(change) for change in REWRITTEN),
)
