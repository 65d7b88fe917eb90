"""The only place for what may be asked of the exceptions page: which month, and how much of the log."""

from typing import Any

from wtforms import Field, Form, SelectField, StringField, ValidationError

from casework.oversight.month import Month


class MonthForm(Form):  # type: ignore[misc]
    """A month that has begun, and a log size; without one, the log as it is now."""

    month = SelectField("Month", validate_choice=False)
    log_size = StringField(
        "Log size",
        description="How many recorded actions to look at. Left empty, all there are now.",
        filters=[lambda typed: (typed or "").strip()],
    )

    @classmethod
    def of(cls, typed: Any, first: Month, last: Month, held: int) -> "MonthForm":
        """The form of an address (a MultiDict), where the log holds so many events.

        Months from `first` to `last` may be chosen; by itself it asks for the last whole one.
        """
        form = cls(typed, data={"month": max(first, last.previous).code})
        form.month.choices = [(month.code, month.label) for month in last.back_to(first)]
        form.held, form.last = held, last
        return form

    def validate_month(self, field: Field) -> None:
        """Say what is wrong with the month; any that has begun may be asked for."""
        try:
            asked = Month.parse(field.data)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None
        if asked > self.last:
            raise ValidationError(f"{asked.label} is still to come. Choose a month that has begun.")

    def validate_log_size(self, field: Field) -> None:
        """Say that it must be a size that the log has had."""
        typed = field.data
        is_number = typed.isascii() and typed.isdigit() and len(typed) < 16
        if typed and not (is_number and int(typed) <= self.held):
            sentence = f"Log size must be a whole number from 0 to {self.held:,}."
            raise ValidationError(sentence)

    @property
    def asked_month(self) -> Month:
        """The month asked for; only when the form is valid."""
        return Month.parse(self.month.data)

    @property
    def asked_size(self) -> int:
        """The log size asked for; only when the form is valid."""
        return int(self.log_size.data) if self.log_size.data else self.held

    def error_list(self) -> list[dict[str, str]]:
        """Every fault, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in self if field.errors
        ]
