"""The only place that fills in Word templates: in a sandbox, with what a case knows."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from casework.letters.placeholders import LetterFacts, filling
from casework.letters.rendering.body import gap

_BETWEEN_PARAGRAPHS = re.compile("\n{2,}")
_NEW_PARAGRAPH = "\a"
"""What docxtpl makes a new paragraph of."""


def filled(template: bytes, facts: LetterFacts) -> bytes:
    """A letter as a Word file from a template of the office's own.

    What people typed is put in as text: template signs and XML in it have no effect. Raises what
    the template gives rise to unless `checking.problems` found none.
    """
    document = DocxTemplate(BytesIO(template))
    context = {name: _for_word(value) for name, value in filling(facts).items()}
    document.render(context, sandbox())
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def sandbox() -> SandboxedEnvironment:
    """Where a template can reach what it is given and nothing else."""
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals = {"to_complete": gap}
    return environment


def _for_word(value: Any) -> Any:
    """A value whose empty lines part paragraphs."""
    if isinstance(value, str):
        return _BETWEEN_PARAGRAPHS.sub(_NEW_PARAGRAPH, value) if value else value
    if isinstance(value, tuple):
        return tuple(_for_word(part) for part in value)
    if isinstance(value, Mapping):
        return {name: _for_word(part) for name, part in value.items()}
    return value
