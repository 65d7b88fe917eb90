"""Writes the tables of docs/register-import.md from the importer: `python -m tools.make_register_tables`."""

from pathlib import Path

from casework.imports.columns import GROUPS, Column
from tools.marked_tables import with_tables

PAGE = Path(__file__).parents[1] / "docs" / "register-import.md"


def columns() -> str:
    """Each column: what it is, when it is needed, what is accepted."""
    return "\n".join(
        f"### {group.title}\n\n| column | what it is | needed | accepted | example |\n"
        "|---|---|---|---|---|\n" + "".join(map(_row, group.columns))
        for group in GROUPS
    )


def codes() -> str:
    """The codes of each column that has any, with what they mean."""
    rows = (
        f"| `{column.name}` | `{choice.code}` | {choice.label} |\n"
        for group in GROUPS
        for column in group.columns
        for choice in column.choices
        if choice.label
    )
    return "| column | code | meaning |\n|---|---|---|\n" + "".join(rows)


TABLES = {"columns": columns, "codes": codes}


def _row(column: Column) -> str:
    example = f"`{column.example}`" if column.example else ""
    return (
        f"| `{column.name}` | {column.about} | {column.is_needed.lower()} | {column.accepted} | "
        f"{example} |\n"
    )


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), TABLES))
