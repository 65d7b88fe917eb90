"""The only place that says what a report is printed from, as a draft or under its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.documents.model import Document
from casework.documents.parts import Changes, Standing, all_tables
from casework.documents.trust import Recounted
from casework.publishing import kinds
from casework.publishing.counting import Counted

MARK = "DRAFT – NOT FOR PUBLICATION"
"""What stands on every draft that is taken away, in every format."""


@dataclass(frozen=True)
class Paper:
    """A report as it is printed. `cited_as` is its number, empty for a draft, which bears the mark.

    `on` is the day that its files bear, and on which its figures were counted again; `changes` what
    it tells of earlier reports, `told_in` the newest one that did so before.
    """

    counted: Counted
    words: Mapping[str, str]
    on: date
    cited_as: str = ""
    changes: Changes | None = None
    told_in: str = ""

    @property
    def recounted(self) -> Recounted:
        """What its last page says of how far it can be trusted."""
        report, digest = self.counted.report, self.counted.digest
        earlier = len(self.changes.table.rows) if self.changes else 0
        table = len(all_tables(report)) + 1 if self.changes else 0
        return Recounted(
            self.on, report.log_size, digest, earlier=earlier, table=table, told_in=self.told_in
        )

    @property
    def standing(self) -> Standing:
        """What its files say of how far it has come."""
        mark = "" if self.cited_as else MARK
        return Standing(mark, self.cited_as, self.on, self.recounted, self.changes)

    @property
    def document(self) -> Document:
        """It as a document, whatever it is printed as."""
        kind = kinds.BY_CODE[self.counted.kind]
        return kind.document(self.counted.report, self.words, self.standing)
