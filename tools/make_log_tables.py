"""Writes the tables of docs/audit-log.md that follow from the workflows: `python -m tools.make_log_tables`."""

from collections.abc import Iterable
from pathlib import Path

from tools.marked_tables import with_tables
from workflows import ITEMS, OFFICE, WORKFLOWS
from workflows.definition import STAYS, WHERE_IT_WAS, Fact, Step, Workflow

PAGE = Path(__file__).parents[1] / "docs" / "audit-log.md"
HEADING = "| action | meaning | state then | `stat` | words |\n|---|---|---|---|---|\n"


def steps() -> str:
    """The actions of every kind of case."""
    return HEADING + "".join(_row(step) for step in _steps(WORKFLOWS.values()))


def items() -> str:
    """The actions of everything kept on cases."""
    return _by_kind(ITEMS.values())


def office() -> str:
    """The actions of what belongs to no case."""
    return _by_kind(OFFICE.values())


def _by_kind(kinds: Iterable[Workflow]) -> str:
    rows = (
        f"| **{kind.title}** | `{kind.name}` | | | |\n" + "".join(map(_row, _steps([kind])))
        for kind in kinds
    )
    return HEADING + "".join(rows)


def codes() -> str:
    """What each code of `stat` holds; where kinds of a code differ, all that any may hold."""
    found: dict[str, dict[str, None]] = {}
    for fact in (fact for step in _steps(_all()) for fact in step.facts):
        if not fact.is_personal:
            found.setdefault(fact.code, {}).setdefault(_held(fact))
    rows = [f"| `{code}` | {'; or '.join(said)} |\n" for code, said in sorted(found.items())]
    return "| code | holds |\n|---|---|\n" + "".join(rows)


TABLES = {"steps": steps, "items": items, "office": office, "codes": codes}


def _all() -> Iterable[Workflow]:
    return (*WORKFLOWS.values(), *ITEMS.values(), *OFFICE.values())


def _steps(workflows: Iterable[Workflow]) -> Iterable[Step]:
    """The steps that make events; what is implied by an entry of the case makes none."""
    steps = (step for workflow in workflows for step in workflow.steps)
    return (step for step in steps if not step.is_implied)


def _row(step: Step) -> str:
    stat = " ".join(f"`{fact.code}`" for fact in step.facts if not fact.is_personal)
    words = " ".join(f"`{fact.name}`" for fact in step.facts if fact.is_personal)
    said = {STAYS: "as before", WHERE_IT_WAS: "where it was"}
    ends = dict.fromkeys(end for _, dest in step.moves for end in step.said_states(dest) or (dest,))
    state = " or ".join(said.get(end, f"`{end}`") for end in ends)
    return f"| `{step.event}` | {step.done} | {state} | {stat} | {words} |\n"


def _held(fact: Fact) -> str:
    if fact.kind not in ("choice", "choices"):
        plain = {
            "day": "a day",
            "flag": "`true`, or absent",
            "number": "a number",
            "file": "the SHA-256 of a file, in hexadecimal",
        }
        return plain[fact.kind]
    if fact.is_person:
        return "a person's token"
    said = "one of" if fact.kind == "choice" else "a list of"
    if isinstance(fact.choices, str):
        return f"{said} the codes of the setting `{fact.choices}`"
    return f"{said} {' '.join(f'`{choice.code}`' for choice in fact.choices)}"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), TABLES))
