"""S32: whatever a file is called, the name that is kept leads nowhere and says what it is."""

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.files.kinds import DOCX, KINDS, PDF, PROGRAMS, Kind
from casework.files.names import LONGEST, disguise_of, name_for, safe_name, stem_of

PIECES = (
    *("../", "..\\", "/", "C:\\", "\\\\host\\x", ".", "..", " ", ".pdf", ".exe", "a" * 200),
    *("\r\n", "\0", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\ud800", "e\u0301"),
    *("CON", "nul", "COM1.", "con.pdf", "<b>", '"', "|", "*", ":"),
)
NASTY = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map("".join)


@given(NASTY)
def test_s32_a_safe_name_leads_nowhere_on_any_system(given_name: str) -> None:
    name = safe_name(given_name)
    assert 0 < len(name) <= LONGEST
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert name == name.strip(". ") and not set(name) & set('<>:"|?*/\\')
    assert {unicodedata.category(char)[0] for char in name}.isdisjoint("C")
    assert unicodedata.is_normalized("NFC", name)
    assert (Path("/store") / name).resolve().parent == Path("/store")


@given(NASTY)
def test_a_safe_name_is_kept_as_it_is(given_name: str) -> None:
    assert safe_name(safe_name(given_name)) == safe_name(given_name)


@given(NASTY, st.sampled_from(KINDS))
def test_s32_the_name_to_save_under_ends_as_its_kind_does(stem: str, kind: Kind) -> None:
    name = name_for(stem, kind)
    assert len(name) <= LONGEST
    assert name.lower().endswith(kind.suffixes)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Outcome letter.pdf", "Outcome letter.pdf"),
        ("..\\..\\etc\\letter.pdf", "letter.pdf"),
        ("/etc/passwd", "passwd"),
        ("letter\r\nX-Evil: 1.pdf", "letter X-Evil- 1.pdf"),
        ("letter\u202efdp.exe", "letterfdp.exe"),
        ("aux.pdf", "file aux.pdf"),
        ("Zoë’s letter – 3 March.pdf", "Zoë’s letter – 3 March.pdf"),
        ("", "file"),
        (f"{'a' * 300}.docx", f"{'a' * 115}.docx"),
    ],
)
def test_what_names_become(typed: str, name: str) -> None:
    assert safe_name(typed) == name


def test_s32_a_name_that_hides_a_program_is_seen_through() -> None:
    assert disguise_of("letter.pdf.exe") == disguise_of("letter.exe.pdf") == ".exe"
    assert disguise_of("letter.SVG.png") == ".svg"
    assert disguise_of("Smith v Borset. 3.4.26.docx") is None
    assert {disguise_of(f"letter{suffix}.pdf") for suffix in PROGRAMS} == PROGRAMS


def test_the_name_of_a_paper_is_that_of_its_file_without_its_kind() -> None:
    assert stem_of("Outcome letter 3.4.26.pdf") == "Outcome letter 3.4.26"
    assert name_for("CR-1 Outcome letter 3.4.26", PDF) == "CR-1 Outcome letter 3.4.26.pdf"
    assert name_for("letter.docx", DOCX) == "letter.docx"
