"""The only place that turns a step's facts into a form, and what was typed back into facts.

Nothing about a step is written here: labels, hints, kinds, choices and what is refused all
come from its definition, so a new fact needs no new form. Every refusal is put beside the
field it is about, and everything typed is kept.
"""

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from casework.audit.record import REQUEST
from casework.extensions import db
from casework.web import drafts
from casework.web.days import DayField
from casework.web.drafts import Keeping
from workflows.attempt import StepRefused
from workflows.calendar import in_words
from workflows.definition import Choice, Fact, OfficeRules, Refusal, Standing, Step, Workflow
from workflows.facts import day_or_refuse, read_fact, read_facts
from workflows.history import EFFECTIVE_ON

REFUSED = 422
"""The status of a page that gives a form back because what was typed was refused."""
NOT_RECORDED = Choice("", "Not recorded")
MOST_RADIOS = 15
MOST_LISTED = 6
"""The office's own lists, of forces and people, are a select from more than this on."""
SHORTEST_GROUPED = 16


@dataclass(frozen=True)
class Group:
    """A choice and the finer ones under it, whose codes begin with its code."""

    head: Choice
    finer: tuple[Choice, ...]


@dataclass(frozen=True)
class Shown:
    """A field with the fact it asks for and the choices it offers."""

    field: Field
    fact: Fact
    choices: tuple[Choice, ...] = ()

    @property
    def is_select(self) -> bool:
        """Whether one choice of many is better picked from a list than read through."""
        most = MOST_LISTED if isinstance(self.fact.choices, str) else MOST_RADIOS
        return len(self.choices) > most

    def words(self) -> str:
        """What was typed or chosen, in words; empty for nothing."""
        value = self.field.data
        if isinstance(value, date):
            return in_words(value)
        if isinstance(value, bool):
            return "Yes" if value else ""
        labels = {choice.code: choice.label for choice in self.choices if choice.code}
        codes = value if isinstance(value, list) else [value]
        return "; ".join(labels.get(code, str(code)) for code in codes if code)

    @property
    def items(self) -> list[dict[str, Any]]:
        """The choices as the GOV.UK components take them."""
        held = self.field.data
        picked = held if isinstance(held, list | tuple) else [held]
        return [
            {
                "value": choice.code,
                "text": choice.label,
                "hint": {"text": choice.hint} if choice.hint else None,
                "checked": choice.code in picked,
                "selected": choice.code in picked,
            }
            for choice in self.choices
        ]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The choices grouped by the code they begin with; empty when there are few."""
        if len(self.choices) < SHORTEST_GROUPED:
            return ()
        heads: list[tuple[Choice, list[Choice]]] = []
        for choice in self.choices:
            if heads and choice.code.startswith(heads[-1][0].code):
                heads[-1][1].append(choice)
            else:
                heads.append((choice, []))
        return tuple(Group(head, tuple(finer)) for head, finer in heads)


class Refusing(Form):  # type: ignore[misc]
    """A form that says of each refusal at which field it is to be mended, or that it is of none."""

    general_errors: list[str]

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Put each refusal at the field it is about; the first one of a field stays."""
        for refusal in refusals:
            field = self._fields.get(refusal.fact) if refusal.fact else None
            if field is None:
                self.general_errors.append(refusal.sentence)
            elif not field.errors:
                field.errors = [refusal.sentence]

    def error_list(self) -> list[dict[str, str]]:
        """Every refusal with the field it leads to, as the error summary takes them."""
        at_fields = [
            {"text": field.errors[0], "href": f"#{_first_id(field)}"}
            for field in self.in_page_order()
            if field.errors
        ]
        return [{"text": sentence} for sentence in self.general_errors] + at_fields

    def in_page_order(self) -> Iterable[Field]:
        """The fields, as a page shows them."""
        return self


class StepForm(Refusing, FlaskForm):  # type: ignore[misc]
    """The form of one step; `of` builds it. `req` makes a double post have one effect."""

    req = HiddenField()
    version = HiddenField()

    step: Step
    office: OfficeRules
    today: date
    has_day: bool
    settled: frozenset[str]
    keeping: Keeping | None

    @classmethod
    def of(
        cls,
        step: Step,
        office: OfficeRules,
        today: date,
        *,
        prefill: Mapping[str, Any] | None = None,
        settled: Collection[str] = (),
        version: int | None = None,
        has_day: bool = True,
    ) -> "StepForm":
        """The form of a step, filled with what was posted, else kept, else `prefill` by fact name.

        The day is today unless `prefill` says otherwise. `version` is the case's when opened.
        `settled` names facts that have a value already, which a step cannot take back. What is
        typed is kept where the form has room for long words.
        """
        fields: dict[str, Any] = {fact.name: field_of(fact, office) for fact in asked(step)}
        if has_day:
            fields[EFFECTIVE_ON] = DayField(step.day_label, description=step.day_hint)
        opened = {"req": secrets.token_hex(16), "version": version, EFFECTIVE_ON: today}
        # What was posted is all that counts: a box left empty must not be filled again.
        known = {} if request.method == "POST" else prefill or {}
        has_long = any(fact.is_long for fact in asked(step))
        keeping = drafts.here(db.session) if has_long else None
        kept = {"formdata": keeping.typed} if keeping and keeping.typed else {}
        form = type("FormOfStep", (cls,), fields)(data={**opened, **known}, **kept)
        form.step, form.office, form.today, form.has_day = step, office, today, has_day
        form.general_errors, form.settled = [], frozenset(settled)
        form.keeping = keeping
        if keeping and keeping.was_kept_on(form.day):
            form[EFFECTIVE_ON].process(None, today)
        return form  # type: ignore[no-any-return]

    def sections(self) -> list[tuple[str, list[Shown]]]:
        """The facts' fields in order, under the headings that the definition gives them."""
        shown = (self._shown(fact) for fact in asked(self.step))
        by_section = groupby(shown, key=lambda each: each.fact.section)
        return [(title, list(fields)) for title, fields in by_section]

    def _shown(self, fact: Fact) -> Shown:
        choices = choices_shown(fact, self.office)
        if fact.name in self.settled:
            choices = tuple(choice for choice in choices if choice is not NOT_RECORDED)
        return Shown(self[fact.name], fact, choices)

    @property
    def day_shown(self) -> Shown:
        """The field of the step's own day."""
        fact = Fact(EFFECTIVE_ON, "day", self.step.day_label, required=True)
        return Shown(self[EFFECTIVE_ON], fact)

    @property
    def day(self) -> date | None:
        """The day that was typed for the step itself."""
        typed: date | None = self[EFFECTIVE_ON].data if self.has_day else None
        return typed

    def given(self) -> dict[str, Any]:
        """What was typed, by fact name, as the engine takes it."""
        return {fact.name: self[fact.name].data for fact in asked(self.step)}

    def is_readable(self) -> bool:
        """Whether everything typed can be read; if not, each fault stands at its field.

        Rules that need the case are the engine's to check when the step is taken.
        """
        try:
            if self.has_day:
                day_or_refuse(self.day, self.today)
        except StepRefused as refused:
            self.refuse(refused.refusals)
        try:
            read_facts(self.step, self.given(), self.office, self.today, is_strict=True)
        except StepRefused as refused:
            self.refuse(refused.refusals)
        return not self.error_list()

    def renew(self, version: int | None) -> None:
        """Make a stale form one of how things stand now; what was typed stays."""
        self.version.data = version

    def typed(self) -> list[tuple[str, str]]:
        """Everything typed or chosen, in words, for copying out of a form that cannot be sent."""
        pairs = [(self.step.day_label, in_words(self.day))] if self.day else []
        for _, fields in self.sections():
            pairs += [(each.fact.label, each.words()) for each in fields if each.words()]
        return pairs

    def in_page_order(self) -> Iterator[Field]:
        """The step's own day, then its facts."""
        if self.has_day:
            yield self[EFFECTIVE_ON]
        for fact in asked(self.step):
            yield self[fact.name]


def asked(step: Step) -> tuple[Fact, ...]:
    """The facts a page asks for; what only a register knows is left to the import."""
    return tuple(fact for fact in step.facts if not fact.is_for_import)


def posted_req() -> str:
    """The idempotency key of the form that was posted; 400 when it is not one of ours."""
    req = request.form.get("req", "")
    if not REQUEST.fullmatch(req):
        abort(400, "The form is incomplete. Open the page again and fill it in anew.")
    return req


def posted_version() -> int:
    """The version of the case that the posted form was opened on; 400 when it names none."""
    version = request.form.get("version", "")
    if not re.fullmatch("[0-9]{1,9}", version):
        abort(400, "The form is incomplete. Open the case again and fill it in anew.")
    return int(version)


def known_values(workflow: Workflow, standing: Standing, step: Step) -> dict[str, Any]:
    """What the case already knows of a step's facts, by fact name, to fill its form with.

    Only what lasts: facts that several steps ask for or that a step can end, and that none has
    ended since. What a step decides anew, such as a reason, begins empty.
    """
    values: dict[str, Any] = {}
    for entry in standing.entries:
        for ended in workflow.steps_by_name[entry.step].ends:
            values.pop(ended, None)
        values.update(entry.facts)
    return {
        fact.name: values[fact.code]
        for fact in asked(step)
        if fact.code in values and _lasts(workflow, fact)
    }


def asked_in(
    address: Mapping[str, str], step: Step, office: OfficeRules, today: date
) -> dict[str, Any]:
    """What a link asks a step's form to begin with: single codes and days, never words."""
    values: dict[str, Any] = {}
    for fact in asked(step):
        if fact.kind in ("day", "choice"):
            with suppress(ValueError):
                values[fact.name] = read_fact(fact, address.get(fact.name), office, today)
    return {name: value for name, value in values.items() if value is not None}


def _lasts(workflow: Workflow, fact: Fact) -> bool:
    asking = [each for each in workflow.steps if fact.code in each.facts_by_code]
    return len(asking) > 1 or any(fact.code in each.ends for each in workflow.steps)


def field_of(fact: Fact, office: OfficeRules) -> Any:
    """The WTForms field of a fact. What may be chosen and must be given, the engine says."""
    wanted = {"label": fact.label, "description": fact.hint}
    if fact.kind == "day":
        return DayField(**wanted)
    if fact.kind == "flag":
        return BooleanField(**wanted)
    if fact.kind == "file":
        return HiddenField()
    if fact.kind in ("choice", "choices"):
        pairs = [SelectChoice(choice.code, choice.label) for choice in choices_shown(fact, office)]
        kind = RadioField if fact.kind == "choice" else SelectMultipleField
        default = "" if fact.kind == "choice" and not fact.required else None
        return kind(**wanted, choices=pairs, validate_choice=False, default=default)
    return (TextAreaField if fact.is_long else StringField)(**wanted, default="")


def choices_shown(fact: Fact, office: OfficeRules) -> tuple[Choice, ...]:
    """The choices that a page offers: radio buttons and selects can also choose none."""
    choices = office.choices_of(fact)
    if fact.kind != "choice":
        return choices
    return _with_none(fact, choices)


def _with_none(fact: Fact, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Radio buttons cannot be let go of again, and a select shows its first choice as chosen."""
    if not fact.required:
        return (*choices, NOT_RECORDED)
    is_select = isinstance(fact.choices, str) and len(choices) > MOST_LISTED
    return (Choice("", "Choose"), *choices) if is_select else choices


def _first_id(field: Field) -> str:
    return f"{field.name}-day" if isinstance(field, DayField) else str(field.name)


def only_choices(step: Step, office: OfficeRules) -> dict[str, str]:
    """The office's own lists that leave no choice, by fact name: its only force."""
    listed = {
        fact.name: office.choices_of(fact) for fact in step.facts if isinstance(fact.choices, str)
    }
    return {name: choices[0].code for name, choices in listed.items() if len(choices) == 1}
