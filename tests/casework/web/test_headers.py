"""The headers of every answer, and the cookies."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import create_app
from casework.extensions import db as extension
from casework.web import headers
from config import Settings
from tests import factories
from workflows.roles import ROLES


@pytest.fixture
def broken(new_app: Flask) -> FlaskClient:
    """A client of an application with a page that fails."""
    new_app.config["PROPAGATE_EXCEPTIONS"] = False
    new_app.add_url_rule("/broken", view_func=lambda: str(1 / 0))
    return new_app.test_client()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/settings/", 302),
        ("GET", "/nowhere", 404),
        ("POST", "/nowhere", 404),
        ("GET", "/sign-out", 405),
        ("TRACE", "/sign-in", 405),
        ("POST", "/sign-in", 400),
        ("GET", "/sign-in?next=%00", 400),
        ("POST", "/settings/office_name", 400),
        ("GET", "/set-password/none", 404),
        ("HEAD", "/sign-in", 200),
        ("OPTIONS", "/sign-in", 200),
        ("GET", "/static/app.css", 200),
        ("GET", "/broken", 500),
    ],
)
def test_s11_s12_every_answer_has_the_headers(
    broken: FlaskClient, method: str, path: str, status: int
) -> None:
    """Errors too."""
    answer = broken.open(path, method=method, buffered=True)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    is_kept = path.startswith("/static/")
    assert (answer.headers.get("Cache-Control") == "no-store") is not is_kept


@pytest.mark.one_database
def test_s11_the_only_inline_script_is_the_one_the_policy_names(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    scripts = [
        text for text in re.findall(r"<script\b[^>]*>(.*?)</script>", page, re.DOTALL) if text
    ]
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in scripts]
    assert [f"'sha256-{hashed}'" for hashed in hashes] == [headers.GOVUK_INLINE_SCRIPT]
    assert " style=" not in page and "<style" not in page
    assert re.search(r"\son[a-z]+=", page) is None


@pytest.mark.one_database
def test_a_405_says_what_is_allowed(client: FlaskClient) -> None:
    assert "POST" in client.get("/sign-out").headers["Allow"]


def sign_in_page(environment: dict[str, str], name: str) -> TestResponse:
    """The sign-in page of an application that runs in this environment."""
    address = "https://casework.office.example"
    named = {"CASEWORK_ENV": name, "CASEWORK_URL": address}
    app = create_app(Settings.from_environment({**environment, **named}))
    try:
        return app.test_client().get("/sign-in", base_url=address)
    finally:
        with app.app_context():
            extension.engine.dispose()


@pytest.mark.one_database
def test_s12_s13_in_production_cookies_are_secure_and_https_is_insisted_on(
    environment: dict[str, str],
) -> None:
    answer = sign_in_page(environment, "production")
    name, *flags = [part.strip() for part in answer.headers["Set-Cookie"].split(";")]
    assert name.startswith("__Host-casework=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.one_database
def test_s13_in_a_demonstration_over_http_they_are_plain(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Set-Cookie"].startswith("casework=")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_the_frame_shows_only_places_that_this_person_may_open(
    client: FlaskClient, db: Session, role: str
) -> None:
    person = factories.person(db, role, name="Ida Marsh")
    home = factories.sign_in(client, person).get("/sign-in").location
    page = client.get(home).get_data(as_text=True)
    assert "Ida Marsh" in page and "Sign out" in page
    places = re.findall(r'govuk-service-navigation__link" href="([^"]+)"', page)
    assert home in places
    assert [client.get(place).status_code for place in places] == [200] * len(places)
    elsewhere = {"/", "/cases", "/cases/log", "/reports/", "/trail", "/settings/"} - set(places)
    assert {client.get(place).status_code for place in elsewhere} <= {403, 302}
    navigation = page.partition("<main")[0]
    assert re.findall('aria-current="page"', navigation) == ['aria-current="page"']


@pytest.mark.one_database
def test_a_demonstration_says_so(environment: dict[str, str]) -> None:
    said = {}
    for name in ("test", "demo"):
        page = sign_in_page(environment, name).get_data(as_text=True)
        said[name] = "Every person and case here is invented" in page
    assert said == {"test": False, "demo": True}
