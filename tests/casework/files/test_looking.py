"""S34 and F17: whatever a file does to whoever opens it, it does to a process that may die of it."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from casework.files.kinds import DOCX
from casework.files.looking import FileRefused, Seen, look_inside
from tests.casework.files import documents

MEGABYTE = 1_000_000
MEASURED = """
import json, resource, subprocess, sys
said = subprocess.run([sys.executable, "-m", "casework.files.inside", *sys.argv[2:]],
    stdin=open(sys.argv[1], "rb"), capture_output=True, env={}).stdout
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([said.decode(), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]))
"""
"""Run by a small process, as the memory of whoever starts a process counts as that process's own."""
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><w>&j;</w>"
)
FETCHING = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w><p><t>&x;</t></p></w>'


def zeros(size: int) -> bytes:
    """A Word document with a picture of so many bytes of nothing."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("word/media/image1.png", "w") as part:
            for _ in range(size // MEGABYTE):
                part.write(bytes(MEGABYTE))
        archive.writestr("[Content_Types].xml", documents.WORD)
        archive.writestr("word/document.xml", "<w/>")
    return file.getvalue()


def overlapping() -> bytes:
    """A Word document whose directory names the same bytes ten thousand times."""
    package = bytearray(documents.docx())
    end = package.rindex(b"PK\x05\x06")
    start = int.from_bytes(package[end + 16 : end + 20], "little")
    listed = package[start:end]
    first = listed[: listed.index(b"PK\x01\x02", 4)]
    copies = [first.replace(b"[Content_Types].xml", b"%019d" % number) for number in range(4_000)]
    many = listed + b"".join(copies)
    tail = package[end:]
    tail[8:12] = (len(many) // len(first)).to_bytes(2, "little") * 2
    tail[12:16] = len(many).to_bytes(4, "little")
    return bytes(package[:start] + many + tail)


def lying() -> bytes:
    """A Word document whose text says that it is small and unpacks to more."""
    size, text = 7_654_321, b"<w>".ljust(7_654_321)
    package = documents.docx(changed={"word/document.xml": text})
    return package.replace(size.to_bytes(4, "little"), (2000).to_bytes(4, "little"))


def nested() -> bytes:
    """XML half a million elements deep."""
    return documents.docx(changed={"word/document.xml": b"<a>" * 500_000})


def pdf_bomb() -> bytes:
    """A PDF whose one page is eighty megabytes of spaces, packed."""
    return documents.pdf(text=" " * (80 * MEGABYTE))


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip": (lambda: zeros(320 * MEGABYTE), "unpacks to far more"),
    "zip, just too tight": (lambda: zeros(20 * MEGABYTE), "unpacks to far more"),
    "overlapping zip": (overlapping, "unpacks to far more"),
    "lying zip": (lying, "damaged"),
    "entities": (
        lambda: documents.docx(changed={"word/document.xml": ENTITIES.encode()}),
        "unpacks to far more",
    ),
    "entities in UTF-16": (
        lambda: documents.docx(
            changed={
                "word/document.xml": ENTITIES.replace("?><!", ' encoding="UTF-16"?><!').encode(
                    "utf-16"
                )
            }
        ),
        "unpacks to far more",
    ),
    "entities of ODT": (
        lambda: documents.odt(changed={"content.xml": ENTITIES.encode()}),
        "unpacks to far more",
    ),
    "fetching": (
        lambda: documents.docx(changed={"word/document.xml": FETCHING.encode()}),
        "unpacks to far more",
    ),
    "nested": (nested, "damaged"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_s34_a_bomb_is_refused_within_a_second_and_200_megabytes(name: str, tmp_path: Path) -> None:
    make, why = BOMBS[name]
    bomb = tmp_path / "bomb"
    bomb.write_bytes(make())
    verdict, seconds, memory = measured(bomb, "docx", "odt")
    assert why in verdict["refused"]
    assert seconds < 1
    assert memory < 200 * MEGABYTE


def looked(folder: Path, content: bytes, name: str = "letter.pdf", **asked: Any) -> Seen:
    """What is seen in a file with this content."""
    path = folder / "file"
    path.write_bytes(content)
    with path.open("rb") as file:
        return look_inside(file, name, **asked)


def measured(path: Path, *kinds: str) -> tuple[dict[str, str], float, int]:
    """The verdict on a file, the seconds of work it took, and the most bytes of memory."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path), *kinds], capture_output=True, check=True
    )
    said, seconds, memory = json.loads(ran.stdout)
    return json.loads(said.partition("\n")[0]), seconds, memory


def test_what_is_stopped_by_its_bounds_is_refused_and_the_caller_lives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """F17: killed for its memory, the process says nothing; that too is an answer."""
    monkeypatch.setattr("casework.files.looking._INSIDE", [sys.executable, "-c", KILLED])
    with pytest.raises(FileRefused, match="more time or memory"):
        looked(tmp_path, documents.pdf())


KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
SPINNING = """
import sys
from casework.files.inside import __main__ as inside, pdf
inside.CHECK_SECONDS = 1
pdf.check = {what}
inside.main(["pdf"])
"""


@pytest.mark.parametrize(
    "what", ["lambda file: [0 for _ in iter(int, 1)]", "lambda file: bytes(10**9)"]
)
def test_s34_the_process_ends_itself_out_of_time_and_out_of_memory(
    what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = [sys.executable, "-c", SPINNING.format(what=what)]
    monkeypatch.setattr("casework.files.looking._INSIDE", code)
    with pytest.raises(FileRefused, match="more time or memory"):
        looked(tmp_path, documents.pdf())


def test_a_page_that_unpacks_without_end_is_kept_without_its_words(tmp_path: Path) -> None:
    """What takes too long to read is no harm: the file is whole, and its words are not searched."""
    seen = looked(tmp_path, pdf_bomb())
    assert (seen.kind.code, seen.text.strip()) == ("pdf", "")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (documents.pdf(), "letter.pdf.exe", "has “.exe” in it"),
        (documents.pdf(), "letter.html.pdf", "has “.html” in it"),
        (documents.pdf(), "letter.docx", "but its name says"),
        (documents.docx(), "letter.pdf", "but its name says"),
        (b"<svg/>", "picture.png", "not taken"),
    ],
)
def test_s32_a_name_that_says_something_else_is_refused(
    content: bytes, name: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(FileRefused, match=why):
        looked(tmp_path, content, name)


@pytest.mark.parametrize("name", ["Smith J. 3.4.26 v1.2.docx.PDF", "letter"])
def test_names_that_people_give_are_taken(name: str, tmp_path: Path) -> None:
    assert looked(tmp_path, documents.pdf(), name).kind.code == "pdf"


def test_only_the_kinds_asked_for_are_taken(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Taken are: Word document"):
        looked(tmp_path, documents.pdf(), only=(DOCX,))
    with pytest.raises(FileRefused, match="Taken are: Word document"):
        looked(tmp_path, documents.odt(), "letter.odt", only=(DOCX,))
