"""The only place where what a case knows becomes a letter: its text, and the Word file of it."""

import re

from casework.letters.facts import Addressee, letter_facts
from casework.letters.queries import CaseLetters
from casework.letters.rendering import as_docx, parse
from casework.letters.words import text_of_letter, word_source_of
from workflows.definition import Letter

_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


def text_of(
    case: CaseLetters, letter: Letter, *, signed_by: str, to: Addressee | None = None
) -> str:
    """The letter drafted from the case in the built-in words, for people to edit.

    What is not known is left to be completed, visibly (`rendering.gaps`).
    """
    return text_of_letter(letter.name, letter_facts(case, letter, signed_by, to))


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
