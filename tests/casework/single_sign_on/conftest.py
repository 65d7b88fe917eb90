"""What tests of single sign-on share: the directory, an office that believes it, and a browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.single_sign_on import provider
from config import Settings, SingleSignOn
from tests.provider import CLIENT, SECRET, Directory, directory

ROLES = (
    '{"reviews": "reviewer", "leads": "supervisor", "helpers": "contractor", "it": "administrator"}'
)


@pytest.fixture(scope="session")
def running() -> Iterator[Directory]:
    with directory() as there:
        yield there


@pytest.fixture
def there(running: Directory) -> Directory:
    """The directory; nothing that was believed of it before is believed still."""
    provider._known.clear()
    running.next()
    return running


def settings_for(issuer: str, **changed: Any) -> SingleSignOn:
    """Settings read as an installation's are, then changed."""
    read = SingleSignOn.from_environment(
        {
            "CASEWORK_URL": "https://casework.example/",
            "CASEWORK_SSO_ISSUER": issuer,
            "CASEWORK_SSO_CLIENT_ID": CLIENT,
            "CASEWORK_SSO_CLIENT_SECRET": SECRET,
            "CASEWORK_SSO_ROLES": ROLES,
        }
    )
    assert read is not None
    return replace(read, **changed)


@pytest.fixture
def believe(app: Flask, there: Directory) -> Callable[..., SingleSignOn]:
    """Change how single sign-on is set up; at first as the directory is Keycloak’s."""

    def change(issuer: str = there.keycloak, **changed: Any) -> SingleSignOn:
        settings: Settings = app.extensions["casework"]
        single_sign_on = settings_for(issuer, **changed)
        app.extensions["casework"] = replace(settings, single_sign_on=single_sign_on)
        return single_sign_on

    change()
    return change


@pytest.fixture
def come(
    client: FlaskClient, there: Directory, believe: Callable[..., SingleSignOn]
) -> Callable[..., TestResponse]:
    """Sign in as whom the directory vouches for: what the page after it answers."""

    def come(lie: str = "", *, onward: str = "", **claims: Any) -> TestResponse:
        there.next(lie, **claims)
        asked = client.get("/single-sign-on", query_string={"next": onward} if onward else {})
        assert asked.status_code == 302, asked.text
        return client.get(there.follow(asked.location).removeprefix("https://casework.example"))

    return come
