"""W6: a year's report published, as all its files with their proof, against the renderers alone.

Ours counts the figures again, makes seven files, stores them by their hashes, records the report
with all hashes in the log and its tree, committed, signs a checkpoint over it, committed, and makes
the pack by which anybody checks it: proofs from both the log that was counted and the report before,
judged before they are handed over. The limit is given the same tables ready
made, and only renders: WeasyPrint in its own process, already loaded, the Word file, the
spreadsheet, and the canonical JSON; it keeps nothing.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import rfc8785
import weasyprint
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.databases import Kind
from benchmarks.measuring import Row, measured, rows_of
from benchmarks.register import REVIEWER, add_people
from benchmarks.w7_import import register
from casework import clock, database
from casework.audit.notes import SigningKey
from casework.audit.record import Origin
from casework.checkpoints.changes import change_key
from casework.checkpoints.service import sign
from casework.counts.lives import Period
from casework.counts.plain import as_plain
from casework.documents.docx import as_docx
from casework.documents.html import as_html
from casework.documents.ods import as_ods
from casework.files.store import Store
from casework.imports.service import import_register
from casework.models import Publication
from casework.publishing import kinds, pack, service, showing
from casework.publishing.counting import Basis, count
from casework.publishing.history import published_by
from casework.publishing.paper import Paper
from casework.publishing.proof import proof_of
from casework.publishing.proof_pack import packed
from casework.publishing.service import Who
from tests import databases as of_tests
from workflows.calendar import financial_year_of
from workflows.definition import Actor

WORK = "W6 report pack"
GOAL = 1.5
YEAR = Period(date(2022, 4, 1), date(2023, 3, 31))
STATUS_ON = date(2023, 7, 6)
KEY = SigningKey("office.example.org/log", bytes(32))
CHIEF_EXECUTIVE = Actor(f"u_{1:032}", frozenset({"chief_executive"}))
MOST_ROWS = 2_000
"""Reviews of some four years: a large office's."""


def measure(kind: Kind, rounds: int, rows: int) -> Iterator[Row]:
    """A row for this project and one for the limit, each for one report of a register's year.

    One takes seconds, so a third of the rounds counts, of one report each.
    """
    ours = Ours(kind, rows)
    limit = Limit(ours.paper())
    try:
        took = measured([ours, limit], max(1, rounds // 3), 1)
    finally:
        ours.close()
    yield from rows_of(WORK, kind.label, took, limit.name, {ours.name: GOAL})


class Ours:
    """This project: approved reports, each published by somebody else."""

    name = "this project"

    def __init__(self, kind: Kind, rows: int) -> None:
        self.engine = database.prepare(create_engine(databases.new_database(kind)))
        self.session = Session(self.engine, autoflush=False)
        self.store = Store(of_tests.run_folder() / "files", largest=50_000_000)
        database.begin_write(self.session)
        add_people(self.session)
        import_register(self.session, BytesIO(register(min(rows, MOST_ROWS))))
        change_key(self.session, KEY.verifier, None)
        self.session.commit()
        self.approved: list[str] = []

    def paper(self) -> Paper:
        """What is printed of the year's report."""
        counted = count(self.session, Basis("annual", YEAR, STATUS_ON))
        return Paper(counted, kinds.prefilled(self.session, counted), clock.today(), "2026-27/1")

    def ready(self, numbers: range) -> None:
        """Draft and approve as many reports."""
        counted = count(self.session, Basis("annual", YEAR, STATUS_ON))
        words = kinds.prefilled(self.session, counted)
        for _ in numbers:
            who = _who(REVIEWER)
            token = f"p_{who.origin.req}"
            database.begin_write(self.session)
            service.begin(self.session, token, counted, words, who)
            row = self.session.get_one(Publication, token)
            content = service.content_of(row)
            service.approve(self.session, row, row.version, content, _who(CHIEF_EXECUTIVE))
            self.session.commit()
            self.approved.append(token)

    def act(self, number: int) -> None:
        """Publish a report, as its page does."""
        row = self.session.get_one(Publication, self.approved.pop())
        version, year = row.version, financial_year_of(clock.today()).label
        place = service.next_number(self.session, year)
        made = pack.make(self.store, showing.paper(self.session, row, place), place)
        self.session.rollback()
        database.begin_write(self.session)
        found = self.session.get_one(Publication, row.token)
        service.publish(self.session, found, version, made, _who(REVIEWER))
        self.session.commit()
        database.begin_write(self.session)
        sign(self.session, (KEY,))
        self.session.commit()
        proof = proof_of(self.session, published_by(self.session, found.since_seq or 0))
        assert proof is not None
        packed(proof)

    def close(self) -> None:
        """Let go of the database."""
        self.session.close()
        self.engine.dispose()


class Limit:
    """The renderers, on a document that is there already."""

    name = "the limit"

    def __init__(self, paper: Paper) -> None:
        self.report, self.standing = paper.counted.report, paper.standing
        self.document = paper.document
        self.page, self.plain = as_html(self.document), as_plain(self.report)

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        """Render once."""
        fetcher = weasyprint.URLFetcher(allowed_protocols={"data"})
        page = weasyprint.HTML(string=self.page, url_fetcher=fetcher)
        assert page.write_pdf(pdf_variant="pdf/ua-1").startswith(b"%PDF-")
        as_docx(self.document)
        as_ods(self.report, self.standing)
        rfc8785.dumps(self.plain)

    def close(self) -> None:
        """There is nothing to let go of."""


def _who(actor: Actor) -> Who:
    return Who(actor, Origin("command", actor.token))
