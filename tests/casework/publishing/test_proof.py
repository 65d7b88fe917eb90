"""Whoever does not trust the office can check a published report, and nothing altered passes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.check_codes import check_code
from casework.audit.notes import SigningKey, TreeHead, read, sign
from casework.checkpoints import keys, queries
from casework.models import Publication
from casework.publishing.checking import views
from casework.verifier import program as handed_out
from casework.verifier.verify_casework import main as verify
from casework.verifier.verify_casework import read_key
from tests import factories
from tests.casework.audit.tampering import execute, past_the_triggers, rewrite
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People

FIRST, SECOND = "/published/2026-27/1", "/published/2026-27/2"
NEW_KEY = SigningKey("office.example.org/casework", b"\1" * 32)
Files = dict[str, bytes]
FINGERPRINT = lives.KEY.verifier.fingerprint
GIVEN = ("--key", FINGERPRINT, "--key", NEW_KEY.verifier.encoded)


def published(db: Session, people: People) -> Publication:
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    lives.published(db, row, people["sam"])
    return row


def pack_at(client: FlaskClient, path: str) -> bytes:
    answer = client.get(f"{path}/proof", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return answer.data


def unpacked(pack: bytes) -> Files:
    with ZipFile(BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verdict(pack: Files, folder: Path, *more: str) -> int:
    path = folder / "pack.zip"
    with ZipFile(path, "w") as archive:
        for name, content in pack.items():
            archive.writestr(name, content)
    return verify([str(path), *more])


@pytest.mark.one_database
def test_packs_are_put_together_for_one_network_so_often_and_the_report_is_always_there(
    db: Session, client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PACKS", replace(views.PACKS, most=1))
    published(db, people)
    lives.checkpointed(db)
    assert pack_at(client, FIRST)
    refused = client.get(f"{FIRST}/proof")
    assert refused.status_code == 429 and "accounts in your office" not in refused.text
    assert client.get(FIRST).status_code == 200


def test_a_pack_is_believed_by_the_verifier_and_is_the_same_for_ever(
    db: Session, client: FlaskClient, people: People, tmp_path: Path
) -> None:
    factories.case(db)
    first = published(db, people)
    assert client.get(f"{FIRST}/proof").status_code == 404
    lives.checkpointed(db)
    begun = pack_at(client, FIRST)
    factories.case(db)
    published(db, people)
    lives.checkpointed(db, NEW_KEY)
    second = unpacked(pack_at(client, SECOND))
    lives.countersigned(db, db.get_one(Publication, first.token), people["charlie"])
    assert pack_at(client, FIRST) == begun  # until a checkpoint covers that it was countersigned
    lives.checkpointed(db, NEW_KEY)
    signed = unpacked(pack_at(client, FIRST))
    assert pack_at(client, FIRST) == pack_at(client, FIRST)
    assert unpacked(pack_at(client, SECOND)) == second
    assert second["earlier-checkpoint.txt"] == signed["checkpoint.txt"]
    assert json.loads(signed["countersigned.json"])["action"] == "report_countersigned"
    for pack in (unpacked(begun), second, signed):
        assert verdict(pack, tmp_path, *GIVEN) == 0
        assert (
            sha256(pack["report.json"]).hexdigest()
            == json.loads(pack["event.json"])["stat"]["json"]
        )
        assert check_code(sha256(pack["report.json"]).hexdigest()) in pack["README.txt"].decode()
        named = pack["README.txt"].decode().partition("WHAT IS IN IT")[2]
        assert [line.split()[0] for line in named.splitlines() if line] == [
            name for name in pack if name != "README.txt"
        ]
        folder = tmp_path / sha256(pack["event.json"] + pack["proof.json"]).hexdigest()
        folder.mkdir()
        for name, content in pack.items():
            (folder / name).write_bytes(content)
    told = pack["README.txt"].decode().partition("enter:")[2].split("\n\n")[1].split()
    told = [FINGERPRINT if each == "FINGERPRINT" else each for each in told]
    done = subprocess.run([sys.executable, *told[1:]], cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (3, b"")  # the newer key signed in it too
    assert verdict(signed, tmp_path, *GIVEN) == 0


def altered(pack: Files, other: Files) -> Iterator[tuple[str, Files]]:
    """The pack with one thing in it altered, each way once; `other` is the next report's."""
    for name in ("report.json", "event.json", "checkpoint.txt", "countersigned.json"):
        content = pack[name]
        at = len(content) // 2
        yield name, {**pack, name: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]}
        yield f"{name} cut", {**pack, name: content[:-20]}
    for name in ("report.json", "event.json", "checkpoint.txt", "proof.json"):
        yield f"the next report’s {name}", {**pack, name: other[name]}
    proofs = json.loads(pack["proof.json"])
    for name, path in proofs.items():
        if name == "format" or not path:
            continue
        flipped = f"{int(path[0], 16) ^ 1:064x}"
        for change in ([flipped, *path[1:]], path[1:], [*path, path[-1]], [], None):
            mutated = json.dumps({**proofs, name: change}).encode()
            yield f"{name} as {change}", {**pack, "proof.json": mutated}
    keys = json.loads(pack["keys.json"])
    keys[0]["key"] = NEW_KEY.verifier.encoded
    yield "keys", {**pack, "keys.json": json.dumps(keys).encode()}
    without = {n: content for n, content in pack.items() if n != "earlier-checkpoint.txt"}
    yield (
        "earlier checkpoint taken out",
        {**without, "proof.json": json.dumps({**proofs, "consistency": None}).encode()},
    )


def by_stranger(pack: Files) -> Files:
    """The pack with every note signed by a key of nobody's, which its list of keys names."""
    stranger = SigningKey("office.example.org/casework", b"\7" * 32)
    keys = [
        {**row, "key": stranger.verifier.encoded} for row in json.loads(pack["keys.json"].decode())
    ]
    notes = {
        name: sign(read(content).text, [stranger]).written.encode()
        for name, content in pack.items()
        if name.endswith("checkpoint.txt")
    }
    return {**pack, **notes, "keys.json": json.dumps(keys).encode()}


def kept(
    folder: Path, size: int, root: bytes, origin: str = "", key: SigningKey = lives.KEY
) -> str:
    """A checkpoint that somebody kept, in a file."""
    path = folder / f"{size}-{root.hex()[:8]}-{len(origin)}-{key.seed.hex()[:8]}.txt"
    path.write_text(sign(TreeHead(origin or key.name, size, root).text, [key]).written)
    return str(path)


@pytest.mark.one_database
def test_no_altered_pack_is_believed(
    db: Session, client: FlaskClient, people: People, tmp_path: Path
) -> None:
    published(db, people)
    lives.checkpointed(db)
    row = published(db, people)
    lives.checkpointed(db)
    published(db, people)
    lives.countersigned(db, db.get_one(Publication, row.token), people["dee"])
    lives.checkpointed(db)
    pack, other = (unpacked(pack_at(client, path)) for path in (SECOND, "/published/2026-27/3"))
    assert verdict(pack, tmp_path, *GIVEN) == verdict(other, tmp_path, *GIVEN) == 0
    believed = [
        how for how, each in altered(pack, other) if verdict(each, tmp_path, *GIVEN) in (0, 3)
    ]
    assert believed == []


@pytest.mark.one_database
def test_a_pack_is_compared_with_what_somebody_kept(
    db: Session,
    client: FlaskClient,
    people: People,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(db, people)
    lives.checkpointed(db)
    factories.case(db)
    published(db, people)
    lives.checkpointed(db)
    pack = unpacked(pack_at(client, SECOND))
    now, then = (
        TreeHead.read(read(pack[name]).text)
        for name in ("checkpoint.txt", "earlier-checkpoint.txt")
    )
    counted = json.loads(pack["event.json"])["stat"]
    other = bytes(32)

    def asked(path: str, *more: str) -> int:
        return verdict(pack, tmp_path, "--key", FINGERPRINT, "--checkpoint", path, *more)

    for head in (now, then):
        assert asked(kept(tmp_path, head.size, head.root)) == 0
        assert asked(kept(tmp_path, head.size, other)) == 1
        assert asked(kept(tmp_path, head.size, head.root, "other.example/log")) == 1
        assert asked(kept(tmp_path, head.size, head.root, key=NEW_KEY)) == 1
    root = bytes.fromhex(counted["log_root"])
    assert asked(kept(tmp_path, counted["log_size"], root)) == 0
    assert asked(kept(tmp_path, counted["log_size"], other)) == 1
    for size in (now.size + 5, now.size - 1):
        capsys.readouterr()
        assert asked(kept(tmp_path, size, other)) == 3
        assert "was not compared" in capsys.readouterr().out
    marked = tmp_path / "marked.txt"
    marked.write_bytes(b"\xef\xbb\xbf" + pack["checkpoint.txt"].replace(b"\n", b"\r\n"))
    assert asked(str(marked)) == 0
    ended = {n: c.replace(b"\n", b"\r\n") for n, c in pack.items() if n.endswith(("txt", "json"))}
    assert verdict(ended, tmp_path, "--key", FINGERPRINT) == 0


@pytest.mark.one_database
def test_a_pack_is_believed_by_nobody_who_has_not_the_key_from_elsewhere(
    db: Session,
    client: FlaskClient,
    people: People,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(db, people)
    lives.checkpointed(db)
    pack = unpacked(pack_at(client, FIRST))
    forged = by_stranger(pack)
    for each in (pack, forged):
        capsys.readouterr()
        assert verdict(each, tmp_path) == 3
        fingerprint = read_key(json.loads(each["keys.json"])[0]["key"]).fingerprint
        assert capsys.readouterr().out.startswith(f"SIGNED BY {fingerprint} of ")
    for key in (FINGERPRINT, FINGERPRINT.lower(), lives.KEY.verifier.encoded):
        assert verdict(pack, tmp_path, "--key", key) == 0
        assert verdict(forged, tmp_path, "--key", key) == 1
    silent = json.loads(pack["event.json"])["stat"]
    assert (silent["report_before"], silent["number"]) == (None, 1)


@pytest.mark.one_database
def test_the_page_says_what_can_be_checked_and_since_when(
    db: Session, client: FlaskClient, people: People
) -> None:
    assert "There is no key yet" in client.get("/published/checking").text
    row = published(db, people)
    waiting = client.get(FIRST).text
    assert "No signed checkpoint covers this report yet" in waiting
    assert f"{FIRST}/proof" not in waiting
    assert "no proof pack of this report yet" in client.get(f"{FIRST}/proof").text
    signed = lives.checkpointed(db)
    shown = client.get(FIRST).text
    assert f"the checkpoint over {signed.size:,} recorded actions" in shown
    assert f'href="{FIRST}/proof"' in shown and "Countersigned" not in shown
    lives.checkpointed(db, NEW_KEY)
    keys = client.get("/published/checking").text
    for key in (lives.KEY, NEW_KEY):
        assert key.verifier.fingerprint in keys and key.verifier.encoded in keys
    assert keys.index(NEW_KEY.verifier.fingerprint) < keys.index(lives.KEY.verifier.fingerprint)
    program = client.get("/published/checking/verify_casework.py", buffered=True)
    assert program.data == handed_out()
    assert row.state == "published"


@pytest.mark.one_database
def test_a_report_is_signed_as_it_is_published_and_published_without_the_key(
    db: Session, client: FlaskClient, people: People, app: Flask, quick_files: None
) -> None:
    sam = factories.sign_in(app.test_client(), people["sam"])
    lives.checkpointed(db)
    key = app.extensions["casework"].signing_key
    for number in (1, 2):
        row = lives.drafted(db, people["riley"])
        lives.approved(db, row, people["charlie"])
        if number == 2:
            keys.made(key, lambda: lives.KEY)
        sent = {"version": str(row.version)}
        path = f"/publications/{row.token}/publish"
        assert factories.post(sam, path, **sent).status_code == 302
        db.expire_all()
        size = (db.get_one(Publication, row.token).since_seq or 0) + 1
        assert (queries.covering(db, size - 1) is not None) == (number == 2)
    assert pack_at(client, FIRST) and pack_at(client, SECOND)
    assert f"checkpoint over {size:,} recorded actions" in client.get(FIRST).text


@pytest.mark.one_database
def test_a_chief_executive_countersigns_once_what_counts_again(
    db: Session, client: FlaskClient, people: People, app: Flask, database_url: str
) -> None:
    factories.case(db)
    published(db, people)
    page = f"/publications{FIRST}"
    charlie, dee = (
        factories.sign_in(app.test_client(), people[name]) for name in ("charlie", "dee")
    )
    assert "Recount and countersign" in charlie.get(page).text
    key = {"req": "a" * 32}
    for _ in range(2):
        assert factories.post(charlie, f"{page}/countersign", **key).status_code == 302
    assert "Countersigned" in client.get(FIRST).text
    assert "Recount and countersign" not in charlie.get(page).text
    again = factories.post(dee, f"{page}/countersign")
    assert (again.status_code, "countersigned already" in again.text) == (422, True)
    published(db, people)
    db.rollback()
    with past_the_triggers(database_url) as connection:
        execute(connection, "DELETE FROM milestone")
    differing = factories.post(dee, f"/publications{SECOND}/countersign")
    assert (differing.status_code, "other figures" in differing.text) == (422, True)
    assert "Countersigned" not in client.get(SECOND).text


@pytest.mark.one_database
def test_a_damaged_record_is_told_of_and_never_shown(
    db: Session, client: FlaskClient, people: People, app: Flask, database_url: str
) -> None:
    row = published(db, people)
    seq = row.since_seq or 0
    lives.checkpointed(db)
    pat = factories.sign_in(app.test_client(), people["pat"])
    riley = factories.sign_in(app.test_client(), people["riley"])
    db.rollback()
    with past_the_triggers(database_url) as connection:
        execute(connection, "UPDATE audit_node SET hash = :hash", hash=bytes(32))
    unproved = client.get(f"{FIRST}/proof")
    assert (unproved.status_code, "no longer leads to the checkpoint" in unproved.text) == (
        410,
        True,
    )
    assert client.get(FIRST).status_code == 200
    with past_the_triggers(database_url) as connection:
        rewrite(connection, seq, stat={})
    for _ in range(2):
        for reader, address in (
            (client, FIRST),
            (client, f"{FIRST}/proof"),
            (client, f"{FIRST}/csv"),
            (pat, f"/publications{FIRST}"),
            (riley, f"/publications{FIRST}/changes"),
        ):
            answer = reader.get(address)
            assert (answer.status_code, "its record cannot be read" in answer.text) == (410, True)
        assert "R/2026-27/1" in client.get("/published").text
        with past_the_triggers(database_url) as connection:
            damage = "UPDATE audit_event SET body = :body WHERE seq = :seq"
            execute(connection, damage, body=b"\xff not JSON", seq=seq)
