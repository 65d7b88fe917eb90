"""The only place that lets somebody try a password or a code, or tells them to wait."""

from datetime import timedelta

from flask import current_app
from werkzeug.exceptions import TooManyRequests

from casework.accounts import attempts
from casework.database import begin_write
from casework.extensions import db
from casework.web import limits
from casework.web.filters import time_of_day

FROM_ONE_NETWORK = limits.Limit("guesses", 300, timedelta(minutes=15))
"""A whole office may sign in at nine; whoever tries a password on every address may not."""


def key_of(what: str) -> str:
    """By what attempts at an e-mail address, or at what else is guessed, are counted."""
    return attempts.key_of(what, str(current_app.secret_key))


def spend(key: str, what: str, whose: str) -> None:
    """Count an attempt in a transaction of its own, before what was typed is looked at.

    `what` and `whose` go into a sentence: “ten wrong passwords”, “for this email address”.
    Raises TooManyRequests (429) when it has to wait.
    """
    limits.spend(FROM_ONE_NETWORK)
    begin_write(db.session)
    wait_until = attempts.begin(db.session, key)
    db.session.commit()
    if wait_until is not None:
        raise TooManyRequests(
            f"There were ten wrong {what} in a row for {whose}, so it has to wait. "
            f"Try again at {time_of_day(wait_until)}. Everybody else can sign in as usual.",
            retry_after=limits.seconds_until(wait_until),
        )
