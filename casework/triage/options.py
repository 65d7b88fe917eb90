"""The only place that lists what may be done with a new application on one page, and with which step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.complaint_review import WAIT
from workflows.complaint_review_choices import WAITING_FOR
from workflows.complaint_review_validity import DECIDE_TIME, FIND_INVALID, FIND_VALID, FORWARD
from workflows.definition import Choice, Fact, Step
from workflows.triage import ASK

DECISION = "decision"


@dataclass(frozen=True)
class Option:
    """One thing to do: a step with what is asked for it, what lies aside, and what is settled by choosing it."""

    code: str
    step: Step
    label: str
    hint: str
    asks: tuple[str, ...]
    aside: tuple[str, ...] = ()
    settled: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def named(self, fact: str) -> str:
        """The name of this option's own field for a fact of its step."""
        return f"{self.code}_{fact}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the page asks for it, each fact under a name of its own."""
        return tuple(self._fact(name) for name in (*self.asks, *self.aside))

    def _fact(self, name: str) -> Fact:
        fact = self.step.facts_by_name[name]
        choices = self.choices.get(name, fact.choices)
        asked = replace(fact, name=self.named(name), stat="", choices=choices)
        return replace(asked, label=self.labels[name], hint="") if name in self.labels else asked


OPTIONS = (
    Option(
        FIND_VALID.name,
        FIND_VALID,
        "Find it valid",
        "This office reviews the outcome.",
        ("route", "categories", "reasons"),
        ("outcome_provided_on", "review_body_letter", "review_body_psd", "review_body"),
        labels={"reasons": "Reasons for finding it valid"},
    ),
    Option(
        FIND_INVALID.name,
        FIND_INVALID,
        "Find it invalid",
        "There is no review. The applicant is told why.",
        ("reason", "reasons"),
        labels={"reasons": "Reasons for finding it invalid"},
    ),
    Option(
        FORWARD.name,
        FORWARD,
        "Forward it to the IOPC",
        "The IOPC is the relevant review body. It and the applicant are both written to.",
        ("limb", "reasons"),
        labels={"reasons": "Reasons for forwarding it"},
    ),
    Option(
        DECIDE_TIME.name,
        DECIDE_TIME,
        "Decide about extra time",
        "It was made late. Only special circumstances make it just to extend the time.",
        ("extra_time", "special_circumstances"),
    ),
    Option(
        ASK,
        WAIT,
        "Ask the applicant",
        "The office waits for the answer. The letter that asks is drafted from this.",
        ("asked_for", "answer_by", "note"),
        settled={"waiting_for": "applicant"},
        labels={
            "asked_for": "What is asked for",
            "answer_by": "Answer wanted by",
            "note": "Note on what is asked",
        },
    ),
    Option(
        WAIT.name,
        WAIT,
        "Wait for somebody else",
        "Waiting explains the time; it does not stop the review.",
        ("waiting_for", "note"),
        choices={"waiting_for": tuple(c for c in WAITING_FOR if c.code != "applicant")},
        labels={"note": "Note on the waiting"},
    ),
)
BY_CODE = {option.code: option for option in OPTIONS}


def deciding(options: tuple[Option, ...]) -> Step:
    """The page's form as one step: what is decided, then what each option asks for."""
    decision = Fact(
        DECISION,
        "choice",
        "What do you decide?",
        required=True,
        choices=tuple(Choice(each.code, each.label, each.hint) for each in options),
    )
    facts = (decision, *(fact for option in options for fact in option.facts))
    return Step(
        "triage", "Decide", "", "Recorded", (), (), facts=facts, day_label="Day of the decision"
    )
