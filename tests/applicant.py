"""The only place where tests fill in the public form, as a browser without scripts does."""

import hmac
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock
from casework.apply import robots, waiting
from casework.apply.flow import Answers
from casework.database import begin_write
from casework.models import WaitingApplication

COOKIE = "apply"
NO_QUESTIONS = ("begin", "check", "ended", "sent", "forget")
USUAL: dict[str, dict[str, Any]] = {
    "outcome-letter": {"outcome_letter": "yes"},
    "whose-complaint": {"whose_complaint": "own"},
    "force": {"force": "force"},
    "outcome-day": {"outcome_day_not_sure": "y"},
    "letter-names": {"letter_names": "office"},
    "senior-officer": {"senior_officer": "no"},
    "about-office": {"about_office": "no"},
    "reviewed-before": {"reviewed_before": "no"},
    "complaint-day": {"complaint_day_not_sure": "y"},
    "since-2020": {"since_2020": "yes"},
    "sent-first": {"sent_first": "no"},
    "why-late": {"why_late": "I was ill."},
    "name": {"name": "Zoe Pike"},
    "reach-you": {"email": "zoe@example.org"},
    "acting-for": {"complainant": "Sam Pike"},
    "consent": {"consent_on-day": "1", "consent_on-month": "4", "consent_on-year": "2026"},
    "consent-later": {"consent_later": "email"},
    "complaint": {"complaint": "Nobody rang me."},
    "reached-by": {"reached_by": "any"},
    "language": {"language": "english"},
    "other-language": {"other_language": "Polish"},
    "representative": {"has_representative": "no"},
    "representative-details": {
        "representative": "Lee Brook",
        "representative_email": "lee@example.org",
    },
    "risk": {"at_risk": "no"},
    "risk-details": {"risk": "He hurts himself."},
}
"""Answers, by page, of somebody who may apply here; pages that are not listed are left empty."""


_FILLED_IN: dict[str, Answers] = {}
"""What the pages kept of answers, so that they need not all be sent again for the same ones."""


class Applicant:
    """Somebody who applies, with the cookie in their browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        if client.get_cookie(COOKIE) is None:
            client.set_cookie(COOKIE, waiting.new_token())

    @property
    def token(self) -> str:
        """What the cookie holds."""
        cookie = self.client.get_cookie(COOKIE)
        assert cookie is not None
        return str(cookie.value)

    @property
    def csrf(self) -> dict[str, str]:
        """What every form of theirs carries."""
        secret = str(self.client.application.secret_key).encode()
        return {"csrf_token": f"##{hmac.digest(secret, self.token.encode(), 'sha1').hex()}"}

    def get(self, page: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address(page))

    def post(self, page: str, **fields: Any) -> TestResponse:
        """Send the form of a page."""
        return self.client.post(address(page), data={**self.csrf, **fields})

    def where(self) -> str:
        """The page that the form goes on with."""
        return place(self.get("begin"))

    def fill(self, answers: Mapping[str, Mapping[str, Any]] | None = None) -> str:
        """Answer page after page, as usual but for `answers`; the page where that ends."""
        given = {**USUAL, **(answers or {})}
        page = self.where()
        while page not in ("check", "ended", "sent"):
            answer = self.post(page, **given.get(page, {}))
            assert answer.status_code == 302, (page, answer.status_code, told(answer))
            page = place(answer)
        return page

    def ready(self, session: Session, answers: Any = None) -> str:
        """Have every page answered, as long ago as a person would; the version to be sent.

        What was once filled in page by page is afterwards put where those pages keep it.
        """
        secret, which = str(self.client.application.secret_key), repr(answers)
        if which not in _FILLED_IN:
            assert self.fill(answers) == "check"
            found = waiting.find(session, self.token, secret)
            assert found is not None
            _FILLED_IN[which] = found.answers
        begin_write(session)
        waiting.forget(session, self.token)
        waiting.begin(session, self.token)
        waiting.keep(session, self.token, secret, _FILLED_IN[which])
        session.commit()
        grow_older(session)
        return "1"

    def version(self) -> str:
        """The version of the answers that the page to be sent shows."""
        found = re.search(r'name="version"[^>]*value="(\d+)"', self.get("check").text)
        assert found is not None
        return found[1]

    def rows(self) -> dict[str, str]:
        """What the page to be checked says: what was asked, and what was answered."""
        pairs = re.findall(
            r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", self.get("check").text, re.DOTALL
        )
        return {plain(asked): plain(answered) for asked, answered in pairs}


def address(page: str) -> str:
    """The address of a page of the form: of a question, or of one that asks nothing."""
    return f"/apply/{page}" if page in NO_QUESTIONS else f"/apply/questions/{page}"


def place(answer: TestResponse) -> str:
    """The page of the form that an answer leads to."""
    return (answer.location or "").rpartition("/")[2]


def plain(html: str) -> str:
    """Words of a page without their tags; line breaks stay."""
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def told(answer: TestResponse) -> str:
    """What a page says, in one line."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(plain(main).split())


def grow_older(session: Session) -> None:
    """Make every application that waits as old as one that a person filled in."""
    begin_write(session)
    session.execute(update(WaitingApplication).values(begun_at=clock.now() - robots.SHORTEST))
    session.commit()
