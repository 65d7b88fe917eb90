"""S33: what is taken by its bytes and what is in it, whatever it is called; the rest is refused."""

import json
from io import BytesIO
from types import ModuleType
from zipfile import ZipInfo

import pytest

from casework.files.inside import mail, packages, pdf, pictures
from casework.files.inside.__main__ import MOST_WORDS, checked, main
from casework.files.inside.refusal import Refused
from casework.files.sniff import sniff
from tests.casework.files import documents

MODULES: dict[str, ModuleType] = {
    "pdf": pdf,
    "jpeg": pictures,
    "png": pictures,
    "eml": mail,
    "msg": mail,
    "docx": packages,
    "odt": packages,
}
MACHINE = b"MZ\x90\x00" + bytes(60)
PARTS = {"[Content_Types].xml": documents.WORD.encode(), "word/document.xml": b"<w/>"}
SCRIPT = "/S /JavaScript /JS (app.alert(1))"
EXTERNAL = "https://evil.example/x"


def refusal(content: bytes) -> str:
    """What is said of a file; empty when it is taken."""
    kinds = sniff(content)
    if not kinds:
        return "It is of a kind that is not taken"
    try:
        checked(BytesIO(content), [kind.code for kind in kinds])
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", documents.pdf()),
        ("docx", documents.docx()),
        ("odt", documents.odt()),
        ("eml", documents.eml()),
        ("eml", documents.eml("<p>We attach<script>x</script> the file.</p>", html=True)),
        ("msg", documents.msg()),
    ],
)
def test_each_kind_is_known_by_its_bytes_and_read(kind: str, content: bytes) -> None:
    module = MODULES[sniff(content)[0].code]
    assert module.check(BytesIO(content)) == kind
    words = " ".join("".join(module.words(BytesIO(content), kind)).split())
    assert "The gate was open." in words or "We attach the file." in words
    assert "script" not in words


@pytest.mark.parametrize(("kind", "content"), [("png", documents.PNG), ("jpeg", documents.JPEG)])
def test_pictures_are_taken_and_have_no_words(kind: str, content: bytes) -> None:
    assert pictures.check(BytesIO(content)) == kind
    assert list(pictures.words(BytesIO(content), kind)) == []


def test_harmless_things_that_offices_have_are_taken() -> None:
    link = documents.rels("hyperlink", EXTERNAL)
    template = documents.rels("attachedTemplate", "file:///S:/Letters/psd.dotx")
    changes = b"<w xmlns='x'><p><t>Kept </t><delText>struck</delText><tab/><t>now</t></p></w>"
    assert refusal(documents.docx(changed=link)) == refusal(documents.docx(changed=template)) == ""
    assert refusal(documents.pdf_with("note.txt", b"a note")) == ""
    assert refusal(documents.eml(attached=("letter.pdf", documents.pdf()))) == ""
    altered = documents.docx(changed={"word/document.xml": changes})
    assert "".join(packages.words(BytesIO(altered), "docx")) == "Kept \tnow\n"


def linked(name: str) -> bytes:
    """A document with a part that is a link to a file of the machine."""
    link = ZipInfo(name)
    link.external_attr = 0o120777 << 16
    return documents.zipped([*PARTS.items(), (link, b"/etc/passwd")])


HARMFUL: list[tuple[bytes, str]] = [
    (b"<!DOCTYPE html><script>x</script>", "not taken"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not taken"),
    (b"<html>%PDF-1.7", "not taken"),
    (MACHINE, "not taken"),
    (b"\xef\xbb\xbf" + documents.pdf(), "not taken"),
    (b"GIF89a" + documents.pdf(), "not taken"),
    (b"", "not taken"),
    (b"%PDF-1.7\n<html><script>x</script>", "damaged"),
    (documents.pdf() + documents.docx(), "two kinds"),
    (documents.PNG + documents.docx(), "two kinds"),
    (documents.JPEG + documents.docx(), "two kinds"),
    (documents.PNG + b"<script>x</script>", "two kinds"),
    (
        documents.JPEG.replace(b"\xff\xc0", b"\xff\xfe\x00\x0b<script>\x00\xff\xc0", 1),
        "two kinds",
    ),
    (documents.JPEG[:-2], "damaged"),
    (documents.PNG[:-4], "damaged"),
    (documents.PNG.replace(b"\x00\x00\x00\x01\x00\x00\x00\x01", b"\x00\x01" * 4), "screen"),
    (documents.pdf(extra=f"/OpenAction << {SCRIPT} >>"), "script"),
    (documents.pdf(extra="/OpenAction << /S /Launch /F (cmd.exe) >>"), "script"),
    (
        documents.pdf(extra=f"/Names << /JavaScript << /Names [(a) << {SCRIPT} >>] >> >>"),
        "script",
    ),
    (documents.pdf(extra=f"/AA << /WC << {SCRIPT} >> >>"), "script"),
    (documents.pdf_with("letter.exe", b"x"), "program"),
    (documents.pdf_with("letter.txt", MACHINE), "program"),
    (documents.pdf(password="secret"), "password"),
    (documents.docx(changed={"word/vbaProject.bin": b"x"}), "macros"),
    (documents.docx(changed={"word/embeddings/oleObject1.bin": b"x"}), "another program"),
    (documents.docx(changed={"word/activeX/activeX1.xml": b"<a/>"}), "another program"),
    (documents.docx(changed={"word/media/image1.png": MACHINE}), "program"),
    (documents.docx(changed={"word/run.exe": b"x"}), "program"),
    (documents.docx(changed=documents.rels("oleObject", EXTERNAL)), "from elsewhere"),
    (documents.docx(changed=documents.rels("attachedTemplate", EXTERNAL)), "from elsewhere"),
    (documents.docx(changed=documents.rels("frame", EXTERNAL)), "from elsewhere"),
    (documents.docx(changed={"[Content_Types].xml": b"<a/>"}), "plain Word document"),
    (documents.docx(changed={"[Content_Types].xml": None}), "archive"),
    (documents.docx(changed={"word/document.xml": b"<w>"}), "damaged"),
    (documents.docx(changed={"../../evil.xml": b"<w/>"}), "damaged"),
    (documents.docx(changed={"/etc/passwd": b"x"}), "damaged"),
    (documents.docx(changed={"..\\evil.xml": b"<w/>"}), "damaged"),
    (linked("word/x"), "damaged"),
    (b"MZ" + documents.docx(), "not taken"),
    (documents.docx()[:-30], "damaged"),
    (documents.zipped([("page.html", b"%PDF-1.7 <html>"), *PARTS.items()])[:40], "damaged"),
    (
        documents.odt(changed={"mimetype": b"application/vnd.oasis.opendocument.base"}),
        "not a text",
    ),
    (documents.odt(changed={"Basic/Standard/Module1.xml": b"<a/>"}), "macros"),
    (
        documents.odt(changed={"META-INF/manifest.xml": b"<a><encryption-data/></a>"}),
        "password",
    ),
    (documents.eml(attached=("run.exe", b"x")), "program"),
    (documents.eml(attached=("letter.docm", b"x")), "program"),
    (documents.eml(attached=("letter.txt", MACHINE)), "program"),
    (b"Subject: no sender\r\n\r\nHello", "who sent it"),
    (documents.msg(WordDocument=b"x"), "older Office file"),
    (documents.msg(_VBA_PROJECT_CUR=b"x"), "macros"),
    (documents.compound({"EncryptedPackage": bytes(4096)}), "password"),
    (documents.compound({"Workbook": bytes(4096)}), "older Office file"),
]


@pytest.mark.parametrize(
    ("content", "said"),
    HARMFUL,
    # Never by content: a package holds the second in which it was made.
    ids=[f"{place}-{said}" for place, (_, said) in enumerate(HARMFUL)],
)
def test_s33_what_is_harmful_damaged_or_something_else_is_refused(
    content: bytes, said: str
) -> None:
    """Polyglots, pages, programs, macros, what fetches or runs by itself, what is locked."""
    assert said in refusal(content)


def test_a_protected_pdf_that_opens_without_a_password_is_read() -> None:
    protected = documents.pdf(password="")
    assert refusal(protected) == ""
    assert "The gate was open." in "".join(pdf.words(BytesIO(protected), "pdf"))


def test_words_are_whole_across_the_pieces_they_are_read_in_and_end_somewhere(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: object
) -> None:
    text = "gatekeeper " * (MOST_WORDS // 10)
    said = written(documents.docx(text), monkeypatch, capsysbinary)
    verdict, _, words = said.partition(b"\n")
    assert json.loads(verdict) == {"kind": "docx"}
    assert len(words) == MOST_WORDS
    assert set(words.split()[:-1]) == {b"gatekeeper"}


def written(
    content: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[bytes]
) -> bytes:
    """What the process says of a file, run here and without its bounds."""
    import sys
    from tempfile import TemporaryFile

    from casework.files.inside import __main__ as inside

    for bound in ("bound_memory", "bound_time"):
        monkeypatch.setattr(inside, bound, lambda _: None)
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": file}))
        main(["docx", "odt"])
    return capsys.readouterr().out
