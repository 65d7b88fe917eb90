"""The only place for the forms of the review and of its decision, which are more than one step's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from wtforms import FieldList, Form, FormField, HiddenField, TextAreaField

from casework.web.step_forms import Shown, StepForm, choices_shown, field_of
from workflows import complaint_review_choices as choices
from workflows import complaint_review_facts as facts
from workflows.allegation import FACTS as ALLEGATION_FACTS
from workflows.allegation import RECORD
from workflows.attempt import StepRefused
from workflows.complaint_review import RETURN_REVIEW, UPHOLD
from workflows.complaint_review_powers import POWERS
from workflows.definition import Choice, Fact, OfficeRules, Step
from workflows.facts import LONGEST_TEXT, read_facts

ROWS = "rows"
ADD_ROW, REMOVE_ROW = "add", "remove-"
MOST_ROWS = 40
ROW = re.compile("allegations-([0-9]{1,3})-")


class AllegationRow(Form):  # type: ignore[misc]
    """What is written about one allegation; `item` and `seen` name what was written before."""

    item = HiddenField()
    seen = HiddenField()

    def given(self) -> dict[str, Any]:
        """What was typed, by fact name."""
        return {fact.name: self[fact.name].data for fact in ALLEGATION_FACTS}

    def shown(self, office: OfficeRules) -> list[Shown]:
        """Its fields with the facts they ask for."""
        return [
            Shown(self[fact.name], fact, choices_shown(fact, office)) for fact in ALLEGATION_FACTS
        ]


for _fact in ALLEGATION_FACTS:
    setattr(AllegationRow, _fact.name, field_of(_fact, OfficeRules()))


class ReviewForm(StepForm):
    """The review: its step's facts, a row for each allegation, and learning points to note."""

    allegations = FieldList(FormField(AllegationRow), max_entries=MOST_ROWS)
    learning = TextAreaField("New oversight or learning points", default="")

    kept: Mapping[str, int]
    """The versions of the allegations on the case, by token."""

    def renew(self, version: int | None) -> None:
        """As of any form; what was written of an allegation since is replaced, not lost sight of."""
        super().renew(version)
        for _, row in self.rows():
            row.seen.data = str(self.kept.get(row.item.data, ""))
            if row.item.data not in self.kept:
                row.item.data = ""

    def rows(self) -> list[tuple[int, AllegationRow]]:
        """The rows of allegations, with the number that their fields' names have."""
        return [(int(entry.name.rpartition("-")[2]), entry.form) for entry in self.allegations]

    def points(self) -> list[str]:
        """The learning points typed: one to a paragraph."""
        blocks = re.split(r"\n\s*\n", (self.learning.data or "").replace("\r\n", "\n"))
        return [block.strip() for block in blocks if block.strip()]

    def is_readable(self) -> bool:
        """As of any step's form; each fault of a row stands at its own field."""
        for _, row in self.rows():
            try:
                read_facts(RECORD, row.given(), self.office, self.today, is_strict=True)
            except StepRefused as refused:
                for refusal in refused.refusals:
                    row[refusal.fact].errors = [refusal.sentence]
        if len(self.learning.data or "") > LONGEST_TEXT:
            self.learning.errors = [f"Enter at most {LONGEST_TEXT:,} characters."]
        return super().is_readable() and not self.error_list()

    def error_list(self) -> list[dict[str, str]]:
        """Every refusal with the field it leads to."""
        more = [*(field for _, row in self.rows() for field in row), self.learning]
        at_rows = [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in more if field.errors
        ]
        return super().error_list() + at_rows

    def typed(self) -> list[tuple[str, str]]:
        """Everything typed or chosen, in words, the rows too."""
        pairs = super().typed()
        for place, (_, row) in enumerate(self.rows(), start=1):
            told = [(each.fact.label, each.words()) for each in row.shown(self.office)]
            pairs += [(f"Allegation {place}: {label}", words) for label, words in told if words]
        learning = self.learning.data or ""
        return [*pairs, (self.learning.label.text, learning)] if learning else pairs


ROUTES = tuple(choice.code for choice in choices.ROUTES)
DUTY = frozenset(choice.code for choice in choices.DUTIES)
_DECISION = Fact(
    "decision",
    "choice",
    "Your decision",
    required=True,
    choices=(
        Choice("uphold", "Uphold", "the outcome was not reasonable and proportionate"),
        Choice("not_uphold", "Do not uphold", "the outcome was reasonable and proportionate"),
        Choice("return_review", "Return the review to its writer", "with what needs more work"),
    ),
)
_DUTIES = replace(facts.DUTIES, name="duties")
_WORDING = Fact("wording", "text", "In full", "As it is put to the force.", is_long=True)


def deciding(route: str | None) -> Step:
    """The form of a decision on a route, as one step: whichever of the three is then taken."""
    allowed = {power.code for power in POWERS if power.needs_upholding and _is_open(power, route)}
    open_here = tuple(c for c in choices.RECOMMENDATIONS if c.code in allowed)
    return Step(
        "decide",
        "Decide the review",
        "",
        "Decision recorded",
        (),
        (),
        facts=(
            _DECISION,
            replace(facts.RECOMMENDATIONS, choices=open_here),
            *(replace(_WORDING, name=wording_of(choice.code)) for choice in open_here),
            *((_DUTIES,) if route != "otherwise" else ()),
            facts.OBSERVATIONS,
            replace(facts.REASONS, required=False, label="Reasons for the decision"),
            facts.CHECKED,
            replace(facts.COMMENTS, required=False),
        ),
        day_label="Day of the decision",
    )


def _is_open(power: Any, route: str | None) -> bool:
    return route is None or power.paragraph(route) is not None


def wording_of(code: str) -> str:
    """The name of the field for the words of a recommendation."""
    return f"wording_{code}"


@dataclass(frozen=True)
class Decided:
    """What a posted decision asks for: the step, its facts, and the words of recommendations."""

    step: str
    facts: Mapping[str, Any]
    wordings: Mapping[str, str]


def decided(form: StepForm) -> Decided:
    """What the form of a decision says. What belongs to a choice not made is left aside."""
    given = form.given()
    step = given.get("decision") or UPHOLD.name
    if step == RETURN_REVIEW.name:
        return Decided(step, {"comments": given["comments"]}, {})
    made = list(given["recommendations"] or ()) if step == UPHOLD.name else []
    same = {name: given[name] for name in ("observations", "reasons", "checked")}
    wordings = {code: given.get(wording_of(code)) for code in made}
    return Decided(
        step,
        {**same, "recommendations": [*made, *(given.get("duties") or ())]},
        {code: words for code, words in wordings.items() if words and words.strip()},
    )


def rows_asked() -> str | None:
    """What a posted form asks of its rows of allegations, None when it was sent to be recorded."""
    return request.form.get(ROWS) if request.method == "POST" else None


def with_rows_changed(typed: Sequence[tuple[str, str]], asked: str) -> list[tuple[str, str]]:
    """What was typed, with a row of allegations more, or without the one that is named."""
    numbers = [int(found[1]) for name, _ in typed if (found := ROW.match(name))]
    if asked == ADD_ROW:
        new = max(numbers, default=-1) + 1
        return [*typed, *([(f"allegations-{new}-item", "")] if new < MOST_ROWS else [])]
    gone = f"allegations-{asked.removeprefix(REMOVE_ROW)}-"
    return [(name, value) for name, value in typed if not name.startswith(gone)]


def shown_by_name(form: StepForm) -> dict[str, Shown]:
    """The fields of a step's form by the names of their facts, for a page that places each."""
    return {each.fact.name: each for _, fields in form.sections() for each in fields}


def paragraphs(form: StepForm, name: str, route: str | None) -> Iterator[dict[str, Any]]:
    """What a route lets a field recommend, as components take it, each with its paragraph."""
    powers = {power.code: power for power in POWERS}
    for item in shown_by_name(form)[name].items:
        power = powers[item["value"]]
        cited = [power.paragraph(each) for each in ((route,) if route else ROUTES)]
        words = " or ".join(f"paragraph {each}" for each in cited if each)
        if words:
            yield {**item, "hint": {"text": words[0].upper() + words[1:]}}
