"""The only place that erases on a timer: approved cases one by one, then what is left of them on disks."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click
from sqlalchemy.orm import Session

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, sentence_of_file
from casework.database import begin_write
from casework.files.store import Store
from casework.retention import erasing, erasure_list, finishing, residue
from casework.retention.named_files import NamedFiles
from config import Settings
from workflows.attempt import StepRefused


@dataclass(frozen=True)
class Refused:
    """A disposal, by its token, that was approved and may no longer be carried out, and why."""

    disposal: str
    why: str


@dataclass(frozen=True)
class Finished:
    """Of how many erased cases nothing is left now, of how many something is, and why."""

    finished: int = 0
    left: int = 0
    why: str = ""


@click.command(short_help="Erase what was approved.", epilog="Example: casework retention erase")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def erase(is_json: bool) -> int:
    """Erase every case whose erasure two people agreed to; to be run on a timer, at night.

    Each case goes in a transaction of its own. Then its line is added to the lists of erasures
    outside the database, its files are deleted, and the tables it was in are written anew, for
    which others may have to wait. What a run that was ended left is done by the next.

    Exit code 0 when all is done, 1 when a case may no longer be erased or something is left for
    the next run.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:
        erased, refused = _erase_approved(session)
        done = finish(session, settings)
    if is_json:
        told = {"erased": erased, "refused": [asdict(each) for each in refused], **asdict(done)}
        print_json(told)
    else:
        _tell(erased, refused, done)
    return WRONG if refused or done.left else DONE


def _erase_approved(session: Session) -> tuple[list[str], list[Refused]]:
    erased, refused, named = [], [], NamedFiles()
    for token in erasing.approved(session):
        begin_write(session)
        try:
            erased.append(erasing.erase(session, token, named).case_token)
        except StepRefused as refusal:
            session.rollback()
            refused.append(Refused(token, refusal.sentence))
        else:
            session.commit()
    return erased, refused


def finish(session: Session, settings: Settings) -> Finished:
    """Do what follows erasures that are committed, and was not done yet: lists, files, tables."""
    session.rollback()
    cases = finishing.unfinished(session)
    session.rollback()
    if not cases:
        return Finished()
    if faults := [*_list(session, settings), *_clean(session, Store.of(settings), cases)]:
        return Finished(left=len(cases), why=" ".join(faults))
    begin_write(session)
    finished = finishing.finish(session, cases)
    session.commit()
    is_all = finished == len(cases)
    why = "" if is_all else "Files that were kept anew within a day stay until the day is over."
    return Finished(finished, len(cases) - finished, why)


def _list(session: Session, settings: Settings) -> Iterator[str]:
    """Add the erasures to each list that has not got them; sentences about those that cannot be used."""
    for path in erasure_list.lists_of(settings):
        try:
            erasure_list.add_missing(session, path)
        except OSError as fault:
            yield sentence_of_file(fault)
        except ValueError as fault:
            yield str(fault)
    session.rollback()


def _clean(session: Session, store: Store, cases: Sequence[str]) -> Iterator[str]:
    """Delete the files, and write the tables anew; a sentence where that cannot be done now."""
    try:
        for case in cases:
            begin_write(session)
            finishing.delete_files(session, store, case)
            session.commit()
        begin_write(session)
        residue.merge_words(session)
        session.commit()
        residue.write_anew(session.get_bind().engine)
    except OSError as fault:
        session.rollback()
        yield sentence_of_file(fault)
    except residue.StillThere as fault:
        yield str(fault)


def _tell(erased: Sequence[str], refused: Sequence[Refused], done: Finished) -> None:
    if not (erased or refused or done.finished or done.left):
        click.echo("There is nothing to erase.")
        return
    click.echo(
        f"Cases erased: {len(erased):,}. Cases of which nothing is left now: {done.finished:,}."
    )
    for each in refused:
        click.echo(f"Not erased, disposal {each.disposal}: {each.why}")
    if done.left:
        click.echo(f"Cases with something left for the next run: {done.left:,}. {done.why}")
