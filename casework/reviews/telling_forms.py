"""The only place for the form that says, for all in one go, who was told and who was not."""

import secrets
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from casework import clock
from casework.reviews import tellings
from casework.web.days import DayField
from casework.web.opened_case import OpenedCase
from workflows import telling
from workflows.attempt import Attempt
from workflows.definition import Actor


@dataclass
class RowForm:
    """Somebody who must be told, with what was typed for them and what is wrong with it."""

    row: tellings.Row
    how: str = ""
    why_not: str = ""
    reason: str = ""
    fault: str = ""

    @classmethod
    def of(cls, row: tellings.Row) -> "RowForm":
        """A row with what this request posts for it."""
        names = ("how", "why_not", "reason")
        return cls(row, *(request.form.get(f"{name}-{row.key}", "") for name in names))

    def attempt(self, day: date | None, letter: str, actor: Actor) -> Attempt:
        """The step that records it."""
        is_told = self.how != telling.NOT_TOLD
        facts = {
            "stage": self.row.stage,
            "who": self.row.who,
            "name": self.row.name,
            "how": self.how,
            "why_not": "" if is_told else self.why_not,
            "reason": "" if is_told else self.reason,
            "letter": letter if is_told else "",
        }
        return Attempt(telling.TELL.name, day, facts, actor)


class TellingForm(FlaskForm):  # type: ignore[misc]
    """Who must be told of the application and of the decision: a day, a letter, and each of them."""

    req = HiddenField()
    effective_on = DayField(telling.TELL.day_label)
    letter = SelectField("By which letter", default="", validate_choice=False)

    opened: OpenedCase
    rows: list[RowForm]

    @classmethod
    def of(cls, opened: OpenedCase) -> "TellingForm":
        """The form of a case as it stands, with what this request posts."""
        form = cls(data={"req": secrets.token_hex(16), "effective_on": clock.today()})
        form.opened = opened
        form.rows = [RowForm.of(row) for row in tellings.rows(opened)]
        form.letter.choices = [
            ("", "None of this case’s letters"),
            *((number, f"{number}. {title}") for number, title in tellings.letters(opened)),
        ]
        return form

    def stages(self) -> list[tuple[str, list[RowForm]]]:
        """The rows under what they must be told of."""
        return [
            (stage.label, rows)
            for stage in telling.STAGES
            if (rows := [each for each in self.rows if each.row.stage == stage.code])
        ]

    def owed(self) -> list[RowForm]:
        """The rows that nothing is recorded for."""
        return [each for each in self.rows if each.row.done is None]

    def error_list(self) -> list[dict[str, str]]:
        """Every fault with the field it leads to."""
        day = self.effective_on
        at_day = [{"text": day.errors[0], "href": "#effective_on-day"}] if day.errors else []
        return at_day + [
            {"text": f"{each.row.label}: {each.fault}", "href": f"#how-{each.row.key}"}
            for each in self.rows
            if each.fault
        ]
