"""The only place for the words the decision table of the public form is written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

NOT_SURE = "not_sure"
"""The answer that may be given to every question with choices or a day, and never ends anything."""
TIMING = "timing"
"""What follows from the days given: `in_time`, `late` or `not_sure`; rules name it as a question."""

Answers = Mapping[str, str]
"""What an applicant has answered, by question: a code, a day as 2026-04-01, or words."""
Told = Mapping[str, str]
"""What the answers say: codes; of a day `day`, or `before` and `since` where a day cuts."""


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen; `fact` is the value it gives to the question's fact."""

    code: str
    label: str
    hint: str = ""
    fact: str = ""


@dataclass(frozen=True)
class When:
    """That one of these answers was given."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One page of the form: a choice, a day or `not_sure`, or words.

    `fact` names the fact of the application that the answer gives. To the options about the
    force the office's own forces are added. A day that cuts, `cut_on`, divides the days before
    it from the others.
    """

    code: str
    title: str
    hint: str
    kind: Literal["choice", "day", "words"]
    options: tuple[Option, ...] = ()
    asked_when: When | None = None
    fact: str = ""
    cut_on: date | None = None

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of its own options."""
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True)
class Ending:
    """Why this office cannot take the application, in plain words, and where to go instead.

    What `is_passed_on` in law may also be sent here: the office forwards it (paras 31, 32).
    """

    code: str
    title: str
    why: str
    go: tuple[str, ...]
    source: str
    links: tuple[tuple[str, str], ...] = ()
    is_passed_on: bool = False


@dataclass(frozen=True)
class Note:
    """What follows from an answer that ends nothing, said before the application is sent."""

    code: str
    words: str
    source: str


@dataclass(frozen=True)
class Rule:
    """What follows from an answer; the first ending in the order of the questions holds."""

    when: When
    then: Ending | Note


@dataclass(frozen=True)
class Verdict:
    """What follows from the answers so far.

    `question` is the next to be asked, None once the right to apply here has ended or all is
    answered. `asked` are the questions whose answers count, in order. `last_day` is the last
    on which an application is in time, None while the day of the outcome is not known.
    """

    ending: Ending | None
    notes: tuple[Note, ...]
    question: Question | None
    asked: tuple[Question, ...]
    told: Told
    last_day: date | None

    @property
    def is_late(self) -> bool:
        """Whether it is made after the last day, by the days given."""
        return self.told.get(TIMING) == "late"
