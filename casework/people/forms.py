"""The only place for the forms by which accounts are kept."""

import secrets

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import Field, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from casework.models import Person
from casework.people.wording import ROLES

_NAME, _EMAIL = InputRequired("Enter the full name."), InputRequired("Enter the email address.")
_WIDE = {"params": {"classes": "govuk-!-width-two-thirds"}}


class AccountForm(FlaskForm):  # type: ignore[misc]
    """What every form about an account carries: its idempotency key."""

    req = HiddenField()

    def shown(self) -> list[Field]:
        """The fields that people fill in."""
        return [field for field in self if not isinstance(field, HiddenField)]

    @property
    def role_items(self) -> list[dict[str, object]]:
        """The roles, as the component for ticking takes them; the field is `roles`."""
        return [
            {
                "value": role.code,
                "text": role.label,
                "hint": {"text": f"{role.hint[:1].upper()}{role.hint[1:]}."},
                "checked": role.code in (self["roles"].data or ()),
            }
            for role in ROLES
        ]


class InviteForm(AccountForm):
    """Who is to have an account, and what it is to give them."""

    name = StringField(
        "Full name",
        description="As colleagues know them.",
        widget=GovTextInput(),
        validators=[_NAME],
    )
    email = StringField(
        "Email address",
        description="Their own, at work: they sign in with it.",
        widget=GovTextInput(),
        validators=[_EMAIL],
    )
    roles = SelectMultipleField(
        "Roles", validate_choice=False, validators=[InputRequired("Choose at least one role.")]
    )


class RolesForm(AccountForm):
    """The roles that somebody is to hold, and those that they held when it was opened."""

    held = HiddenField()
    roles = SelectMultipleField("Roles", validate_choice=False)


class NameForm(AccountForm):
    """What somebody is called."""

    name = StringField("Full name", widget=GovTextInput(), render_kw=_WIDE, validators=[_NAME])


class EmailForm(AccountForm):
    """With which address somebody is to sign in."""

    email = StringField(
        "New email address", widget=GovTextInput(), render_kw=_WIDE, validators=[_EMAIL]
    )


class ReasonForm(AccountForm):
    """Why somebody is let in no more, or again."""

    reason = TextAreaField(
        "Why",
        description="It is kept with the audit log.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why.")],
    )


def new_req() -> str:
    """A key for a form that is opened."""
    return secrets.token_hex(16)


def held(person: Person) -> str:
    """The roles that somebody holds now, as a form remembers them."""
    return " ".join(sorted(person.role_names))
