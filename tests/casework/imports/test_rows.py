"""Each way in which a file is no register at all, and where that is said to be."""

from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from casework.imports.rows import count_rows
from tests.casework.imports.registers import tried

pytestmark = pytest.mark.one_database

LINE = b"CR/1,2022-05-03\n"
FILES: list[tuple[str, bytes, int, str | None, str]] = [
    ("empty", b"", 1, "reference", "no column reference"),
    ("no header", LINE, 1, "CR/1", "no column called"),
    ("no received_on", b"reference\nCR/1\n", 1, "received_on", "no column received_on"),
    ("an unknown column", b"reference,received_on,mood\n", 1, "mood", "The columns are"),
    ("semicolons", b"reference;received_on\n", 1, "reference;received_on", "commas"),
    ("a column twice", b"reference,received_on,reference\n", 1, "reference", "twice"),
    ("too few cells", b"reference,received_on\nCR/1\n", 2, None, "1 cells and the header 2"),
    ("too many cells", b"reference,received_on\nCR/1,2022-05-03,x\n", 2, None, "3 cells"),
    ("Latin 1", b"reference,received_on\n" + LINE + b"CR/\xe9,2022-05-03\n", 3, None, "UTF-8"),
    ("UTF-16", "reference,received_on\n".encode("utf-16"), 1, None, "UTF-8"),
    ("NUL", b"reference,received_on\nCR/\0,2022-05-03\n", 2, None, "NUL"),
    ("an open quotation", b'reference,received_on\n"CR/1,2022-05-03\n', 2, None, "quotation"),
    (
        "a huge cell",
        b"reference,received_on\n" + b"x" * 140_000 + b",2022-05-03\n",
        2,
        None,
        "longer",
    ),
]


@pytest.mark.parametrize(
    ("content", "row", "column", "said"), [f[1:] for f in FILES], ids=[f[0] for f in FILES]
)
def test_a_file_that_is_no_register_is_said_to_be_none(
    empty: Session, content: bytes, row: int, column: str | None, said: str
) -> None:
    faults = tried(empty, content).errors
    assert (faults[0].row, faults[0].column) in {(row, column), (1, column)}
    assert any(said in fault.message for fault in faults)


def test_a_file_too_large_to_read_is_refused_before_it_is_parsed(empty: Session) -> None:
    (fault,) = tried(empty, b"x" * 50_000_001).errors
    assert "50 MB" in fault.message


def test_rows_are_counted_no_further_than_is_asked() -> None:
    file = BytesIO(b"reference\n" + b"CR/1\n" * 9)
    assert (count_rows(file), count_rows(file, 9)) == (9, 9)
    assert (count_rows(file, 4), file.tell()) == (4, len(b"reference\n" + b"CR/1\n" * 4))
