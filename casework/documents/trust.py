"""The only place for what a reader is told about how far a report can be trusted, in plain words.

Page, Word file and PDF print these sentences, so that none of them promises more than another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.audit.check_codes import check_code
from casework.counts.narrative import number
from workflows.calendar import in_words

TITLE = "How you can know this is right"
LIMITS = (
    "This shows that the record was not altered; not that decisions were right or that every "
    "application was logged."
)


@dataclass(frozen=True)
class Recounted:
    """A report that was counted again: on which day, and whether its bytes came out the same.

    `digest` is the SHA-256 of the published figures, hex; `has_files` says that its files are as
    published. `earlier` is how many figures of earlier reports have changed that no report has told
    of, as the table of the number `table` tells; None where nobody looked. `told_in` is the newest
    report that told of changes before; empty without one.
    """

    on: date
    log_size: int
    digest: str
    is_same: bool = True
    has_files: bool = True
    earlier: int | None = None
    table: int = 0
    told_in: str = ""


def trust_words(recounted: Recounted) -> tuple[str, ...]:
    """What stands under "How you can know this is right", a sentence each.

    What it shows is said where all came out the same, and not otherwise.
    """
    return (
        *_recount(recounted),
        *_earlier(recounted),
        f"Check code {check_code(recounted.digest)}.",
        *((LIMITS,) if recounted.is_same and recounted.has_files else ()),
    )


def _recount(recounted: Recounted) -> Iterator[str]:
    actions = "recorded action" if recounted.log_size == 1 else "recorded actions"
    said = f"Recounted on {in_words(recounted.on)} from {recounted.log_size:,} {actions}"
    if recounted.is_same:
        yield f"{said}: same figures."
    else:
        yield f"{said}: other figures than those published. The office has to find out why."
    if not recounted.has_files:
        yield (
            "A published file is missing or was altered. The office has to bring it back from a "
            "backup."
        )


def _earlier(recounted: Recounted) -> Iterator[str]:
    told_in = recounted.told_in
    if recounted.earlier == 0:
        since = f" since report {told_in} told of changes" if told_in else ""
        yield f"No earlier figure has changed{since}."
    elif recounted.earlier:
        figures = "figure has" if recounted.earlier == 1 else "figures have"
        where = f": table {recounted.table}" if recounted.table else ""
        yield f"{number(recounted.earlier).capitalize()} earlier {figures} changed{where}."
        if told_in:
            yield f"Report {told_in} told of changes before."
