"""The only place for `casework workflow`: the definitions an office runs by."""

import click

from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, Refused
from workflows import ITEMS, OFFICE, WORKFLOWS
from workflows.checker import check as faults_of
from workflows.checker import check_together
from workflows.diagram import mermaid

DEFINITIONS = {**WORKFLOWS, **ITEMS, **OFFICE}


@click.group(short_help="The workflows: list, check, draw.")
def workflow() -> None:
    """List, check and draw the workflows."""


@workflow.command(
    "list", short_help="List the workflows.", epilog="Example: casework workflow list"
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def list_workflows(is_json: bool) -> None:
    """List the workflows with their version and the hash that is pinned to each case."""
    listed = [
        {
            "name": each.name,
            "title": each.title,
            "version": each.version,
            "hash": each.content_hash,
            "steps": list(each.steps_by_name),
            "states": [state.name for state in each.states],
        }
        for each in DEFINITIONS.values()
    ]
    if is_json:
        print_json(listed)
        return
    for each in listed:
        click.echo(f"{each['name']}  version {each['version']}  {each['hash']}  {each['title']}")


@workflow.command(
    short_help="Prove the workflows sound.", epilog="Example: casework workflow check"
)
@click.argument("names", nargs=-1)
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def check(names: tuple[str, ...], is_json: bool) -> int:
    """Check the workflows, or those named: unreachable states, dead ends, unknown names.

    Exit code 1 when a definition is wrong.
    """
    for name in names:
        _known(name)
    faults = {name: faults_of(DEFINITIONS[name]) for name in names or DEFINITIONS}
    if not names:
        faults["together"] = check_together(DEFINITIONS.values())
    if is_json:
        print_json({name: list(found) for name, found in faults.items()})
    else:
        for name, found in faults.items():
            click.echo(f"{name}: {'sound' if not found else f'{len(found)} wrong'}")
            for fault in found:
                click.echo(f"  {fault}")
    return WRONG if any(faults.values()) else DONE


@workflow.command(
    short_help="Draw a workflow.", epilog="Example: casework workflow diagram complaint_review"
)
@click.argument("name")
def diagram(name: str) -> None:
    """Print a workflow as Mermaid text."""
    _known(name)
    click.echo(mermaid(DEFINITIONS[name]), nl=False)


def _known(name: str) -> None:
    if name not in DEFINITIONS:
        raise Refused(
            f"There is no workflow {name!r}. The workflows are: {', '.join(DEFINITIONS)}."
        )
