"""The only place that lets somebody in who has shown who they are."""

from flask import redirect
from flask.typing import ResponseReturnValue

from casework.accounts.sessions import By
from casework.models import Person
from casework.web import identity
from casework.web.frame import home_url
from casework.web.onward import safe_onward


def admit(
    person: Person, onward: str | None, *, by: By, has_second_factor: bool  # noqa: ARG001
) -> ResponseReturnValue:
    """Begin the session of somebody whose password, or whose directory, vouches for them.

    `onward` is where they wanted to go. `has_second_factor` says that a second factor was shown
    already, to the directory. Within the caller's write transaction; the caller commits, then
    answers with what this gives.
    """
    home = home_url(identity.begin_session(person, by))
    return redirect(safe_onward(onward) or home)
