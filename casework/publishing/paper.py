"""The only place that says what a report is printed from, as a draft or under its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.documents.trust import Recounted
from casework.office_settings import OfficeSettings
from casework.publishing.counting import Counted

MARK = "DRAFT – NOT FOR PUBLICATION"
"""What stands on every draft that is taken away, in every format."""


@dataclass(frozen=True)
class Paper:
    """A report as it is printed. `cited_as` is its number, empty for a draft, which bears the mark.

    `on` is the day that its files bear.
    """

    counted: Counted
    words: Mapping[str, str]
    office: OfficeSettings
    on: date
    cited_as: str = ""
    earlier: int | None = None

    @property
    def mark(self) -> str:
        """What stands on every page of a draft."""
        return "" if self.cited_as else MARK

    @property
    def recounted(self) -> Recounted:
        """What is told of how far it can be trusted: it was counted on the day it is printed."""
        size, digest = self.counted.report.log_size, self.counted.digest
        return Recounted(self.on, size, digest, earlier=self.earlier)
