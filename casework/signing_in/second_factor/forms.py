"""The fields of the pages about second factors."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

LONGEST_CODE = 100


def _code(label: str, hint: str) -> StringField:
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code."), Length(max=LONGEST_CODE)],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of an authenticator, or a recovery code."""

    code = _code(
        "Code",
        "Six figures from your authenticator app. Without your phone, one of your recovery codes.",
    )
    next = HiddenField()


class SetUpForm(FlaskForm):  # type: ignore[misc]
    """The first code of a new authenticator, whose secret the form brings back sealed."""

    code = _code("Code", "The six figures that the app shows now.")
    offered = HiddenField()
    next = HiddenField()
