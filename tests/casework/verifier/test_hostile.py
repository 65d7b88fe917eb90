"""Whatever somebody puts into a folder or an archive, the verifier answers with a sentence."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.verifier import verify_casework as verifier
from tests.casework.audit.conftest import log as log
from tests.casework.verifier.both import exported
from tests.casework.verifier.rewriting import replace_rows, rows

pytestmark = pytest.mark.one_database
NAMES = (
    *("events", "words", "nodes", "cases", "items", "milestones", "settings", "people"),
    *("letter_templates", "publications", "reports", "checkpoints", "erasures"),
)
LINES = (
    b"",
    b"{",
    b"[]",
    b"\xff\xfe",
    b'{"seq":1' + b"0" * 5000 + b"}",
    b'{"seq":' + b"[" * 100_000,
    b'{"seq":0,"seq":1}',
    b'{"seq":NaN}',
    b'{"seq":"\\ud800"}',
    b'{"seq":{"__class__":"x"}}',
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text(max_size=9) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.fixture
def export(log: Session, tmp_path: Path) -> Path:
    return exported(log, tmp_path / "export")


def answer(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = verifier.main([str(path), *more])
    said = capsys.readouterr()
    assert "not foreseen" not in said.out + said.err
    assert not any(sign in said.out + said.err for sign in "\x1b\x07\x00")
    return code, said.out + said.err


def test_any_value_in_any_field_is_a_finding_or_a_refusal(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {name: rows(export, name) for name in NAMES}

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(name=st.sampled_from(NAMES), drawn=st.data())
    def check(name: str, drawn: st.DataObject) -> None:
        row = drawn.draw(st.sampled_from(kept[name])) if kept[name] else {"size": 1, "token": "x"}
        field, value = drawn.draw(st.sampled_from(sorted(row))), drawn.draw(ODD)
        changed = [{**each, field: value} if each is row else each for each in kept[name] or [row]]
        replace_rows(export, name, changed)
        code, _ = answer(export, capsys)
        replace_rows(export, name, kept[name])
        assert code in (0, 1, 2, 3)

    check()


def test_a_line_that_is_none_is_refused(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in LINES:
        for name in ("events.jsonl", "words.jsonl"):
            kept = (export / name).read_bytes()
            (export / name).write_bytes(kept + line + b"\n")
            assert answer(export, capsys)[0] == verifier.UNREADABLE, line[:20]
            (export / name).write_bytes(kept)
        kept = (export / "export.json").read_bytes()
        (export / "export.json").write_bytes(line)
        assert answer(export, capsys)[0] == verifier.UNREADABLE
        (export / "export.json").write_bytes(kept)


def test_s32_nothing_outside_the_folder_is_read(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = export / "cases.jsonl"
    cases.unlink()
    makers: list[Callable[[], None]] = [
        lambda: cases.symlink_to("/dev/zero"),
        lambda: os.mkfifo(cases),
    ]
    for make in makers:
        make()
        code, said = answer(export, capsys)
        assert (code, "no file cases.jsonl" in said) == (verifier.UNREADABLE, True)
        cases.unlink()


def test_s34_archives_that_are_too_much_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb, twice, cut = (tmp_path / name for name in ("bomb.zip", "twice.zip", "cut.zip"))
    monkeypatch.setattr(verifier, "LARGEST_UNPACKED", 1_000_000)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("proof.json", bytes(2_000_000))
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("proof.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("proof.json", "[]")
    cut.write_bytes(twice.read_bytes()[:40])
    for path in (bomb, twice, cut, tmp_path / "nothing"):
        assert answer(path, capsys)[0] == verifier.UNREADABLE
    assert "unpack to more than" in answer(bomb, capsys)[1]


def test_a_damaged_archive_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "pack.zip"
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("proof.json", json.dumps({"format": verifier.PACK}) * 9)
    whole = pack.read_bytes()
    for at in range(0, len(whole), 3):
        pack.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert answer(pack, capsys)[0] == verifier.UNREADABLE


def test_what_is_given_wrongly_is_told(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--key", "x"], ["--checkpoint", str(export)], ["--checkpoint", "/dev/zero"]):
        assert answer(export, capsys, *more)[0] == verifier.UNREADABLE
