"""One text, three forms: what is read from it, its Word file, its tagged PDF; all inert."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.letters.rendering import (
    PdfRefused,
    as_docx,
    as_pdf,
    docx_to_pdf,
    leftovers,
    parse,
    pdf,
)
from casework.letters.rendering.body import Heading, Items, Paragraph, literal
from casework.letters.rendering.printer import cleaned
from tests.pdfs import assert_tagged

OFFICE = "Office of the Police & Crime Commissioner"
TEXT = """\
Zoë Pike
1 Long Lane

# Our decision

It was <b>not</b> {{ 7*7 }} {% raw %} & so on.

## Why

- =cmd|' /C calc'!A0
- <script>alert(1)</script>

\\- no item, and a control\x00 character\x0b

Yours sincerely

Ann
"""
READ = (
    Paragraph(("Zoë Pike", "1 Long Lane")),
    Heading(1, "Our decision"),
    Paragraph(("It was <b>not</b> {{ 7*7 }} {% raw %} & so on.",)),
    Heading(2, "Why"),
    Items(("=cmd|' /C calc'!A0", "<script>alert(1)</script>")),
    Paragraph(("- no item, and a control character",)),
    Paragraph(("Yours sincerely",)),
    Paragraph(("Ann",)),
)
SAID = [
    "It was <b>not</b> {{ 7*7 }} {% raw %} & so on.",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "- no item, and a control character",
]


def test_a_text_is_read_as_one_sees_it() -> None:
    body = parse(TEXT)
    assert body.blocks == READ
    assert body.title == "Our decision"
    assert body.sign_off == Paragraph(("Ann",))


LINE = st.text(st.characters(exclude_categories=["Cc", "Cn", "Cs", "Zl", "Zp"]))


@given(st.lists(LINE.map(str.strip).filter(bool), min_size=1))
def test_a_line_can_always_be_said_as_it_stands(lines: list[str]) -> None:
    assert parse("\n".join(map(literal, lines))).blocks == (Paragraph(tuple(lines)),)


@hypothesis.settings(max_examples=15)
@given(st.text())
def test_every_text_is_a_letter_that_word_can_open(typed: str) -> None:
    document = docx.Document(BytesIO(as_docx(parse(typed), office_name=OFFICE)))
    assert document.paragraphs[0].text == OFFICE


def test_a_word_file_says_the_same_in_styles_and_tells_nobody_who_made_it() -> None:
    read = docx.Document(BytesIO(as_docx(parse(TEXT), office_name=OFFICE, foot="CR/1, letter 2")))
    said = [(each.style.name if each.style else "", each.text) for each in read.paragraphs]
    assert said[0] == ("Letterhead", OFFICE)
    assert ("Heading 1", "Our decision") in said
    assert ("Heading 2", "Why") in said
    assert [text for style, text in said if style == "List Bullet"] == SAID[1:3]
    assert said[-1] == ("Sign-off", "Ann")
    assert "CR/1, letter 2" in read.sections[0].footer.paragraphs[0].text
    about = read.core_properties
    assert (about.author, about.last_modified_by, about.title) == ("", "", "Our decision")


@pytest.mark.usefixtures("printer")
def test_a_pdf_is_tagged_in_english_and_the_same_each_time() -> None:
    made = [
        as_pdf(parse(TEXT), office_name=OFFICE, foot='CR/1"} x', written_on=date(2026, 6, 22))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    said = assert_tagged(made[0], "Our decision")
    assert all(line in said for line in (*SAID, OFFICE, 'CR/1"} x', "Page 1 of 1"))


@pytest.mark.usefixtures("printer")
def test_a_finished_word_file_gives_its_words_and_nothing_that_acts() -> None:
    document = docx.Document(BytesIO(as_docx(parse(TEXT), office_name=OFFICE)))
    document.sections[0].header.paragraphs[0].text = "Fen House & Co"
    for address in ("https://example.org/a", "javascript:alert(1)", "file:///etc/passwd"):
        _link(document, address)
    written = BytesIO()
    document.save(written)
    said = assert_tagged(
        docx_to_pdf(written.getvalue(), title="A title", office_name=OFFICE), "A title"
    )
    assert all(line in said for line in (*SAID, "Fen House & Co", "to https://example.org/a"))


def _link(document: Any, address: str) -> None:
    paragraph = document.add_paragraph()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    number = document.part.relate_to(address, kind, is_external=True)
    link = docx.oxml.parse_xml(
        '<w:hyperlink xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:id="{number}"><w:r><w:t>to {address}</w:t></w:r></w:hyperlink>'
    )
    paragraph._p.append(link)


@pytest.mark.usefixtures("printer")
def test_what_is_no_word_file_has_no_pdf_and_says_so() -> None:
    with pytest.raises(PdfRefused, match=r"Nothing was changed\. Shorten it"):
        docx_to_pdf(b"PK\x03\x04 nonsense", title="A", office_name=OFFICE)


def test_without_pango_only_the_pdf_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "weasyprint.py"
    broken.write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    printer = tmp_path / "printer.py"
    source = Path(pdf._PRINTER).read_text(encoding="utf-8")
    printer.write_text(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{source}")
    monkeypatch.setattr(pdf, "_PRINTER", printer)
    with pytest.raises(PdfRefused, match="install libpango"):
        as_pdf(parse(TEXT), office_name=OFFICE)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p onclick='x()'>a<script>b</script></p>", "<p>a</p>"),
        ("<a href='javascript:x()'>a</a>", "<a>a</a>"),
        ("<a href=' HTTPS://x.example/?a&b '>a</a>", '<a href="HTTPS://x.example/?a&amp;b">a</a>'),
        ("<img src='file:///etc/passwd'><img src='http://x/y.png'>", ""),
        (
            "<img src='data:image/png;base64,AAAA' onerror=x>",
            '<img src="data:image/png;base64,AAAA" alt="">',
        ),
        ("<img src='data:image/svg+xml;base64,AAAA'>", ""),
        ("<svg><p>a</p></svg><link href=x><p style='x'>b</p>", "<p>b</p>"),
        ("<iframe src=x></iframe><b>c</b>&lt;b&gt;", "c&lt;b&gt;"),
        ("<p class='letterhead'>a</p><p class='x'>b</p>", '<p class="letterhead">a</p><p>b</p>'),
        ('<td colspan="2" rowspan="99999">a</td>', '<td colspan="2">a</td>'),
    ],
)
def test_only_what_a_letter_needs_is_kept(html: str, kept: str) -> None:
    assert cleaned(html) == kept


@pytest.mark.parametrize(
    ("left", "named"),
    [
        ('<w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins>', "tracked changes"),
        ('<w:del w:id="1" w:author="A"><w:r><w:delText>x</w:delText></w:r></w:del>', "tracked"),
        ('<w:r><w:commentReference w:id="0"/></w:r>', "comments"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>", "hidden text"),
    ],
)
def test_what_was_never_meant_to_leave_is_found(left: str, named: str) -> None:
    clean = as_docx(parse(TEXT), office_name=OFFICE)
    assert leftovers(clean) == ()
    document = docx.Document(BytesIO(clean))
    paragraph = docx.oxml.parse_xml(
        f'<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{left}</w:p>'
    )
    document.element.body.insert(0, paragraph)
    written = BytesIO()
    document.save(written)
    (found,) = leftovers(written.getvalue())
    assert named in found
