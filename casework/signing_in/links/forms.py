"""The field of the page for asking for a link to set a password."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """Whose password is forgotten."""

    email = StringField(
        "Email address",
        description="The one that you sign in with.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address.")],
    )
