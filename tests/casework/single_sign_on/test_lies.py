"""What a directory that lies gets done: nothing, and the server's log says what it lied about."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import SingleSignOn
from tests.casework.single_sign_on.seen import is_signed_in, main_of, refusals, written
from tests.provider import OTHER_TENANT, Directory

Come = Callable[..., TestResponse]
Believe = Callable[..., SingleSignOn]
LEAD: dict[str, Any] = {
    "sub": "jo-1",
    "name": "Jo Wren",
    "email": "jo@office.example",
    "email_verified": True,
    "roles": ["leads", "choir"],
}
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce", "tid")
LIES: dict[str, str] = {
    'says={"iss": "https://elsewhere.example/realms/office"}': "untrusted invalid_claim:iss",
    'says={"aud": "another-client"}': "untrusted invalid_claim:aud",
    'says={"aud": "another-client", "azp": "casework"}': "untrusted invalid_claim:aud",
    'says={"aud": ["casework", "other"], "azp": "other"}': "untrusted invalid_claim:azp",
    'says={"nonce": "of-another-sign-in"}': "untrusted invalid_claim:nonce",
    'says={"exp": 1}': "untrusted expired_token:exp",
    'says={"exp": "never"}': "untrusted invalid_claim:exp",
    'says={"iat": 99999999999}': "untrusted invalid_claim:iat",
    'says={"nbf": 99999999999}': "untrusted invalid_claim:nbf",
    f'says={{"tid": "{OTHER_TENANT}"}}': "untrusted invalid_claim:tid",
    'says={"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}': "untrusted invalid_claim:at_hash",
    'says={"sub": ""}': "untrusted subject",
    'says={"sub": 7}': "untrusted invalid_claim:sub",
    **{f"without={claim}": f"untrusted missing_claim:{claim}" for claim in NEEDED},
    "algorithm none": "untrusted unsupported_algorithm",
    "signed with the public key": "untrusted unsupported_algorithm",
    "signed by somebody else": "untrusted bad_signature",
    "brings its own key": "untrusted bad_signature",
    "claims changed afterwards": "untrusted bad_signature",
    "no ID token": "untrusted no_id_token",
    "knows no client": "untrusted invalid_client",
    "no longer well": "unreachable HTTPError",
    "token elsewhere": "unreachable TooManyRedirects",
    "answers as another": "untrusted issuer",
    "error=access_denied": "declined access_denied",
    "error=<script>": "declined",
    "error=invalid_request": "untrusted invalid_request",
    "error=temporarily_unavailable": "unreachable temporarily_unavailable",
}
"""How the directory lies, and what the server's log says of it: that it was this which was found."""
STATUSES = {"untrusted": 502, "unreachable": 503, "declined": 403}


@pytest.mark.one_database
def test_a_lie_lets_nobody_in_and_changes_nothing(
    db: Session,
    client: FlaskClient,
    there: Directory,
    come: Come,
    believe: Believe,
    caplog: pytest.LogCaptureFixture,
) -> None:
    believe(there.entra)
    begun = written(db)
    for lie, found in LIES.items():
        caplog.clear()
        answer = come(lie, signs_by=int(lie == "brings its own key"), **LEAD)
        assert (lie, refusals(caplog)) == (lie, [found])
        assert answer.status_code == STATUSES[found.partition(" ")[0]]
        assert "You are not signed in" in answer.text and "script>" not in main_of(answer), lie
        assert not is_signed_in(client), lie
    assert written(db) == begun
    assert come(**LEAD).status_code == 302  # it was the lies
