"""The office's own Word templates of letters: uploaded, checked, kept in versions, and filled in.

    queries.in_use(session, "upheld")           # the template a letter has now, None: the built-in
    filling.filled(content, facts)              # its Word file for a case; facts.letter_facts(...)

A letter that was issued keeps its own bytes: no change of a template reaches it.
"""

from flask import Blueprint

blueprint = Blueprint("letter_templates", __name__, url_prefix="/settings/letters")

from casework.letters.templates import views as views  # noqa: E402
