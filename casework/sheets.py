"""The only place that reads the rows of a CSV or Excel file as cells of text.

    for number, cells in read_rows(file): ...

One row at a time, however many there are, and again from the beginning when called again. Rows
are numbered as a person sees them: the header is row 1, and rows that are wholly blank count and
are left out. What a file is, its bytes say.

A CSV is UTF-8, with or without a byte order mark. Of a workbook (.xlsx) the first sheet that is
not hidden is read, by a process of its own that may die of it: days as 2026-04-03, numbers
without “.0”, a formula as what it last came to; each row is at least as wide as the header.
"""

import csv
import io
import json
import os
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

import casework
from casework.files.inside.bounds import MOST_COLUMNS

LARGEST_FILE = 50_000_000
LONGEST_RECORD = 1_000_000
"""Bytes of one row of a CSV, over however many lines."""
_WORKBOOK = [sys.executable, "-m", "casework.files.inside.workbook"]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "Save it again as “CSV UTF-8”."

Numbered = tuple[int, list[str]]


class SheetRefused(Exception):
    """The file cannot be read on from this row; the message are sentences: why, and what to do."""

    def __init__(self, row: int, sentences: str) -> None:
        super().__init__(sentences)
        self.row = row


def read_rows(file: BinaryIO) -> Iterator[Numbered]:
    """Each row that is not wholly blank, and the first: its number and cells. Or SheetRefused.

    The file must be seekable, stays open, and belongs to this reading until it ends.
    """
    if file.seek(0, os.SEEK_END) > LARGEST_FILE:
        raise SheetRefused(
            1, f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Split it into parts."
        )
    file.seek(0)
    head = file.read(len(_OLE))
    file.seek(0)
    if head.startswith(_OLE):
        raise SheetRefused(
            1,
            "This is an old Excel workbook (.xls), or one with a password. Save it as .xlsx "
            "without a password, or as “CSV UTF-8”.",
        )
    yield from _of_workbook(file) if head.startswith(_ZIP) else _of_csv(file)


class _Lines:
    """The lines of a CSV; no more of them for one record than a row may be long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.left = LONGEST_RECORD

    def __iter__(self) -> Iterator[str]:
        mark = "\ufeff"
        while line := self._file.readline(self.left + 1):
            self.left -= len(line)
            if self.left < 0:
                raise ValueError(f"The row is longer than {LONGEST_RECORD:,} bytes. {_AGAIN}")
            text = self._decoded(line).removeprefix(mark)
            mark = "\0"
            yield from io.StringIO(text, newline="")

    def _decoded(self, line: bytes) -> str:
        if b"\0" in line:
            raise ValueError(
                "There is a NUL character here, so this is not a CSV file in UTF-8. " + _AGAIN
            )
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise ValueError("The file is not in UTF-8 here. " + _AGAIN) from None


def _of_csv(file: BinaryIO) -> Iterator[Numbered]:
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    number = 0
    while True:
        number += 1
        lines.left = LONGEST_RECORD
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SheetRefused(
                number,
                "From here on the file cannot be read as CSV: a quotation mark is not closed, "
                f"or a cell is longer than {csv.field_size_limit():,} characters. {_AGAIN}",
            ) from None
        except ValueError as wrong:
            raise SheetRefused(number, str(wrong)) from None
        if len(cells) > MOST_COLUMNS:
            raise SheetRefused(
                number, f"The row has more than {MOST_COLUMNS} columns. Take out the others."
            )
        if number == 1 or any(cell.strip() for cell in cells):
            yield number, cells


def _of_workbook(file: BinaryIO) -> Iterator[Numbered]:
    with _on_disk(file) as stored, _reader_of(stored) as child:
        number = 0
        try:
            for line in child.stdout or ():
                if not line.endswith(b"\n"):
                    break
                said = json.loads(line)
                if said is True:
                    return
                if isinstance(said, dict):
                    raise SheetRefused(said["row"], said["refused"])
                number, cells = said
                yield number, cells
        finally:
            child.kill()
        raise SheetRefused(
            number + 1,
            "From here on the workbook takes more time or memory to read than it should. Save "
            "the sheet on its own, as a new .xlsx or as “CSV UTF-8”.",
        )


def _on_disk(file: BinaryIO) -> BinaryIO:
    """The bytes as a file of the system's, which another process can be handed."""
    stored: BinaryIO = TemporaryFile()  # noqa: SIM115  # the caller closes it
    copyfileobj(file, stored)
    stored.seek(0)
    return stored


def _reader_of(file: BinaryIO) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # nosec B603
        _WORKBOOK,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(casework.__file__).parents[1],
        env={"PYTHONUTF8": "1"},
    )
