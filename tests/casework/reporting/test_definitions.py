"""What figures mean is written once: the page in the documentation follows from the measures."""

from casework.counts.editions import EDITIONS
from tools.make_definitions import PAGE, TABLES
from tools.marked_tables import with_tables


def test_the_published_definitions_are_up_to_date() -> None:
    """`python -m tools.make_definitions` makes them again."""
    page = PAGE.read_text()
    assert with_tables(page, TABLES) == page


def test_every_measure_says_what_it_counts_and_from_what() -> None:
    for edition in EDITIONS:
        for block in edition.blocks:
            assert block.counted_from, block.name
            assert not block.counted_from.endswith("."), block.name
            named = [words.name for words in block.words]
            assert len(set(named)) == len(named), block.name
            for words in block.words:
                assert words.title, words
                assert words.definition.endswith("."), words
