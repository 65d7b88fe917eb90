"""The only place that fills in a form as a person might, and then spoils what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.security.conftest import Siege
from tests.security.walking import Form
from tests.test_anybody import button_of, filled

KEPT = frozenset({"csrf_token"})
"""Without it nothing else of a form is looked at, and that is another attack."""


@dataclass(frozen=True)
class File:
    """A file that is sent, more than once if need be."""

    content: bytes
    name: str


Sent = dict[str, list[str | File]]


def honest(form: Form, chance: Random) -> Sent:
    """What somebody might send: choices and days at random, and plain words."""
    filled_in = filled(form.form, chance, ("As the force said.",))
    sent = {name: [_kept(each) for each in values] for name, values in filled_in.items()}
    return {**sent, **{name: [value] for name, value in button_of(form.form, chance).items()}}


def spoilt(form: Form, chance: Random, typed: Sequence[str]) -> Sent:
    """The same with hostile words in most boxes, some absent, and at times one of another kind."""
    sent = honest(form, chance)
    mine = [name for name in sent if name not in KEPT]
    for name in mine:
        turn, is_text = chance.random(), name in form.texts
        if turn < (0.8 if is_text else 0.1):
            sent[name] = [chance.choice(typed)]
        elif turn > 0.95:
            del sent[name]
    if mine and chance.random() < 0.1:
        name, hostile = chance.choice(mine), chance.choice(typed)
        file = File(hostile.encode("utf-8", "replace"), "zq.pdf")
        sent[name] = chance.choice([[hostile, hostile], [file], [hostile, file]])
    return sent


def send(siege: Siege, form: Form, sent: Sent, client: FlaskClient | None = None) -> TestResponse:
    """Send a form to where it goes, by whoever saw it and with their session as it was then.

    By somebody else where a `client` is given.
    """
    kind = form.form.get("enctype") or "application/x-www-form-urlencoded"
    given = [(name, each) for name, values in sent.items() for each in values]
    if any(isinstance(each, File) for _, each in given):
        kind = "multipart/form-data"
    fields: MultiDict[str, Any] = MultiDict((name, _opened(each)) for name, each in given)
    client = client or siege.client(form.role)
    return client.post(form.action, data=fields, content_type=kind, buffered=True)


def _kept(value: Any) -> str | File:
    return File(value[0].getvalue(), value[1]) if isinstance(value, tuple) else value


def _opened(value: str | File) -> Any:
    return (BytesIO(value.content), value.name) if isinstance(value, File) else value
