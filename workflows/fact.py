"""The only place that says what a step may ask for: a fact, and the values it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactKind = Literal["day", "text", "choice", "choices", "flag", "number", "file"]


@dataclass(frozen=True)
class Choice:
    """One value a choice fact may take: its stable code and the words people read."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Fact:
    """One thing a step asks for; the form field, the refusal and the event all follow from it.

    Text is personal by rule: it goes beside the log under a commitment, never into it.
    Every other kind is a closed code, a day, a flag, a number or the SHA-256 of a stored file
    and goes into the event's `stat` under `code`. A day may not lie in the future unless
    `is_ahead`: what is to be answered by then. `choices` may be the name of a list that the
    office keeps (`"forces"`, `"people"` who work on cases, `"readers"` who see any, `"contractors"`). A counted fact becomes a milestone of
    that kind from its day on; a flag's code is `yes`.
    """

    name: str
    kind: FactKind
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] | str = ()
    stat: str = ""
    is_counted: bool = False
    is_long: bool = False
    is_for_import: bool = False
    is_ahead: bool = False
    section: str = ""

    @property
    def code(self) -> str:
        """The key under which the log holds this fact; unique in a workflow."""
        return self.stat or self.name

    @property
    def is_person(self) -> bool:
        """Whether the value is somebody who signs in here, by token."""
        return self.choices in ("people", "readers", "contractors")

    @property
    def is_personal(self) -> bool:
        """Whether the value is words, kept outside the log."""
        return self.kind == "text"
