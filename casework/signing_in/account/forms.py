"""The fields with which somebody changes their own password."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput
from wtforms import PasswordField
from wtforms.validators import InputRequired

from casework.signing_in.forms import NEW_PASSWORD_HINT


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The password there is, and the new one."""

    present_password = PasswordField(
        "Present password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter the password that you sign in with now.")],
    )
    new_password = PasswordField(
        "New password",
        description=NEW_PASSWORD_HINT,
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password.")],
    )
