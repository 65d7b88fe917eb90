"""The only place for the cohort by allegation category: a case counts once for each letter it has."""

from collections import defaultdict

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.categories import LETTERS

NAME = "by_category"
LABELS = {letter: f"{letter} {title}" for letter, title in LETTERS.items()} | {
    "none": "None recorded"
}
MEASURES = (
    Words(
        "received",
        "Received",
        "Cases received in the period with an allegation in the category. A case counts once in "
        "each category it has, so the rows add up to more than the cases.",
    ),
    Words("valid", "Valid", "Of those, valid."),
    Words("upheld", "Upheld", "Of those, upheld as a whole; not of this allegation alone."),
)


def count(source: Source) -> Figures:
    """The cohort by category: each case once for each distinct letter it has."""
    figures: dict[str, list[Counted]] = defaultdict(list)
    for life, counted, case in source.received():
        standing = life.standing("categories", source.status_on)
        for letter in {span.code[0] for span in standing} or {"none"}:
            figures[f"{NAME}.{letter}.received"].append(counted)
            if case.validity is not None:
                figures[f"{NAME}.{letter}.valid"].append(counted)
            if case.is_closed_as("upheld"):
                figures[f"{NAME}.{letter}.upheld"].append(counted)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The cohort by the letters that occur."""
    return {
        letter: {words.name: part.count(f"{NAME}.{letter}.{words.name}") for words in MEASURES}
        for letter in part.codes(NAME)
    }


BY_CATEGORY = Block(
    NAME,
    "By allegation category",
    MEASURES,
    count,
    plain,
    {NAME: LABELS},
    row_title="Category",
    counted_from="the allegation categories recorded on each case received in the period",
)
