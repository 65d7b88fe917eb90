"""The only place that refuses what no form of ours sends: unreadable, said twice, or too much of it.

Before anything reads it. A browser sends UTF-8 without NUL (HTML, 4.10.21.8), and each field of a
form once, but for lists.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, current_app, request

from workflows import ITEMS, OFFICE, WORKFLOWS

MOST_FIELDS = 1_000
LONGEST_FIELD = 200_000
"""Characters: twice what a page takes, so that nearly always its own sentence tells of too much."""
FILE = "file"
"""What every field is called that takes files."""
KEPT = "kept"
"""Files that a form brought before it was refused."""
_LISTS = frozenset(
    fact.name
    for workflow in chain(WORKFLOWS.values(), ITEMS.values(), OFFICE.values())
    for step in workflow.steps
    for fact in step.facts
    if fact.kind == "choices"
) | {KEPT}
ANY = None

View = TypeVar("View", bound=Callable[..., Any])


def takes_lists(*names: str) -> Callable[[View], View]:
    """Let fields of these names come more than once with the form of this view; without names, all."""

    def decorate(view: View) -> View:
        view.lists = frozenset(names) if names else ANY  # type: ignore[attr-defined]
        return view

    return decorate


def init_app(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request(_refuse_unmeasured)
    app.before_request(_refuse_unreadable)
    app.before_request(_refuse_too_much)
    app.before_request(_refuse_said_twice)
    app.before_request(_refuse_misplaced_files)


def _said() -> Iterator[tuple[str, str]]:
    return chain(request.args.items(multi=True), request.form.items(multi=True))


def _refuse_unmeasured() -> None:
    """A browser says how long a form is; what the public may send is counted by that."""
    if request.method == "POST" and "Transfer-Encoding" in request.headers:
        abort(411)


def _refuse_unreadable() -> None:
    is_plain = request.mimetype == "application/x-www-form-urlencoded"
    coded = (request.query_string, request.get_data() if is_plain else b"")
    try:
        request.environ["PATH_INFO"].encode("latin-1").decode()
        for each in coded:
            unquote_to_bytes(each).decode()
    except UnicodeDecodeError:
        abort(400)
    said = list(chain([request.path], *_said()))
    # In a form with files, this stands already for what nobody can read.
    unreadable = "\0" if is_plain or not request.form else "\0\ufffd"
    if any(sign in each for each in said for sign in unreadable):
        abort(400)


def _refuse_too_much() -> None:
    said = list(_said())
    if len(said) > MOST_FIELDS:
        abort(413, f"A form may have at most {MOST_FIELDS:,} fields. Nothing was changed.")
    if any(len(name) + len(value) > LONGEST_FIELD for name, value in said):
        abort(
            413,
            f"What was entered in one box is longer than {LONGEST_FIELD:,} characters. Nothing was "
            "changed.",
        )


def _refuse_said_twice() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    lists: frozenset[str] | None = getattr(view, "lists", frozenset())
    twice = [name for name, values in request.form.lists() if len(values) > 1]
    asked_twice = [name for name, values in request.args.lists() if len(values) > 1]
    if asked_twice or not (lists is ANY or all(name in lists or _is_list(name) for name in twice)):
        abort(400)


def _is_list(name: str) -> bool:
    """Whether a fact that is a list is asked by this name, alone or among the facts of several steps."""
    return name in _LISTS or any(name.endswith(f"_{each}") for each in _LISTS)


def _refuse_misplaced_files() -> None:
    """Forms hand their fields files and words alike, and no field of words can read a file."""
    if set(request.files) - {FILE}:
        abort(400)
