"""Signing in again by a directory whose own session would let anybody in who sits at the screen."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock
from tests.casework.single_sign_on.seen import is_signed_in, refusals, written
from tests.provider import Directory

Come = Callable[..., TestResponse]
FACTOR = "/account/second-factor"
LEAD: dict[str, Any] = {
    "sub": "jo-1",
    "name": "Jo Wren",
    "email": "jo@office.example",
    "email_verified": True,
    "roles": ["leads"],
}


def again(client: FlaskClient, there: Directory, lie: str = "", **claims: Any) -> TestResponse:
    """What comes of the link by which the page on the second factor asks to sign in again."""
    page = client.get(FACTOR)
    assert page.status_code == 403
    (link,) = re.findall(r'href="(/single-sign-on[^"]*)"', page.text)
    there.next(lie, **LEAD, **claims)
    asked = client.get(unescape(link))
    return client.get(there.follow(asked.location).removeprefix("https://casework.example"))


def test_whom_the_directory_let_in_is_asked_by_it_before_they_change_how_they_sign_in(
    client: FlaskClient, there: Directory, come: Come
) -> None:
    come(**LEAD)
    assert client.get(FACTOR).status_code == 403
    assert again(client, there).location == FACTOR
    assert client.get(FACTOR).status_code == 200
    assert "with single sign-on" in client.get("/account/").text
    with time_machine.travel(clock.now() + timedelta(minutes=15)):
        assert client.get(FACTOR).status_code == 403


@pytest.mark.one_database
def test_that_the_directory_asked_somebody_lately_is_its_signed_word_or_nothing(
    db: Session,
    client: FlaskClient,
    there: Directory,
    come: Come,
    caplog: pytest.LogCaptureFixture,
) -> None:
    come(auth_time=int(clock.now().timestamp()), **LEAD)
    begun, now = written(db), int(clock.now().timestamp())
    for told in (now - 15 * 60, now + 120, 0, True, 10**400):
        refused = again(client, there, auth_time=told)
        assert refused.status_code == 403 and "had just asked you who you are" in refused.text
        assert "You were not signed in again" in refused.text
    again(client, there, "without=auth_time")
    assert refusals(caplog) == ["not_anew"] * 5 + ["not_anew without auth_time"]
    assert is_signed_in(client) and written(db) == begun
    assert again(client, there, auth_time=now - 14 * 60).location == FACTOR
    assert client.get(FACTOR).status_code == 200
