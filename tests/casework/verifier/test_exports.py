"""What strangers find in an office's export: its reports, its checkpoints, and what it rewrote."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.audit.notes import SigningKey
from casework.verifier import verify_casework as verifier
from tests import factories
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People
from tests.casework.publishing.conftest import july as july
from tests.casework.publishing.conftest import people as people
from tests.casework.verifier.both import exported, strangers, wrong
from tests.casework.verifier.rewriting import Row, replace_rows, rewrite_log, rows

pytestmark = pytest.mark.one_database
LATER = datetime(2026, 7, 20, tzinfo=UTC)


@pytest.fixture
def export(db: Session, people: People, tmp_path: Path) -> Path:
    """An office with a published report, a checkpoint that covers it, and entries since."""
    lives.checkpointed(db)
    for number in range(3):
        factories.case(db, reference=f"CR/{number}", by=people["riley"])
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    lives.published(db, row, people["sam"])
    signed = lives.checkpointed(db)
    (tmp_path / "checkpoint.txt").write_text(signed.note)
    factories.case(db, reference="CR/9", by=people["riley"])
    return exported(db, tmp_path / "export", has_words=False)


@pytest.fixture
def kept(export: Path) -> Path:
    """The checkpoint that somebody kept."""
    return export.with_name("checkpoint.txt")


def judged(export: Path, *given: str) -> verifier.Outcome:
    source = verifier.Source(str(export))
    return verifier.verify_export(source, given, [], LATER)


def published_in(export: Path) -> Row:
    return next(row for row in rows(export, "events") if row["action"] == "report_published")


def test_an_office_that_altered_nothing(export: Path, kept: Path) -> None:
    outcome = strangers(export, kept, keys=[lives.KEY.verifier.encoded])
    assert wrong(outcome.findings) == {}
    size = outcome.size
    assert size - int(kept.read_text().split("\n")[1]) == 1
    assert "1 entry is newer than the newest checkpoint given" in outcome.cover
    assert any(f"The root over {size} entries" in each.sentence for each in outcome.findings)
    assert any("Words, names and addresses" in said for said in outcome.not_judged)


def test_a_checkpoint_is_known_again_however_a_mail_or_an_editor_left_it(
    export: Path, kept: Path
) -> None:
    kept.write_bytes(b"\xef\xbb\xbf" + kept.read_bytes().replace(b"\n", b"\r\n"))
    outcome = strangers(export, kept)
    assert (wrong(outcome.findings), outcome.code) == ({}, verifier.HOLDS)


def test_what_export_json_does_not_list_is_named(export: Path) -> None:
    (export / "more.jsonl").write_text("{}\n")
    assert "more.jsonl" in " ".join(strangers(export).not_judged)
    (export / "more.jsonl").unlink()
    assert "do not belong" not in " ".join(strangers(export).not_judged)


def test_no_office_lets_entries_wait_for_longer_than_a_month(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(body: Row) -> None:
        if body["seq"] == 0:
            body["action"] = "setting_changed"
            body["stat"] = {"setting": "checkpoint_days", "value": 10_000}

    rewrite_log(export, change)
    source = verifier.Source(str(export))
    month = datetime(2026, 8, 20, tzinfo=UTC)
    assert verifier.verify_export(source, [], [], month).cover.startswith("WARNING")


def test_entries_that_no_checkpoint_covers_for_too_long(export: Path, kept: Path) -> None:
    assert strangers(export, kept).code == verifier.HOLDS
    late = judged(export, str(kept))
    assert late.code == verifier.UNCOVERED
    assert "Whoever can write to the database could rewrite them" in late.cover
    none = judged(export)
    assert none.code == verifier.UNCOVERED
    assert "by the office’s own account" in none.cover


def test_s49_a_log_rewritten_as_a_whole_is_caught_by_who_kept_a_checkpoint(
    export: Path, kept: Path
) -> None:
    replace_rows(export, "checkpoints", [])
    rewrite_log(export, lambda body: body.update(actor="system") if body["seq"] == 6 else None)
    assert "checkpoints" not in wrong(strangers(export).findings)
    size = int(kept.read_text().split("\n")[1])
    found = wrong(strangers(export, kept).findings)
    assert found["checkpoints"] == {(0, size - 1)}


def test_s46_an_altered_log_is_located_between_two_checkpoints(
    export: Path, kept: Path, db: Session, tmp_path: Path
) -> None:
    factories.case(db)
    newer = tmp_path / "newer.txt"
    newer.write_text(lives.checkpointed(db).note)
    again = exported(db, tmp_path / "again", has_words=False)
    sizes = [int(path.read_text().split("\n")[1]) for path in (kept, newer)]

    def change(body: Row) -> None:
        body["actor"] = "system" if body["seq"] == sizes[0] + 1 else body["actor"]

    rewrite_log(again, change)
    found = wrong(strangers(again, kept, newer).findings)
    assert found["checkpoints"] == {(sizes[0], sizes[1] - 1)}


def test_a_gap_is_not_blamed_on_the_checkpoint_before_it(
    export: Path, db: Session, tmp_path: Path
) -> None:
    notes = []
    for _ in range(2):  # one of two neighbouring sizes is odd: its root ends in an entry's own hash
        factories.case(db)
        notes.append(lives.checkpointed(db).note)
    factories.case(db)
    sizes = [int(note.split("\n")[1]) for note in notes]
    assert {size % 2 for size in sizes} == {0, 1}
    kept = tmp_path / "kept.txt"
    again = exported(db, tmp_path / "again", has_words=False)
    log = rows(again, "events")
    for note, size in zip(notes, sizes, strict=True):
        kept.write_text(note)
        moved = {**log[size], "seq": len(log) + 900}
        replace_rows(again, "events", [*log[:size], *log[size + 1 :], moved])
        found = wrong(strangers(again, kept).findings)
        assert size in {first for first, _ in found["sequence"]}
        assert size - 1 not in {last for _, last in found.get("checkpoints", set())}


def test_s48_a_log_whose_end_was_cut_off(export: Path, kept: Path) -> None:
    size = int(kept.read_text().split("\n")[1])
    rewrite_log(export, lambda body: None, size - 2)
    found = wrong(strangers(export, kept).findings)
    assert (size - 2, size - 1) in found["checkpoints"]


def test_a_key_that_follows_on_one_that_was_not_the_logs(export: Path) -> None:
    other = SigningKey("elsewhere", b"x" * 32).verifier.encoded

    def claim(body: Row) -> None:
        if body["action"] == "signing_key_changed":
            body["stat"]["before"] = other

    rewrite_log(export, claim)
    [seq] = [each["seq"] for each in rows(export, "events") if "elsewhere" in each["body"]]
    assert (seq, seq) in wrong(judged(export).findings)["checkpoints"]


def test_a_key_that_is_not_the_offices(export: Path, kept: Path) -> None:
    other = SigningKey("office.example.org/casework", b"\2" * 32)
    found = wrong(strangers(export, kept, keys=[other.verifier.encoded]).findings)
    assert found == {"checkpoints": {(None, None)}}


def test_figures_that_the_entries_do_not_give(export: Path) -> None:
    """Figures, their hash and the whole log after it are rewritten; the cases still say otherwise."""
    (kept,) = rows(export, "reports")
    figures = kept["figures"].replace('"received":3', '"received":4')
    assert figures != kept["figures"]
    replace_rows(export, "reports", [{**kept, "figures": figures}])
    seq = published_in(export)["seq"]
    assert wrong(strangers(export).findings) == {"published reports": {(seq, seq)}}
    digest = sha256(figures.encode()).hexdigest()
    told = published_in(export)["body"]
    was = json.loads(told)["stat"]["figures"]

    def change(body: Row) -> None:
        if body["stat"].get("figures") == was:
            body["stat"]["figures"] = digest

    rewrite_log(export, change)
    replace_rows(
        export, "publications", [{**row, "figures": digest} for row in rows(export, "publications")]
    )
    replace_rows(export, "checkpoints", [])
    (finding,) = [each for each in strangers(export).findings if not each.holds]
    assert "The entries give other figures of cohort or activity" in finding.sentence
    assert (finding.check, finding.first_seq) == ("published reports", seq)


def test_a_folder_that_was_copied_badly(export: Path) -> None:
    path = export / "events.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[: whole[:-1].rindex(b"\n") + 1])
    found = wrong(strangers(export).findings)
    assert {"files", "sequence", "root"} <= found.keys()
    path.write_bytes(whole[:-9])
    with pytest.raises(verifier.Refused, match="not as the format has it"):
        strangers(export)
