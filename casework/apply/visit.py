"""The only place for the cookie of the public form: who is asking, known by a random token alone.

Staff have a session of their own, which these pages neither read nor change.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from flask import Response, current_app, g, request
from sqlalchemy.orm import Session

from casework import clock
from casework.apply import waiting
from casework.apply.flow import Answers, Journey
from casework.apply.waiting import KEPT_FOR, Waiting
from casework.office_settings import settings_at
from config import Settings
from workflows.definition import OfficeRules

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Visit:
    """Somebody who applies, as of one transaction: their token, and what waits for them.

    `office` are the rules by which their way through the form is judged.
    """

    session: Session
    token: str
    found: Waiting | None
    office: OfficeRules

    @classmethod
    def of_request(cls, session: Session) -> "Visit":
        """Who is asking; somebody new who opens a page gets a token with the answer.

        A form that comes without one gets none: sent from elsewhere, it would take the place of
        the one that the browser has and did not send.
        """
        token = g.get("applicant") or request.cookies.get(_name(), "")
        if not _TOKEN.fullmatch(token):
            token = waiting.new_token()
            if request.method != "POST":
                remember(token)
        found = waiting.find(session, token, _secret())
        return cls(session, token, found, settings_at(session).rules())

    @property
    def reference(self) -> str | None:
        """The reference of what was sent, None before that."""
        return self.found.reference if self.found else None

    @cached_property
    def journey(self) -> Journey:
        """Their way through the form as it is now; from the beginning where nothing waits."""
        answers = self.found.answers if self.found else Answers()
        return Journey(answers, self.office, clock.today())

    def begin(self) -> "Visit":
        """Begin an application; the visit as it is then.

        Always under a new token: the one before may be known to who used this computer before.
        """
        token = waiting.new_token()
        waiting.forget_expired(self.session)
        return replace(self, token=token, found=waiting.begin(self.session, token))

    def keep(self, answers: Answers) -> "Visit":
        """Keep answers, and the cookie, for another day; the visit as it is then."""
        found = waiting.keep(self.session, self.token, _secret(), answers)
        remember(self.token)
        return replace(self, found=found)


def remember(token: str) -> None:
    """Give this token with the answer of this request."""
    g.applicant = token


def write_cookie(response: Response) -> Response:
    """Put the cookie on an answer, where the request gave a token or used it."""
    token: str | None = g.get("applicant")
    if token is not None:
        response.set_cookie(
            _name(),
            token,
            max_age=int(KEPT_FOR.total_seconds()),
            secure=_settings().is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["casework"]
    return settings


def _name() -> str:
    return "__Host-apply" if _settings().is_secure else "apply"


def _secret() -> str:
    return str(current_app.secret_key)
