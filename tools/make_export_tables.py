"""Writes the rules of cases into docs/export-format.md and the verifier: `python -m tools.make_export_tables`.

The verifier shares no code with what it verifies, so the rules are in it as a table. What is written
here is only that table.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tools.marked_tables import with_tables
from workflows import ITEMS, OFFICE, WORKFLOWS
from workflows.definition import AS_SAID, Step, Workflow

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "export-format.md"
VERIFIER = ROOT / "casework" / "verifier" / "verify_casework.py"
_RULES = re.compile('(?<=\nRULES = """\n).*?(?="""\n)', re.DOTALL)


def rules() -> str:
    """A line for each kind and for each of its actions, as the page describes them."""
    kinds = (*WORKFLOWS.values(), *OFFICE.values(), *ITEMS.values())
    return "".join(f"{line}\n" for kind in kinds for line in _lines(kind))


def _lines(kind: Workflow) -> Iterable[str]:
    closed = (state.name for state in kind.states if state.is_closed)
    yield " ".join(("=", kind.name, kind.initial.name, *closed))
    yield from (_line(step) for step in kind.steps)


def _line(step: Step) -> str:
    begins = (f"{mark.kind}:{mark.code}" if mark.code else mark.kind for mark in step.begins)
    counts = (fact.code for fact in step.facts if fact.is_counted)
    parts = (_moves(step), " ".join(begins), " ".join(step.ends), " ".join(counts))
    return " | ".join((step.event, *parts)).rstrip()


def _moves(step: Step) -> str:
    sources: dict[str, list[str]] = {}
    for source, dest in step.moves:
        said = ",".join(step.said_states(dest))
        sources.setdefault(f"{dest}:{said}" if dest.startswith(AS_SAID) else dest, []).append(
            source
        )
    return " ".join(f"{','.join(named)}>{dest}" for dest, named in sources.items())


TABLES = {"rules": lambda: f"```text\n{rules()}```\n"}


def with_rules(verifier: str) -> str:
    """The verifier with the rules made again."""
    return _RULES.sub(lambda _: rules(), verifier, count=1)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), TABLES))
    VERIFIER.write_text(with_rules(VERIFIER.read_text()))
