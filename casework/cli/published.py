"""The only place for `casework report recount`, `published` and `proof`: what was published, and its proof."""

import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from casework.audit.check_codes import check_code
from casework.cli.installation import open_office
from casework.cli.output import print_json, write_whole
from casework.cli.program import DONE, WRONG, Refused
from casework.files.store import FileMissing, Store
from casework.publishing.history import UNREADABLE, Published, all_published
from casework.publishing.kinds import title_of
from casework.publishing.proof import ProofBroken, proof_of
from casework.publishing.proof_pack import name_of, packed
from casework.publishing.recounting import recount as recounted
from config import Settings
from workflows.publication import FORMATS


@click.command(
    short_help="Count published reports again.",
    epilog="Example: casework report recount R/2026-27/1",
)
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def recount(numbers: tuple[str, ...], is_json: bool) -> int:
    """Count every published report again, or those named, and compare byte for byte.

    Each is counted by its own edition, from the log as it was. Its files are looked at too. Exit
    code 1 when anything is not as it was published.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:
        store = Store.of(settings)
        outcomes = [recounted(session, each, store) for each in _named(session, numbers)]
    if is_json:
        print_json(
            [
                {
                    **_said(outcome.published),
                    "is_same": outcome.is_same,
                    "faults": list(outcome.faults),
                }
                for outcome in outcomes
            ]
        )
    else:
        for outcome in outcomes:
            mark = "same " if outcome.is_same else "WRONG"
            click.echo(f"{mark}  {outcome.published.cited_as}  {outcome.sentence}")
    return DONE if all(outcome.is_same for outcome in outcomes) else WRONG


@click.command(
    short_help="List published reports, or hand one out.",
    epilog="Example: casework report published R/2026-27/1 --format pdf --output report.pdf",
)
@click.argument("number", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Which of its files; text.")
@click.option("--output", type=click.Path(path_type=Path), help="A file to write it to.")
@click.option("--json", "is_json", is_flag=True, help="List as JSON only.")
def published(number: str | None, form: str | None, output: Path | None, is_json: bool) -> None:
    """List the published reports; or hand out one as it was published, byte for byte."""
    settings = Settings.from_environment()
    with open_office(settings) as session:
        if number is None:
            if form or output:
                raise Refused("Name the report, such as R/2026-27/1, to have one of its files.")
            _list(_named(session, ()), is_json=is_json)
            return
        (found,) = _named(session, (number,))
    content = _content(Store.of(settings), found, form or "text")
    if output is not None:
        write_whole(output, content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@click.command(
    short_help="Write a published report’s proof pack.",
    epilog="Example: casework report proof R/2026-27/1",
)
@click.argument("number")
@click.option("--output", type=click.Path(path_type=Path), help="A file to write it to; its name.")
def proof(number: str, output: Path | None) -> int:
    """Write the ZIP file by which anybody checks a published report, as its page hands it out.

    Exit code 1 when what is stored of the report no longer leads to the checkpoint that covers it.
    """
    with open_office(Settings.from_environment()) as session:
        (found,) = _named(session, (number,))
        try:
            made = proof_of(session, found)
        except ProofBroken as fault:
            click.echo(f"casework: {fault} Run: casework audit verify", err=True)
            return WRONG
        if made is None:
            raise Refused(f"No checkpoint covers {number} yet. Run: casework audit checkpoint")
    place = output or Path(name_of(made))
    write_whole(place, packed(made))
    click.echo(f"It is in {place}.")
    return DONE


def _list(found: tuple[Published, ...], *, is_json: bool) -> None:
    if is_json:
        print_json([_said(each) for each in found])
        return
    for each in found:
        said = _said(each)
        click.echo(
            f"{each.cited_as}  {said['published_on']}  check code {said['check_code']}  "
            f"{said['title']}"
        )


def _said(each: Published) -> dict[str, object]:
    period = each.basis.period
    return {
        "number": each.cited_as,
        "title": title_of(each.basis.kind, period.from_on, period.to_on),
        "published_on": each.published_on.isoformat(),
        "log_size": each.basis.log_size,
        "check_code": check_code(each.digest),
        "sha256": each.digest,
    }


def _named(session: Session, numbers: tuple[str, ...]) -> tuple[Published, ...]:
    try:
        found = {each.cited_as: each for each in all_published(session)}
    except UNREADABLE:
        raise Refused(
            "What is stored of a published report was altered or damaged, so that it cannot be read. "
            "To know which: casework audit verify. A backup has it."
        ) from None
    for number in numbers:
        if number not in found:
            raise Refused(f"No report was published as {number!r}. See: casework report published")
    return tuple(found[number] for number in numbers or found)


def _content(store: Store, found: Published, form: str) -> bytes:
    if form not in found.files:
        raise Refused(
            f"{found.cited_as} was published without a file as {form}, which the installation could "
            f"not make then. There are: {', '.join(found.files)}."
        )
    try:
        with store.open(found.files[form]) as file:
            return file.read()
    except FileMissing:
        raise Refused(
            f"The file of {found.cited_as} as {form} is missing from the store or altered. Bring "
            "it back from a backup."
        ) from None
