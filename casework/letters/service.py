"""The only place that fills in letters: Word templates, in a sandbox, with what a case knows."""

import re
from dataclasses import asdict
from datetime import date
from io import BytesIO

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from casework.letters.queries import LetterFacts
from casework.web import templates_folder
from workflows.calendar import in_words

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


def fill(name: str, facts: LetterFacts) -> bytes:
    """The letter of this name as a Word file. What is not known is left to be completed, visibly.

    What people typed is put in as text: template signs and XML in it have no effect.
    """
    template = DocxTemplate(templates_folder() / "letters" / f"{name}.docx")
    template.render({**asdict(facts), "is_late": facts.is_late}, _sandbox())
    written = BytesIO()
    template.save(written)
    return written.getvalue()


def file_name(reference: str, name: str) -> str:
    """What the file is called when it is saved: "CR-2026-27-001 acknowledgement.docx"."""
    safe = _NOT_IN_FILE_NAMES.sub("-", reference).strip(".-")
    return f"{safe} {name}.docx".strip()


def _sandbox() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=_printable
    )
    environment.filters["known"] = _known
    return environment


def _known(value: str | date | int | None, what: str) -> str:
    """The value in words, or a note that somebody must complete `what`."""
    if value is None or value == "":
        # Within a template's signs docxtpl makes every quote a straight one.
        asked = what.replace("'", "’")
        return f"[to be completed: {asked}]"
    return in_words(value) if isinstance(value, date) else str(value)


def _printable(value: object) -> object:
    """Text without the characters that XML, and so Word, cannot hold."""
    return _NOT_XML.sub("", value) if isinstance(value, str) else value
