"""The only place that tells somebody, and the office, what was answered: page by page, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document

from casework.apply.flow import Journey
from casework.apply.pages import UNSURE, Page
from casework.files.kinds import DOCX
from casework.web.files import files
from casework.web.uploads import Upload
from workflows.calendar import in_words
from workflows.definition import Fact
from workflows.eligibility_definition import NOT_SURE

NOTHING = "Not given"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML can hold, nor any keyboard write."""


@dataclass(frozen=True)
class Row:
    """One thing that was asked, what was answered in words, and the page where it can be changed."""

    page: str
    section: str
    asked: str
    answered: str


def rows_of(journey: Journey) -> list[tuple[str, list[Row]]]:
    """What was asked and answered, in order, under the headings of the pages."""
    rows = sorted(
        (row for page in journey.pages for row in _rows(page, journey)),
        key=lambda row: _SECTIONS.index(row.section),
    )
    return [(title, list(found)) for title, found in groupby(rows, key=lambda row: row.section)]


_SECTIONS = (
    "Your complaint",
    "About you",
    "Who you are acting for",
    "How we can help",
    "Papers",
)


def _rows(page: Page, journey: Journey) -> Iterator[Row]:
    if page.takes:
        names = (upload.name for upload in journey.answers.uploads(page.takes))
        yield Row(page.name, page.section, page.title, "\n".join(names) or NOTHING)
    for fact in page.facts:
        if not fact.name.endswith(UNSURE):
            asked = page.title if len(page.facts) == 1 or page.question else fact.label
            answered = _in_words(fact, journey.answers.said.get(fact.name), journey)
            yield Row(page.name, page.section, asked, answered)


def _in_words(fact: Fact, value: Any, journey: Journey) -> str:
    if value is None or value == "":
        return "No" if fact.kind == "flag" else NOTHING
    if fact.kind == "choice":
        labels = {each.code: each.label for each in journey.office.choices_of(fact)}
        return labels[value]
    if value == NOT_SURE and fact.kind == "day":
        return "I am not sure"
    if fact.kind == "day":
        return in_words(date.fromisoformat(value))
    return "Yes" if fact.kind == "flag" else str(value)


def keep_copy(journey: Journey) -> Upload:
    """The application as it was sent, kept as a Word file: a paper of the case like any other."""
    document = Document()
    title = f"Request for a review, sent on {in_words(journey.today)} by the web form"
    document.core_properties.title = title
    document.add_heading(title, level=1)
    words = [title]
    for section, rows in rows_of(journey):
        document.add_heading(section, level=2)
        for row in rows:
            document.add_heading(row.asked, level=3)
            document.add_paragraph(_NOT_XML.sub("", row.answered))
            words += [row.asked, row.answered]
    written = BytesIO()
    document.save(written)
    kept = files().keep_made(written.getvalue(), DOCX, "\n".join(words))
    return Upload(kept, "Application from the web form.docx")
