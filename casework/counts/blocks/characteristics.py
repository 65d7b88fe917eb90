"""The only place for the cohort by the personal characteristics that discrimination was alleged on.

The one break by personal characteristics that the log holds. Its small figures are withheld from
all that is published.
"""

from casework.counts.block import Block, Plain
from casework.counts.blocks import cohort
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.ranges import Breakdown, Column
from casework.counts.suppression import withheld
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.categories import CATEGORIES

NAME = "characteristics"
ANY = "any"
LETTER = "F"
ROWS = {
    category.code: "Not said which" if category.code == LETTER else category.label
    for category in CATEGORIES
    if category.code.startswith(LETTER)
}
_WITHHELD = (
    "A figure under the office’s threshold is withheld, and further ones from which it could be "
    "worked out; those of any characteristic are always printed."
)
MEASURES = (
    Words(
        "received",
        "Received",
        "Cases received in the period in which discriminatory behaviour was alleged, by the "
        "characteristic as the force recorded it. A case counts once in each row that it has. "
        f"{_WITHHELD}",
    ),
    Words("valid", "Valid", f"Of those received, valid. {_WITHHELD}"),
    Words("upheld", "Upheld", f"Of those received, upheld as a whole. {_WITHHELD}"),
    Words("not_upheld", "Not upheld", f"Of those received, not upheld. {_WITHHELD}"),
)
UNDER = Words(
    "withheld_under",
    "Withheld under",
    "The office’s threshold at this log size: figures from 1 up to under it are withheld.",
)
COLUMN = Column(
    "received",
    (Column("valid", (Column("upheld"), Column("not_upheld")), has_rest=True),),
    has_rest=True,
)


def count(source: Source) -> Figures:
    """The cohort by characteristic: each case once for any, and once for each that it has."""
    names = [words.name for words in MEASURES]
    figures: dict[str, list[Counted]] = empty(
        f"{NAME}.{row}.{name}" for row in (ANY, *ROWS) for name in names
    )
    measures = [measure for measure in cohort.MEASURES if measure.name in names]
    for life, counted, case in source.received():
        categories = life.standing("categories", source.status_on)
        alleged = {span.code for span in categories if span.code in ROWS}
        for row in {ANY, *alleged} if alleged else ():
            for measure in measures:
                if measure.counts(case):
                    figures[f"{NAME}.{row}.{measure.name}"].append(counted)
    return figures


def plain(part: Part, settings: OfficeSettings) -> Plain:
    """The rows as they are published: None for what is withheld."""
    counts = {
        row: {words.name: part.count(f"{NAME}.{row}.{words.name}") for words in MEASURES}
        for row in (ANY, *ROWS)
    }
    totals = counts[ANY]
    rows = {row: counts[row] for row in ROWS}
    breakdown = Breakdown(COLUMN, rows, totals, may_be_in_many=True)
    # Who does not know the cases' tokens cannot tell how a tie between two figures was settled.
    draw = " ".join(counted.case for counted in part.figures[f"{NAME}.{ANY}.received"])
    kept_back = withheld(breakdown, settings.small_number, draw)
    shown = {
        row: {name: None if (row, name) in kept_back else n for name, n in counted.items()}
        for row, counted in rows.items()
    }
    return {UNDER.name: settings.small_number, "rows": {ANY: totals, **shown}}


CHARACTERISTICS = Block(
    NAME,
    "Discriminatory behaviour alleged, by characteristic",
    (*MEASURES, UNDER),
    count,
    plain,
    {NAME: {ANY: "Any characteristic", **ROWS}},
    is_of_years=True,
    row_title="Characteristic",
    counted_from="the categories of discriminatory behaviour (F1 to F10) recorded on each case received in "
    "the period",
)
