"""The only place for the words of the built-in letters: templates/letters, filled in for a case.

The words are text with Jinja signs, one file a letter, within the frame that all letters have.
What a code means (why an application is invalid, why a case is opened again) is in a file of the
letter's folder under that code. Lines that begin with "% " are conditions and loops.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from casework.letters.placeholders import LetterFacts, Written, filling
from casework.letters.rendering.body import gap, literal
from casework.web import templates_folder

_VALUE = "\x02"
"""Stands in front of each line of a value until the text is whole; no value can have it."""
_WORDS = "WORDS"
_FILLED_LINE = re.compile(f"^{_VALUE}+(.*)$", re.MULTILINE)
_EMPTY_LINES = re.compile("\n{3,}")
_CONDITION = re.compile("^% (.*)\n", re.MULTILINE)


def text_of_letter(name: str, facts: LetterFacts) -> str:
    """The letter of this name in words, as `rendering.parse` reads them; gaps where not known.

    What people typed has no effect as a template, and none as markup but for what staff write
    as a part of letters.
    """
    return _filled_in(source_of(name), facts)


def about_code(letter: str, code: str | None, facts: LetterFacts) -> Written | None:
    """What a code means, in the words of this letter; None where the letter has none for it."""
    path = _folder() / "words" / letter / f"{code}.txt"
    if code is None or not path.is_file():
        return None
    return Written(_filled_in(path.read_text(encoding="utf-8"), facts).strip())


@cache
def source_of(name: str) -> str:
    """The words of a letter in its frame, with their Jinja signs."""
    words = (_folder() / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return (_folder() / "frame.txt").read_text(encoding="utf-8").replace(_WORDS, words.strip())


def word_source_of(name: str) -> str:
    """The same as a Word template has it, whose conditions stand in paragraphs of their own."""
    return _CONDITION.sub("\n{%p \\1 %}\n\n", source_of(name))


def _folder() -> Path:
    return templates_folder() / "letters"


def _filled_in(source: str, facts: LetterFacts) -> str:
    filled = _template(source).render(filling(facts))
    read = _FILLED_LINE.sub(lambda line: literal(line[1].replace(_VALUE, "")), filled)
    return _EMPTY_LINES.sub("\n\n", read.replace(_VALUE, "")).strip() + "\n"


@cache
def _template(source: str) -> Template:
    # Jinja's own line statements would swallow the empty lines after them.
    return _environment().from_string(_CONDITION.sub(r"{% \1 %}", source))


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, finalize=_marked, autoescape=False
    )
    environment.globals["to_complete"] = gap
    return environment


def _marked(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Written):
        return value
    return "\n".join(_VALUE + line for line in value.split("\n"))
