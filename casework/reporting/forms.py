"""The only place for what may be asked of a report on a page, and how it is read from the address."""

from collections.abc import Callable

from wtforms import Field, Form, IntegerField, StringField
from wtforms.validators import Optional, StopValidation

from casework.web.days import TypedDay


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number, with a sentence when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; no more figures than a log will ever need."""
        typed = "".join(valuelist).strip().replace(",", "")
        if not typed.isascii() or not typed.isdigit() or len(typed) > 15:
            self.data = None
            raise ValueError(f"{self.label.text} must be a whole number, such as 412.")
        self.data = int(typed)


def required(sentence: str) -> Callable[[Form, Field], None]:
    """Asks for what is missing; what was typed and could not be read has its own sentence."""

    def check(_form: Form, field: Field) -> None:
        if field.data in (None, "") and not field.process_errors:
            raise StopValidation(sentence)

    return check


class PeriodForm(Form):  # type: ignore[misc]
    """A period of whole days, and what fixes its report; those may be left out."""

    from_on = TypedDay(
        "First day",
        [required("Enter the first day.")],
        name="from",
        description="For example, 1/4/2026",
    )
    to_on = TypedDay(
        "Last day",
        [required("Enter the last day.")],
        name="to",
        description="It is included. For example, 30/6/2026",
    )
    status_on = TypedDay(
        "Status day", [Optional()], description="The day on which cases stand as counted."
    )
    log_size = WholeNumber(
        "Log size", [Optional()], description="How many recorded actions to count from."
    )

    def error_list(self) -> list[dict[str, str]]:
        """Every fault with a link to its box."""
        named = ((field, fault) for field in self for fault in field.errors)
        return [{"text": str(fault), "href": f"#{field.id}"} for field, fault in named]


class FigureForm(PeriodForm):
    """One figure of a period's report."""

    measure = StringField("Figure", [required("Choose a figure.")])
