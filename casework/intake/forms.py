"""The only place for the forms that take an application down, and for what may come with it.

What somebody on the telephone says first comes first; the rest is a click away. Nothing of an
application is written here but its order: labels, hints and choices are the definition's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework import clock
from casework.applications import Attached
from casework.extensions import db
from casework.office_rules import office_rules
from casework.web.step_forms import Shown, StepForm, asked, only_choices
from workflows import ITEMS, WORKFLOWS
from workflows.attempt import StepRefused
from workflows.definition import Fact, Refusal
from workflows.facts import read_facts

LOG = WORKFLOWS["complaint_review"].steps_by_name["log"]
FIRST = (
    "channel",
    "complainant_name",
    "complainant_telephone",
    "complainant_email",
    "complainant_address",
    "force",
    "force_reference",
    "letter_dated_on",
    "outcome_provided_on",
)
"""What is asked in sight, in this order."""
FOR_WHOM = "Who applies, and who acts for the complainant"
WITH_PERSON = ("applicant",)
"""Facts of the application that are asked together with whoever acts for the complainant."""


@dataclass(frozen=True)
class Beside:
    """Something kept on the case that may be taken down with the application.

    `labels` has the facts of its first step that are asked under `title`, by name, and what they
    are called here where that is not what they are called on their own; `always` are those that
    go without asking.
    """

    kind: str
    title: str
    labels: Mapping[str, str]
    always: Mapping[str, Any]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Its facts as fields beside the application's: none is required unless another is given."""
        own = ITEMS[self.kind].begins_with.facts_by_name
        return tuple(
            replace(
                own[name],
                name=self.field(name),
                label=label or own[name].label,
                stat="",
                required=False,
                section=self.title,
            )
            for name, label in self.labels.items()
        )

    def field(self, name: str) -> str:
        """What the field of one of its facts is called."""
        return f"{self.kind}_{name}"

    def given(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed of it, by the names of its own facts; empty when nothing was."""
        told = {name: typed[self.field(name)] for name in self.labels}
        return {**told, **self.always} if any(told.values()) else {}


BESIDE = (
    Beside(
        "party",
        FOR_WHOM,
        {
            "name": "Name of whoever acts for the complainant",
            "email": "Their email address",
            "telephone": "Their telephone number",
            "address": "Their address",
            "consent_on": "Day of the complainant’s written consent",
        },
        {"kind": "representative"},
    ),
    Beside(
        "contact_plan",
        "Adjustments, language and contact",
        {"channel": "Complainant is best reached by", "language": "", "adjustments": ""},
        {"whom": "complainant"},
    ),
    Beside("safeguarding", "Risk to somebody’s safety", {"at_risk": "", "risk": ""}, {}),
)


def _in_order() -> Iterator[Fact]:
    facts = LOG.facts_by_name
    yield from (replace(facts[name], section="") for name in FIRST)
    yield from (
        fact for fact in LOG.facts if fact.name not in FIRST and fact.name not in WITH_PERSON
    )
    yield from (replace(facts[name], section=FOR_WHOM) for name in WITH_PERSON)
    for each in BESIDE:
        yield from each.facts


ASKED = replace(LOG, facts=tuple(_in_order()))
"""The first step as its page asks for it: in another order, with what may come with it."""


class LogForm(StepForm):
    """The form that logs an application with what is kept on its case from the first."""

    @classmethod
    def opened(cls, known: Mapping[str, Any]) -> "LogForm":
        """The form as this request fills it; a fresh one begins with what is `known`, by name."""
        office = office_rules(db.session)
        prefill = {**only_choices(LOG, office), **known}
        form: LogForm = cls.of(ASKED, office, clock.today(), prefill=prefill)
        return form

    def application(self) -> dict[str, Any]:
        """The application's own facts as typed, by name."""
        return {fact.name: self[fact.name].data for fact in asked(LOG)}

    def attached(self) -> tuple[Attached, ...]:
        """What was typed beside it."""
        typed = self.given()
        return tuple(Attached(each.kind, facts) for each in BESIDE if (facts := each.given(typed)))

    def is_readable(self) -> bool:
        """Whether everything can be read, and nothing that was begun beside it is left half done."""
        super().is_readable()
        typed = self.given()
        for each in BESIDE:
            if facts := each.given(typed):
                self._require_whole(each, facts)
        return not self.error_list()

    def _require_whole(self, beside: Beside, facts: Mapping[str, Any]) -> None:
        step = ITEMS[beside.kind].begins_with
        try:
            read_facts(step, facts, self.office, self.today, is_strict=True)
        except StepRefused as refused:
            self.refuse(
                Refusal(each.sentence, beside.field(each.fact) if each.fact else None)
                for each in refused.refusals
            )


def is_filled(fields: list[Shown]) -> bool:
    """Whether a part of the form holds or refuses anything, so that it is not to be closed."""
    return any(shown.field.data or shown.field.errors for shown in fields)
