"""The only place for what goes into the engine and what comes out: Attempt, Move, StepRefused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflows.definition import Actor, Refusal, Standing


class StepRefused(Exception):
    """A step cannot be taken. Each refusal is a sentence and the fact to mend, if it is one."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(" ".join(refusal.sentence for refusal in refusals))
        self.refusals = refusals

    @classmethod
    def because(cls, sentence: str, fact: str | None = None) -> "StepRefused":
        """One sentence, and the fact to mend where it is about one."""
        return cls(Refusal(sentence, fact))

    @property
    def sentence(self) -> str:
        """Every reason, in one line."""
        return str(self)


@dataclass(frozen=True)
class Attempt:
    """A step somebody tries: facts by the names the step's definition gives them.

    `target` is the position in the log of the entry that is corrected, annulled or reopened;
    `estimated` names the days that are a best guess. `is_import` lifts the rules about who
    acts and about what must be filled in. `case` is how the case stands that an item is kept on,
    `kept` how everything kept on it does, by kind, and `latest` where in the log the last entry of
    it or of anything else kept on it is, where the item's workflow asks for it.
    """

    step: str
    effective_on: date | None
    facts: Mapping[str, Any]
    actor: Actor
    target: int | None = None
    estimated: frozenset[str] = frozenset()
    is_import: bool = False
    case: Standing | None = None
    kept: Mapping[str, tuple[Standing, ...]] = field(default_factory=dict)
    latest: int | None = None


@dataclass(frozen=True)
class Move:
    """A step that may be taken: what the log will say and how the case then stands.

    `facts` are the coded values by `Fact.code`, `texts` the words that stay outside the log.
    """

    action: str
    role: str
    effective_on: date | None
    facts: Mapping[str, Any]
    texts: Mapping[str, str]
    after: Standing
    target: int | None = None
    estimated: frozenset[str] = frozenset()
