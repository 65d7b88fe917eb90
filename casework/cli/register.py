"""The only place for `casework import`: a register of reviews, all of it or nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import click
from sqlalchemy.orm import Session

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, REFUSED
from casework.database import begin_write
from casework.imports.checking import Checked, Tick, check_register
from casework.imports.rows import Fault, count_rows
from casework.imports.service import RegisterChanged, import_register
from casework.sheets import LARGEST_FILE


@click.command(
    "import",
    short_help="Import a register of reviews.",
    epilog="Example: casework import register.csv --dry-run",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Check everything and keep nothing.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def import_file(file: Path, dry_run: bool, is_json: bool) -> int:
    """Import FILE, a CSV or Excel workbook of one review a row; - reads it from stdin.

    Every row is checked first. With any error nothing is imported. Importing the same file
    again adds nothing.
    """
    with _opened(file) as register, open_office() as session:
        rows = count_rows(register) if sys.stderr.isatty() else 0
        with _bar("Checking", rows) as tick:
            done = check_register(session, register, tick)
        if not done.errors and not dry_run:
            _keep(session, register, rows)
    if is_json:
        print_json(_plain(done, dry_run))
    else:
        _print(done, dry_run)
    return REFUSED if done.errors else DONE


def _keep(session: Session, register: BinaryIO, rows: int) -> None:
    begin_write(session)
    try:
        with _bar("Importing", rows) as tick:
            import_register(session, register, tick=tick)
    except RegisterChanged as changed:
        session.rollback()
        raise click.UsageError(
            "Nothing was imported, as the register or the office’s cases changed while it was "
            f"checked. Import it again. {changed}"
        ) from None
    session.commit()


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """The register, to be read twice; one byte more than one may have, at most, from stdin."""
    if str(file) != "-":
        with file.open("rb") as opened:
            yield opened
        return
    with TemporaryFile() as copy:
        copy.write(sys.stdin.buffer.read(LARGEST_FILE + 1))
        yield copy


@contextmanager
def _bar(label: str, rows: int) -> Iterator[Tick | None]:
    """A bar on the terminal, to be told of each row; none where nobody watches."""
    if not rows:
        yield None
        return
    with click.progressbar(length=rows, label=label, file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _plain(done: Checked, is_dry_run: bool) -> dict[str, Any]:
    plain = {
        "rows": done.rows,
        "imported": _imported(done),
        "unchanged": done.unchanged,
        "warnings": [asdict(fault) for fault in done.warnings],
        "errors": [asdict(fault) for fault in done.errors],
    }
    return {**plain, "dry_run": True} if is_dry_run else plain


def _imported(done: Checked) -> int:
    return 0 if done.errors else done.new


def _print(done: Checked, is_dry_run: bool) -> None:
    for warning in done.warnings:
        click.echo(f"Warning: {_where(warning)}: {warning.message}", err=True)
    for error in done.errors:
        click.echo(f"Error: {_where(error)}: {error.message}", err=True)
    if done.errors:
        click.echo(f"Nothing was imported: {_many(len(done.errors), 'error')}.", err=True)
        return
    would = "would be imported (nothing was kept)" if is_dry_run else "imported"
    click.echo(
        f"{_many(done.rows, 'row')}: {done.new} {would}, {done.unchanged} unchanged, "
        f"{_many(len(done.warnings), 'warning')}."
    )


def _where(fault: Fault) -> str:
    return f"row {fault.row}, {fault.column}" if fault.column else f"row {fault.row}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
