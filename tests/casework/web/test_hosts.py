"""Under which names the pages are served, and what a forged one changes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.web import limits
from config import Settings

pytestmark = pytest.mark.one_database
OURS = "casework.office.example"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-For": "203.0.113.9",
    "X-Original-URL": "/settings/",
    "X-Rewrite-URL": "/settings/",
    "Forwarded": "host=evil.example;proto=https",
}


@pytest.fixture
def served(app: Flask, settings: Settings) -> Iterator[FlaskClient]:
    app.extensions["casework"] = replace(settings, hosts=(OURS,))
    yield app.test_client()
    app.extensions["casework"] = settings


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((OURS, 200), (f"{OURS}:8443", 200)),
        *(("evil.example", 400), (f"{OURS}.evil.example", 400), (f"evil.{OURS}", 400)),
        *(("127.0.0.1", 400), ("", 400), (f"{OURS}@evil.example", 400), (f"{OURS}/x", 400)),
    ],
)
def test_s31_only_our_own_name_is_answered(served: FlaskClient, host: str, status: int) -> None:
    answer = served.get("/sign-in", headers={"Host": host})
    assert answer.status_code == status
    assert "evil.example" not in answer.text


def test_s31_what_is_said_of_a_request_beside_it_changes_nothing(served: FlaskClient) -> None:
    plain, forged = (
        served.get("/settings/", headers={"Host": OURS, **more}) for more in ({}, FORGED)
    )
    assert (plain.status_code, plain.location) == (forged.status_code, forged.location)
    assert forged.location.startswith("/sign-in")


def test_s31_who_called_is_told_by_nobody_but_the_server_in_front(app: Flask) -> None:
    with app.test_request_context(headers=FORGED, environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert limits.callers() == {"192.0.2.1": 1}


@pytest.mark.parametrize(
    ("said", "hosts"),
    [
        ({}, ("127.0.0.1:8000",)),
        ({"CASEWORK_URL": "https://casework.office.example/"}, (OURS,)),
        ({"CASEWORK_HOSTS": "a.example, b.example"}, ("a.example", "b.example")),
    ],
)
def test_in_production_there_is_always_a_list(
    environment: dict[str, str], said: dict[str, str], hosts: tuple[str, ...]
) -> None:
    production = {**environment, "CASEWORK_ENV": "production", **said}
    assert Settings.from_environment(production).hosts == hosts
