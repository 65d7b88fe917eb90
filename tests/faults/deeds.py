"""The only place that says what people of the harness's offices do, and what is to be there of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.factories import PICTURE
from tests.faults.visitors import Answer, Visitor

DAY = {"effective_on-day": "2", "effective_on-month": "4", "effective_on-year": "2026"}


@dataclass(frozen=True)
class Deed:
    """A form that somebody sends once: `whole` are the actions that it records, in their order.

    `words` are typed in it and found again only where it was recorded.
    """

    path: str
    fields: Mapping[str, str]
    whole: tuple[str, ...]
    words: str
    content: bytes = b""
    req: str = field(default_factory=lambda: secrets.token_hex(16))

    def send(self, visitor: Visitor) -> Answer | None:
        """Send the form."""
        sent = {**self.fields, "req": self.req}
        if self.content:
            return visitor.post_file(self.path, sent, self.content)
        return visitor.post(self.path, sent)


def any_deed(chance: Random, csrf: str, case: str, version: int) -> Deed:
    """Something that is done in an office every day, on a case that stands at a version."""
    make = chance.choices((application, acknowledgement, letter, paper), (3, 3, 3, 1))[0]
    return make(csrf, case, version)


def application(csrf: str, _case: str, _version: int) -> Deed:
    """An application is logged, with how its complainant is best reached: two entries."""
    words = _words()
    typed = {"force": "force", "grounds": words, "contact_plan_language": "Welsh"}
    return _deed("/cases/log", csrf, typed, ("logged", "contact_planned"), words)


def acknowledgement(csrf: str, case: str, version: int) -> Deed:
    """A step of the case."""
    words = _words()
    typed = {"note": words, "version": str(version)}
    return _deed(f"/cases/{case}/steps/acknowledge", csrf, typed, ("acknowledged",), words)


def letter(csrf: str, case: str, _version: int) -> Deed:
    """Something kept on the case."""
    words = _words()
    typed = {"way": "letter", "direction": "in", "with": "force", "next": "filed"}
    path = f"/cases/{case}/add/correspondence"
    return _deed(path, csrf, {**typed, "summary": words}, ("correspondence_kept",), words)


def paper(csrf: str, case: str, _version: int) -> Deed:
    """A file that is looked into and kept in the store."""
    words = _words()
    typed = {"kind": "outcome_letter", "origin": "force", "note": words}
    content = PICTURE + words.encode()
    return _deed(f"/cases/{case}/papers/add", csrf, typed, ("paper_added",), words, content)


def _deed(
    path: str,
    csrf: str,
    typed: Mapping[str, str],
    whole: tuple[str, ...],
    words: str,
    content: bytes = b"",
) -> Deed:
    return Deed(path, {"csrf_token": csrf, **DAY, **typed}, whole, words, content)


def _words() -> str:
    return f"Said by telephone {secrets.token_hex(8)}."
