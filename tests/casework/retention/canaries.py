"""The only place where tests make cases of which every word bears a name that nothing else has.

Every step of a case and of each kind of thing that is kept on one is taken, as its definition
asks, so that a new kind, step or text is among them by itself.
"""

import gzip
import re
import secrets
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from sqlalchemy import insert
from sqlalchemy.orm import Session

from casework import clock, items, progress
from casework.apply import waiting
from casework.audit.record import Origin
from casework.database import begin_write
from casework.files.kinds import DOCX, PDF
from casework.files.store import note
from casework.letters import drafts
from casework.models import Draft, RegisterRow
from casework.models.base import table_of
from casework.office_rules import office_rules
from casework.outbox.mail import Attachment, Mail, new_message_id
from casework.outbox.queue import put_receipt
from casework.web.files import files
from tests.casework.files.documents import docx
from workflows import ITEMS, WORKFLOWS
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor, Fact, OfficeRules, Step, Workflow
from workflows.disposal import DISPOSAL

CANARY = re.compile(rb"zq[b-m]{10}qz")
DIGITS = "bcdfghjklm"
BY = Actor("u_" + "7" * 32, frozenset({"reviewer"}))
REVIEW = WORKFLOWS["complaint_review"]
LIFE = (
    *("log", "complete_application", "acknowledge", "request_file", "chase_file", "escalate_file"),
    *("receive_file", "wait", "resume", "find_outcome_day", "find_review_body", "find_valid"),
    *("write_review", "return_review", "write_review", "uphold", "notify"),
)
KEPT = tuple(kind for kind in ITEMS.values() if kind is not DISPOSAL)
"""Every kind of thing that is kept on a case, but for what its erasure is agreed by."""


@dataclass(frozen=True)
class Canary:
    """A case of which every word bears `name`."""

    name: str
    token: str
    reference: str


def name_of(number: int) -> str:
    """A name that is one word in every index, and stands nowhere else."""
    return f"zq{''.join(DIGITS[int(digit)] for digit in f'{number:010}')}qz"


class Nest:
    """Makes such cases, one after another; each is linked to the one before."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.office = office_rules(session)
        self.made: list[Canary] = []

    def lay(
        self,
        shared: str | None = None,
        kinds: Iterable[Workflow] = KEPT,
        *,
        name: str | None = None,
    ) -> Canary:
        """A closed case with things of these kinds, committed.

        `shared` is a stored file that it has beside others, `name` what its words bear instead.
        """
        name = name or name_of(len(self.made) + 1)
        pdf, word = self._files(name)
        begin_write(self.session)
        for kept in (pdf, word):
            note(self.session, kept)
        told = _Told(name, self.office, pdf.sha256, self.made[-1].reference if self.made else "")
        canary = self._case(told)
        for kind in kinds:
            self._item(canary.token, kind, told)
        for arisen in items.items_on(self.session, canary.token):
            self._live(arisen.token, arisen.workflow, told)
        for digest in (word.sha256, shared):
            if digest:
                self._paper(canary.token, told, digest)
        self._beside(canary, pdf.sha256)
        self.session.commit()
        self.made.append(canary)
        return canary

    def _files(self, name: str) -> tuple[Any, Any]:
        stream = zlib.compress(f"BT ({name} was there) Tj ET".encode())
        pdf = b"%PDF-1.7\nstream\n" + stream + b"\nendstream"
        return (
            files().keep_made(pdf, PDF, f"{name} was there"),
            files().keep_made(docx(f"{name} saw it"), DOCX, f"{name} saw it"),
        )

    def _case(self, told: "_Told") -> Canary:
        steps = [REVIEW.steps_by_name[name] for name in LIFE]
        first, *since = (
            Attempt(step.name, clock.today(), told.facts(step), BY, is_import=True)
            for step in steps
        )
        moved = progress.begin_case(self.session, first, Origin("web", BY.token), since=since)
        ref = progress.case_ref(self.session, moved.reference)
        assert ref is not None
        texts = {"grounds": f"{told.name} meant this", "reason": f"{told.name} rang"}
        fix = Attempt("correct", None, texts, BY, target=moved.seq - len(since))
        progress.move_case(self.session, ref, fix, Origin("web", BY.token))
        return Canary(told.name, moved.case, moved.reference)

    def _item(self, case: str, kind: Workflow, told: "_Told") -> None:
        begun = self._begun(case, kind, told) or self._begun(case, kind, replace(told, which=-1))
        assert begun is not None, f"{kind.name} takes neither the first choices nor the last"
        self._live(begun.item, kind, told)

    def _live(self, item: str, kind: Workflow, told: "_Told") -> None:
        """Take every step of an item that may be taken, those last by which it ends."""
        closing = [step for step in kind.steps if _closes(kind, step)]
        for step in (*(each for each in kind.steps if each not in closing), *closing):
            ref = items.item_ref(self.session, item)
            if ref is None or kind.states_by_name[ref.state].is_closed:
                return
            attempt = Attempt(step.name, clock.today(), told.facts(step), BY, is_import=True)
            with suppress(StepRefused):
                items.move_item(self.session, ref, attempt, Origin("web", BY.token))

    def _begun(self, case: str, kind: Workflow, told: "_Told") -> items.ItemMoved | None:
        step = kind.begins_with
        attempt = Attempt(step.name, clock.today(), told.facts(step), BY, is_import=True)
        with suppress(StepRefused):
            return items.begin_item(self.session, case, kind, attempt, Origin("web", BY.token))
        return None

    def _paper(self, case: str, told: "_Told", digest: str) -> None:
        step = ITEMS["paper"].begins_with
        facts = {**told.facts(step), "file": digest}
        attempt = Attempt(step.name, clock.today(), facts, BY, is_import=True)
        items.begin_item(self.session, case, ITEMS["paper"], attempt, Origin("web", BY.token))

    def _beside(self, canary: Canary, pdf: str) -> None:
        """What is no event: drafts, a letter being written, a mail, an application that was sent."""
        name, now = canary.name, clock.now()
        draft = {
            "person_token": BY.token,
            "form": f"/cases/{canary.token}/steps/wait",
            "case_token": canary.token,
            "title": f"Wait for {name}",
            "fields": [["note", f"{name} is away"]],
            "began_at": now,
            "saved_at": now,
        }
        self.session.execute(insert(table_of(Draft)), draft)
        row = {"reference": canary.reference, "digest": secrets.token_hex(32)}
        self.session.execute(insert(table_of(RegisterRow)), row)
        beginning = drafts.Beginning(canary.token, "acknowledgement", "complainant", f"Dear {name}")
        drafts.begin(self.session, f"l_{secrets.token_hex(16)}", beginning, BY.token)
        address = f"{name if name.isalnum() else 'nobody'}@example.org"
        mail = Mail(
            address, f"To {name[:190]}", f"Dear {name}", (Attachment(f"{name[:190]}.pdf", pdf),)
        )
        put_receipt(self.session, canary.token, mail, message_id=new_message_id(None))
        sent = waiting.new_token()
        waiting.begin(self.session, sent)
        waiting.finish(self.session, sent, canary.reference, {pdf})


def _closes(kind: Workflow, step: Step) -> bool:
    leads = {dest for _, dest in step.moves}
    return any(kind.states_by_name[dest].is_closed for dest in leads & kind.states_by_name.keys())


@dataclass(frozen=True)
class _Told:
    """What the facts of any step are answered with: every text bears the name."""

    name: str
    office: OfficeRules
    file: str
    other: str
    which: int = 0

    @property
    def email(self) -> str:
        """An address that bears the name; the name itself where that makes no address."""
        return f"{self.name}@example.org" if self.name.isalnum() else self.name

    def facts(self, step: Step) -> dict[str, Any]:
        given = {fact.name: self._answer(fact) for fact in step.facts}
        return {name: value for name, value in given.items() if value not in (None, ())}

    def _answer(self, fact: Fact) -> Any:
        if fact.name == "reference":
            return self.other or self.name
        if fact.kind == "text":
            return self.email if "email" in fact.name else f"{self.name} {fact.name}"
        if fact.kind == "day":
            return clock.today() + timedelta(days=30 if fact.is_ahead else 0)
        codes = [choice.code for choice in self.office.choices_of(fact)]
        chosen = codes[self.which] if codes else None
        plain = {"flag": True, "number": 1, "file": self.file, "choice": chosen}
        return plain.get(fact.kind, (chosen,) if chosen else None)


def found_in(content: bytes) -> set[str]:
    """The names in a file, also in what is packed in it."""
    return {each.decode() for part in _unpacked(content) for each in CANARY.findall(part.lower())}


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    yield from _spelt_out(content)
    if content.startswith(b"\x1f\x8b"):
        yield from _unpacked(gzip.decompress(content))
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for start in re.finditer(rb"stream\r?\n", content):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[start.end() :])


def _spelt_out(content: bytes) -> Iterator[bytes]:
    """What stands in base64 between the quotation marks of JSON, as bytes do in exports and backups."""
    for spelt in re.findall(rb'"([A-Za-z0-9+/]{16,}={0,2})"', content):
        with suppress(ValueError):
            yield b64decode(spelt)


def found_under(places: Sequence[Path]) -> dict[str, set[str]]:
    """The names in these files, and in all that lie in these folders or below, by path."""
    paths = (path for place in places for path in (place, *place.rglob("*")) if path.is_file())
    found = {str(path): found_in(path.read_bytes()) for path in paths}
    return {path: names for path, names in found.items() if names}
