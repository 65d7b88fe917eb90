"""Writes the tables of docs/definitions.md from the measures: `python -m tools.make_definitions`."""

from collections.abc import Iterator
from pathlib import Path

from casework.counts.block import Block
from casework.counts.editions import LATEST
from casework.reporting.definitions.edges import EDGES
from tools.marked_tables import with_tables

PAGE = Path(__file__).parents[1] / "docs" / "definitions.md"


def edition() -> str:
    """Which edition the page has."""
    return f"Edition {LATEST.number} of the measures.\n"


def edges() -> str:
    """Where every figure begins and ends."""
    return "".join(f"- **{term}.** {meaning}\n" for term, meaning in EDGES)


def measures() -> str:
    """Every figure of the latest edition, block by block."""
    return "\n".join("".join(_of(block)) for block in LATEST.blocks)


def _of(block: Block) -> Iterator[str]:
    yield f"## {block.title}\n\nCounted from {block.counted_from}.\n\n"
    yield "| figure | name | version | definition |\n|---|---|---|---|\n"
    for words in block.words:
        labels = "; ".join(block.labels.get(words.name, {}).values())
        definition = f"{words.definition} {labels}.".replace(" .", "")
        yield f"| {words.title} | `{block.name}.{words.name}` | {words.version} | {definition} |\n"
    if block.name in block.labels:
        yield f"\nEach of these by: {'; '.join(block.labels[block.name].values())}.\n"


TABLES = {"edition": edition, "edges": edges, "measures": measures}

if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), TABLES))
