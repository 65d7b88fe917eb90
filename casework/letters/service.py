"""The only place that makes Word files for people to go on with, and names them."""

import re

from casework.letters.queries import CaseLetters
from casework.letters.rendering import as_docx, parse
from casework.letters.words import word_source_of
from workflows.definition import Letter

_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


def docx_of(case: CaseLetters, text: str) -> bytes:
    """A text of a letter of this case as a Word file."""
    name, foot = case.office.office_name, case.row.reference
    return as_docx(parse(text), office_name=name, foot=foot)


def word_starter(letter: Letter) -> bytes:
    """The built-in letter as a Word template, for an office to make its own of."""
    return as_docx(parse(word_source_of(letter.name)), office_name="{{ office_name }}")


def file_name(reference: str, name: str) -> str:
    """What the file is called when it is saved: "CR-2026-27-001 acknowledgement.docx"."""
    safe = _NOT_IN_FILE_NAMES.sub("-", reference).strip(".-")
    return f"{safe} {name}.docx".strip()
