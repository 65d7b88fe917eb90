"""A report's document is in the form that its readers expect, and nothing typed in it does anything."""

import csv
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO

import docx
import lxml.html  # type: ignore[import-untyped]
import pikepdf
import pytest
from docx.oxml.ns import qn

from casework.counts.lives import Period
from casework.documents import annual, panel, parts
from casework.documents.charts import charts_of
from casework.documents.docx import as_docx
from casework.documents.flat import as_csv
from casework.documents.html import as_html
from casework.documents.model import Document, Grid
from casework.documents.ods import as_ods
from casework.documents.parts import Standing, unfinished
from casework.documents.pdf import as_pdf
from casework.documents.trust import LIMITS, Recounted
from casework.letters.rendering.body import Paragraph
from tests import pdfs
from tests.casework.documents import made_up, reading_back
from tests.casework.documents.made_up import OFFICE, ROOT

DIGEST = "7f3a91c25e600b1d" * 4
DAY = date(2023, 7, 6)
PUBLISHED = Standing("", "PR/2023/1", DAY, Recounted(DAY, 412, DIGEST, earlier=2, table=3))
DRAFT = Standing("Draft – not for publication")
QUARTER = Period(date(2022, 7, 1), date(2022, 9, 30))
ATTACKS = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}",
    '"} @page { x',
    "# 1 &amp; \x00\x0b",
)
PANEL = replace(
    OFFICE,
    panel_name="Fenmarch Police and Crime Panel",
    report_from="Charlie Lode, Chief Executive",
    contact_officer="Riley Marsh",
    contact_officer_details="reviews@fenmarch.example.org",
)
TEN = (
    *("Purpose", "Recommendations", "Terms of reference", "Background", "Key issues"),
    *("Implications", "Consultation", "Next steps", "Background documents", "Appendices"),
)


def to_the_panel(standing: Standing = PUBLISHED, **typed: str) -> Document:
    report = made_up.report(made_up.some(8), PANEL, QUARTER)
    begun = panel.prefilled(report, PANEL)
    met = {"agenda_item": "5", "meeting_on": "15 November 2022"}
    return panel.document(report, begun | met | typed, standing)


def test_the_panel_gets_its_form_filled_in_with_ten_numbered_sections() -> None:
    document = to_the_panel()
    header = document.header
    assert header is not None
    assert (header.panel, header.agenda_item) == ("Fenmarch Police and Crime Panel", "5")
    assert (header.meeting_on, header.access) == ("15 November 2022", "Public Report")
    assert header.report_of == "Charlie Lode, Chief Executive"
    numbered = [each for each in document.laid_out if each.label]
    assert [each.section.title for each in numbered] == list(TEN)
    assert [each.label for each in numbered] == [str(number) for number in range(1, 11)]
    for each in numbered:
        labels = [block.label for block in each.blocks if isinstance(block.block, Paragraph)]
        assert labels == [f"{each.label}.{place}" for place in range(1, len(labels) + 1)]
    purpose = numbered[0].blocks[0].block
    assert isinstance(purpose, Paragraph)
    assert "complaint reviews" in purpose.lines[0]
    assert "1 July 2022 to 30 September 2022" in purpose.lines[0]
    key_issues = numbered[4].blocks
    assert [each.label for each in key_issues] == ["5.1", "Table 1"]


def test_what_the_office_has_not_said_is_left_to_be_completed() -> None:
    report = made_up.report([])
    assert len(unfinished(panel.prefilled(report, OFFICE))) == 5
    assert len(unfinished(panel.prefilled(report, PANEL))) == 2  # the meeting’s own
    assert unfinished(annual.prefilled(report)) == ()


@pytest.mark.parametrize(
    ("cases", "begins"),
    [(0, "no complaint reviews"), (1, "one complaint review "), (40, "40 complaint reviews")],
)
def test_the_annual_paragraph_stands_first_under_its_heading(cases: int, begins: str) -> None:
    document = annual.unpublished(made_up.report(made_up.some(cases)))
    first, *_ = document.sections
    assert first.title == "Complaints over the reporting period"
    (said,) = first.blocks
    assert isinstance(said, Paragraph)
    assert f"considered {begins}" in said.lines[0]


def test_every_document_ends_with_what_can_be_trusted_and_bears_its_root_and_code() -> None:
    report = made_up.report(made_up.some(3))
    for document in (to_the_panel(), annual.document(report, {}, PUBLISHED)):
        last = document.sections[-1]
        said = [line for each in last.blocks for line in getattr(each, "lines", ())]
        assert last.begins_page
        assert LIMITS in said
        assert "Two earlier figures have changed: table 3." in said
        assert any(ROOT in line for line in said)
        for told in ("PR/2023/1", "Log size 412", ROOT, "7F3A-91C2-5E60-0B1D"):
            assert told in document.foot


def test_the_same_table_has_the_same_number_in_every_document() -> None:
    report = made_up.report(made_up.some(3))
    titles = [
        f"Table {place}: {each.title}" for place, each in enumerate(parts.all_tables(report), 1)
    ]
    for document in (
        annual.unpublished(report),
        panel.document(report, panel.prefilled(report, PANEL), PUBLISHED),
    ):
        found = [
            f"{each.label}: {each.block.title}"
            for part in document.laid_out
            for each in part.blocks
            if isinstance(each.block, Grid)
        ]
        assert found == titles
    sheets = reading_back.in_ods(as_ods(report))
    assert [
        rows[0][0].partition(" [")[0] for name, rows in sheets.items() if name.startswith("Table")
    ] == titles


def test_a_word_file_is_one_that_screen_readers_can_walk_through() -> None:
    document = to_the_panel(DRAFT)
    file = as_docx(document)
    read = docx.Document(BytesIO(file))
    styles = [each.style.name if each.style else "" for each in read.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == len(document.sections)
    about = read.core_properties
    assert (about.title, about.language, about.author) == ("Complaint reviews", "en-GB", "")
    assert read.sections[0].header.paragraphs[0].text == DRAFT.mark
    assert f"Root {ROOT}" in read.sections[0].footer.paragraphs[0].text
    for table in read.tables[1:]:
        first, *others = (row._tr.trPr for row in table.rows)
        assert first.find(qn("w:tblHeader")) is not None
        assert [each.find(qn("w:tblHeader")) for each in others] == [None] * len(others)
        before = table._tbl.getprevious().find(f".//{qn('w:pStyle')}")
        assert before.get(qn("w:val")) == "Caption"
    shown = read.element.body.findall(f".//{qn('wp:docPr')}")
    charts = charts_of(made_up.report(made_up.some(8), PANEL, QUARTER))
    assert [each.get("descr") for each in shown] == [
        f"{chart.title}. {chart.description}" for chart in charts
    ]
    words = [text for _, text in reading_back.words_of_docx(file)]
    assert {"1. Purpose", "10. Appendices", "(a)\tAppendix 1: the figures in full"} <= {*words}


@pytest.mark.usefixtures("printer")
def test_a_pdf_is_tagged_with_its_tables_pictures_and_numbers_and_what_is_typed_is_inert() -> None:
    document = to_the_panel(
        DRAFT, title="Reviews & “so on”", commentary=ATTACKS[0], key_issues="\n\n".join(ATTACKS)
    )
    content = as_pdf(document)
    said = " ".join(pdfs.assert_tagged(content, f"{document.title} – {document.office}").split())
    report = made_up.report(made_up.some(8), PANEL, QUARTER)
    with pikepdf.open(BytesIO(content)) as opened:
        found = pdfs.elements(opened.Root.StructTreeRoot)
        tags = pdfs.tags(opened.Root.StructTreeRoot)
        pictures = [str(each.Alt) for each in found if each.S == "/Figure"]
        assert "/UA" not in tags
        assert opened.open_metadata()["pdfuaid:part"] == "1"
    charts = charts_of(report)
    assert pictures == [f"{chart.title}. {chart.description}" for chart in charts]
    assert tags["/Table"] >= len(parts.all_tables(report)) + len(charts)
    assert tags["/H2"] == len(document.sections)
    assert tags["/TH"] and tags["/Caption"]
    for table in parts.all_tables(report):
        for row in table.rows:
            assert f"{row.label} {' '.join(cell.text for cell in row.cells)}" in said
    assert all(" ".join(attack.split()).strip("\x00\x0b ") in said for attack in ATTACKS[:4])
    assert DRAFT.mark.upper() in said
    assert ROOT in said


def test_s24_what_is_typed_is_inert_in_every_other_format() -> None:
    settings = replace(PANEL, office_name=f"Office {ATTACKS[0]}", panel_name=ATTACKS[1])
    report = made_up.report(made_up.some(2), settings)
    typed = {name: "\n\n".join(ATTACKS) for name in panel.prefilled(report, settings)}
    document = panel.document(report, typed, replace(DRAFT, mark=ATTACKS[1]))
    page = lxml.html.fromstring(as_html(document))
    assert not page.xpath("//script | //a | //iframe | //*[@onclick]")
    sources = {each.get("src").partition(",")[0] for each in page.iter("img")}
    assert sources == {"data:image/svg+xml;base64"}
    file = as_docx(document)
    in_word = "\n".join(text for _, text in reading_back.words_of_docx(file))
    for attack in ATTACKS[:4]:
        assert attack in page.text_content()
        assert attack in in_word
    source = reading_back.part(file, "word/document.xml")
    assert "w:instrText" not in source
    assert "w:hyperlink" not in source
    content = reading_back.part(sheets := as_ods(report), "content.xml")
    assert "table:formula" not in content
    assert "http" not in content.partition("<office:body>")[2]
    assert f"Counted by Office {ATTACKS[0]}." in {
        row[0] for row in reading_back.in_ods(sheets)["Cover"]
    }
    named = as_csv(made_up.report([], replace(PANEL, office_name=ATTACKS[1])))
    cells = [cell for row in csv.reader(StringIO(named)) for cell in row]
    assert f"'{ATTACKS[1]}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
