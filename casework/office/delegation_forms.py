"""The only place for the forms of the register of delegations."""

import secrets

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextArea
from sqlalchemy.orm import Session
from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from casework import clock
from casework.delegations import EXCLUSIONS, FUNCTIONS, DelegationRefused
from casework.office_rules import office_rules
from casework.web.days import DayField
from workflows.definition import Choice
from workflows.delegation import Delegation

MOST_WORDS = 2_000


class DelegationForm(FlaskForm):  # type: ignore[misc]
    """What is delegated to whom, by which instrument, and what is declared of them."""

    req = HiddenField()
    person = SelectField("To whom", validate_choice=False, widget=GovSelect())
    functions = SelectMultipleField("What is delegated", validate_choice=False)
    from_on = DayField("First day")
    until_on = DayField("Last day, if it ends")
    instrument = StringField("Written instrument")
    declared = SelectMultipleField("Declarations", validate_choice=False)

    @classmethod
    def of(cls, session: Session) -> "DelegationForm":
        """The form, as it was posted or empty."""
        form = cls(data={"req": secrets.token_hex(16), "from_on": clock.today()})
        people = office_rules(session).lists["people"]
        form.person.choices = [("", "Choose"), *((each.code, each.label) for each in people)]
        return form

    def delegation(self) -> Delegation:
        """What was typed. Raises DelegationRefused when it cannot be read."""
        for field in (self.from_on, self.until_on):
            if field.errors:
                raise DelegationRefused(field.errors[0], field.name)
        if self.person.data not in {code for code, _ in self.person.choices if code}:
            raise DelegationRefused("Choose to whom it is delegated.", "person")
        known = {function.code for function in FUNCTIONS}
        if self.from_on.data is None:
            raise DelegationRefused("Enter the first day.", "from_on")
        if len(self.instrument.data or "") > MOST_WORDS:
            raise DelegationRefused(f"Enter at most {MOST_WORDS:,} characters.", "instrument")
        functions = frozenset(self.functions.data or ()) & known
        return Delegation(self.person.data, functions, self.from_on.data, self.until_on.data)

    def items(self, field: Field, choices: tuple[Choice, ...]) -> list[dict[str, object]]:
        """The choices of a field as components take them."""
        return [
            {
                "value": choice.code,
                "text": choice.label,
                "hint": {"text": choice.hint} if choice.hint else None,
                "checked": choice.code in (field.data or ()),
            }
            for choice in choices
        ]

    @property
    def function_items(self) -> list[dict[str, object]]:
        """What may be delegated."""
        return self.items(self.functions, FUNCTIONS)

    @property
    def declaration_items(self) -> list[dict[str, object]]:
        """What must be declared."""
        return self.items(self.declared, EXCLUSIONS)


class EndingForm(FlaskForm):  # type: ignore[misc]
    """The last day of a delegation, and why it ends."""

    req = HiddenField()
    until_on = DayField("Last day")
    reason = TextAreaField("Why it ends", widget=GovTextArea())

    @classmethod
    def fresh(cls) -> "EndingForm":
        """The form, as it was posted or with today."""
        return cls(data={"req": secrets.token_hex(16), "until_on": clock.today()})
