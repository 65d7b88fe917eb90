"""A log of several ranges is judged like one of a few entries, by one process or by several."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.bodies import read_bodies, read_body
from casework.audit.reading import ALONE, Reading, read_by
from casework.audit.stored import RANGE
from casework.audit.verify import RootsAt, verify_log
from casework.database import Together, begin_write, prepare
from tests.casework.audit.tampering import delete, execute, past_the_triggers, rewrite
from tests.databases import drop_database, new_database

SIZE = 2 * RANGE + 700
SEAMS = {0, 1, RANGE - 1, RANGE, RANGE + 1, 2 * RANGE, 2 * RANGE + 1, SIZE}
pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def long_log() -> Iterator[Path]:
    """A SQLite file whose log has two whole ranges and part of a third."""
    url = new_database("sqlite")
    engine = prepare(create_engine(url))
    with Session(engine) as session:
        begin_write(session)
        rows = Together()
        log = record.Appending(session, rows)
        for number in range(SIZE):
            origin = record.Origin("command", req=f"{number:032x}")
            texts = {"note": f"{number}"} if number % 500 == 0 else {}
            log.append(record.NewEvent("told", "system", texts=texts), origin)
        rows.write(session)
        session.commit()
    engine.dispose()
    yield Path(url.removeprefix("sqlite:///"))
    drop_database(url)


Range = tuple[int | None, int | None]


def ranges_found(url: str, reading: Reading | None = None) -> dict[str, list[Range]]:
    """What does not hold, by check."""
    engine = prepare(create_engine(url))
    found: dict[str, list[Range]] = {}
    with Session(engine) as session:
        for each in verify_log(session, reading=reading or ALONE):
            if not each.holds:
                found.setdefault(each.check, []).append((each.first_seq, each.last_seq))
    engine.dispose()
    return found


def test_roots_at_all_sizes_are_those_of_the_stored_tree(long_log: Path) -> None:
    engine = prepare(create_engine(f"sqlite:///{long_log}"))
    with Session(engine) as session:
        roots = RootsAt(frozenset(SEAMS | {SIZE + 5}))
        assert all(finding.holds for finding in verify_log(session, roots=roots))
        assert roots.found == {size: record.log_root(session, size) for size in SEAMS}
        for size in SEAMS:
            assert all(finding.holds for finding in verify_log(session, size))
    engine.dispose()


def node(level: int, position: int) -> Callable[[Connection], object]:
    here = f"level = {level} AND position = {position}"
    return lambda c: execute(c, f"UPDATE audit_node SET hash = zeroblob(32) WHERE {here}")


def emptied(connection: Connection) -> None:
    for table in ("audit_detail", "audit_event"):
        here = f"seq >= {RANGE} AND seq < {2 * RANGE}"
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {here}")


@pytest.mark.parametrize(
    ("tampering", "check", "located"),
    [
        (lambda c: rewrite(c, RANGE - 1, via="web"), "links", (RANGE, RANGE)),
        (lambda c: rewrite(c, RANGE - 1, via="web"), "tree", (RANGE - 2, RANGE - 1)),
        (lambda c: rewrite(c, RANGE, and_hash=True, via="web"), "links", (RANGE + 1, RANGE + 1)),
        (lambda c: delete(c, RANGE), "sequence", (RANGE, RANGE)),
        (lambda c: delete(c, RANGE - 1), "sequence", (RANGE - 1, RANGE - 1)),
        (emptied, "sequence", (RANGE, 2 * RANGE - 1)),
        (node(12, 0), "tree", (0, 2 * RANGE - 1)),
        (node(11, 1), "tree", (RANGE, 2 * RANGE - 1)),
        (node(1, RANGE), "tree", (2 * RANGE, 2 * RANGE + 1)),
    ],
)
def test_what_is_altered_where_ranges_meet_is_located(
    long_log: Path,
    tmp_path: Path,
    tampering: Callable[[Connection], object],
    check: str,
    located: Range,
) -> None:
    url = copied(long_log, tmp_path)
    with past_the_triggers(url) as connection:
        tampering(connection)
    assert located in ranges_found(url)[check]


def test_several_processes_find_what_one_finds(long_log: Path, tmp_path: Path) -> None:
    url = copied(long_log, tmp_path)
    with past_the_triggers(url) as connection:
        rewrite(connection, RANGE - 1, via="web")
        rewrite(connection, 2 * RANGE + 3, and_hash=True, via="web")
        execute(connection, "DELETE FROM audit_detail WHERE seq = 500")
    alone = ranges_found(url)
    engine = prepare(create_engine(url))
    with Session(engine) as session, read_by(session, 2, ALONE.told) as reading:
        assert ranges_found(url, reading) == alone
    engine.dispose()
    assert alone.keys() == {"links", "hashes", "tree", "details", "root"}


def copied(database: Path, folder: Path) -> str:
    copy = folder / "copy.sqlite"
    copy.write_bytes(database.read_bytes())
    return f"sqlite:///{copy}"


PLAIN = (
    b'{"action":"told","actor":"system","at":"x","build":"1","case":null,"detail_commit":null,'
    b'"effective_on":null,"id":"x","part":0,"prev":"","req":"x","role":"system","seq":0,'
    b'"stat":%s,"state":null,"target":null,"v":1,"ver":null,"via":"web"}'
)


@pytest.mark.parametrize(
    ("stat", "is_canonical"),
    [
        (b"{}", True),
        (b'{"a":true,"b":null,"c":[1,"x",["y",-2]]}', True),
        (b'{"a":{"b":{"c":[[["deep"]]]}}}', True),
        ('{"a":"“é”"}'.encode(), True),
        (b'{"a":"\\"quoted\\" \\n"}', True),
        ('{"a":"e\u0301"}'.encode(), False),
        (b'{"a":1.5}', False),
        (b'{"a":1.0}', False),
        (b'{"a":1e3}', False),
        (b'{"a":9007199254740992}', False),
        (b'{"b":1,"a":1}', False),
        (b'{"a":1,"a":1}', False),
        (b'{ "a":1}', False),
        (b'{"a":"\\u0041"}', False),
        (b'{"a":"\\u0000"}', False),
        (b"[]", False),
    ],
)
def test_only_canonical_bytes_are_read_one_by_one_or_many_at_once(
    stat: bytes, is_canonical: bool
) -> None:
    body, plain = PLAIN % stat, PLAIN % b"{}"
    assert (read_body(body) is not None) == is_canonical
    both = read_bodies([plain, body])
    assert [read is not None for read in both] == [True, is_canonical]
    assert both == [read_body(plain), read_body(body)]
