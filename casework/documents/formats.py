"""The only place that lists what a report can be taken away as."""

import codecs
import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from casework.counts.narrative import basis, narrative
from casework.counts.plain import as_plain
from casework.counts.report import Report
from casework.documents.flat import as_csv
from casework.documents.naming import command, heading, proof
from casework.documents.tables import tables
from casework.documents.text import as_text
from casework.web.downloads import CSV
from workflows.calendar import in_words


@dataclass(frozen=True)
class Format:
    """A file that a report can be: its name and what people call it, its media type and ending.

    `write` gives its bytes, within an application context. `mark` is what a spreadsheet program
    wants before them to see that they are UTF-8, and another program does not.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[Report], bytes]
    is_text: bool = True
    mark: bytes = b""


def as_json(report: Report) -> str:
    """The report under its published names; the same report gives the same bytes."""
    return json.dumps(as_plain(report), ensure_ascii=False, indent=1) + "\n"


def as_html(report: Report) -> str:
    """A page that stands alone: no style sheet, script or picture from elsewhere.

    Needs an application context, for the templates.
    """
    template = current_app.jinja_env.get_template("reporting/standalone.html")
    return template.render(
        heading=heading(report),
        report=report,
        narrative=narrative(report),
        tables=tables(report),
        blocks=report.blocks,
        basis=basis(in_words(report.status_on), report.settings.clock_start),
        proof=proof(report),
        command=command(report),
    )


FORMATS = {
    form.name: form
    for form in (
        Format(
            "text",
            "plain text",
            "text/plain; charset=utf-8",
            "txt",
            lambda report: as_text(report).encode(),
        ),
        Format("json", "JSON", "application/json", "json", lambda report: as_json(report).encode()),
        Format(
            "csv",
            "CSV",
            CSV,
            "csv",
            lambda report: as_csv(report).encode(),
            mark=codecs.BOM_UTF8,
        ),
        Format(
            "html",
            "a web page",
            "text/html; charset=utf-8",
            "html",
            lambda report: as_html(report).encode(),
        ),
    )
}
"""Every format by its name, in the order they are offered."""
