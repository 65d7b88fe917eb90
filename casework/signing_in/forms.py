"""The fields of the pages for signing in and setting a password."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

NEW_PASSWORD_HINT = (
    "At least 12 characters. Three or more words that only you would put together are easy to "
    "remember and hard to guess. Spaces and any other characters may be used."
)


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Who somebody says they are."""

    email = StringField(
        "Email address",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address.")],
    )
    password = PasswordField(
        "Password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password.")]
    )
    next = HiddenField()


class SetPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password."""

    password = PasswordField(
        "New password",
        description=NEW_PASSWORD_HINT,
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password.")],
    )
    req = HiddenField()
