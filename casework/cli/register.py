"""The only place for `casework import`: a register of reviews, all of it or nothing."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, REFUSED
from casework.database import begin_write
from casework.imports.rows import LARGEST_FILE, Fault
from casework.imports.service import Imported, import_register


@click.command(
    "import",
    short_help="Import a register of reviews.",
    epilog="Example: casework import register.csv --dry-run",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Check everything and keep nothing.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def import_file(file: Path, dry_run: bool, is_json: bool) -> int:
    """Import FILE, a CSV of one review a row; - reads it from stdin.

    Every row is checked first. With any error nothing is imported. Importing the same file
    again adds nothing.
    """
    content = _content(file)
    with open_office() as session:
        if not dry_run:
            begin_write(session)
        done = import_register(session, content, is_dry_run=dry_run)
        if done.errors or dry_run:
            session.rollback()
        else:
            session.commit()
    if is_json:
        print_json(_plain(done, dry_run))
    else:
        _print(done, dry_run)
    return REFUSED if done.errors else DONE


def _content(file: Path) -> bytes:
    """One byte more than a register may have, at most: the import says that it is too large."""
    if str(file) == "-":
        return _read(sys.stdin.buffer)
    with file.open("rb") as opened:
        return _read(opened)


def _read(stream: BinaryIO) -> bytes:
    return stream.read(LARGEST_FILE + 1)


def _plain(done: Imported, is_dry_run: bool) -> dict[str, Any]:
    plain = {
        "rows": done.rows,
        "imported": done.imported,
        "unchanged": done.unchanged,
        "warnings": [asdict(fault) for fault in done.warnings],
        "errors": [asdict(fault) for fault in done.errors],
    }
    return {**plain, "dry_run": True} if is_dry_run else plain


def _print(done: Imported, is_dry_run: bool) -> None:
    for warning in done.warnings:
        click.echo(f"Warning: {_where(warning)}: {warning.message}", err=True)
    for error in done.errors:
        click.echo(f"Error: {_where(error)}: {error.message}", err=True)
    if done.errors:
        click.echo(f"Nothing was imported: {_many(len(done.errors), 'error')}.", err=True)
        return
    would = "would be imported (nothing was kept)" if is_dry_run else "imported"
    click.echo(
        f"{_many(done.rows, 'row')}: {done.imported} {would}, {done.unchanged} unchanged, "
        f"{_many(len(done.warnings), 'warning')}."
    )


def _where(fault: Fault) -> str:
    return f"row {fault.row}, {fault.column}" if fault.column else f"row {fault.row}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
