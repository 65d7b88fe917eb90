"""What the environment may say of single sign-on, and what is refused with how to say it."""

from pathlib import Path

import pytest

from casework.single_sign_on.claims import vouched
from config import SettingsError, SingleSignOn
from tests.casework.single_sign_on.conftest import settings_for
from tests.provider import TENANT

SAID = {
    "CASEWORK_URL": "https://casework.example",
    "CASEWORK_SSO_ISSUER": "https://directory.example/realms/office",
    "CASEWORK_SSO_CLIENT_ID": "casework",
    "CASEWORK_SSO_CLIENT_SECRET": "secret",
}
ENTRA = f"https://login.microsoftonline.com/{TENANT}/v2.0"
NAMED = {"sub": "jo-1", "name": "Jo"}


def test_nothing_said_is_no_single_sign_on() -> None:
    assert SingleSignOn.from_environment({}) is None


def test_a_secret_may_stand_in_a_file_and_shows_nowhere(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("from the file\n")
    said = {**SAID, "CASEWORK_SSO_CLIENT_SECRET_FILE": str(kept)}
    read = SingleSignOn.from_environment(said)
    assert read is not None and read.client_secret == "from the file"
    assert "from the file" not in repr(read)
    assert read.redirect_uri == "https://casework.example/single-sign-on/back"


def test_an_issuer_of_entra_id_names_its_tenant() -> None:
    assert settings_for(ENTRA).tenant == TENANT
    assert settings_for(SAID["CASEWORK_SSO_ISSUER"]).tenant is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CASEWORK_SSO_ISSUER", "https://login.microsoftonline.com/common/v2.0"),
        ("CASEWORK_SSO_ISSUER", "https://login.microsoftonline.com/organizations/v2.0"),
        ("CASEWORK_SSO_ISSUER", f"https://login.microsoftonline.com/{TENANT}"),
        ("CASEWORK_SSO_ISSUER", "http://directory.example/realms/office"),
        ("CASEWORK_SSO_ISSUER", "https://[directory"),
        ("CASEWORK_URL", "casework.example"),
        ("CASEWORK_URL", ""),
        ("CASEWORK_SSO_CLIENT_SECRET", ""),
        ("CASEWORK_SSO_CLIENT_SECRET_FILE", "not/there"),
        ("CASEWORK_SSO_ROLES", "{"),
        ("CASEWORK_SSO_ROLES", '["reviewer"]'),
        ("CASEWORK_SSO_ROLES", '{"Reviews": "reviewers"}'),
        ("CASEWORK_SSO_ROLES", '{"Reviews": ["reviewer"]}'),
        ("CASEWORK_SSO_ONLY", "perhaps"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_set(name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=name):
        SingleSignOn.from_environment({**SAID, name: said})


@pytest.mark.parametrize(
    ("claims", "said", "is_shown"),
    [
        ({}, "mfa", False),
        ({"amr": ["pwd"]}, "mfa", False),
        ({"amr": ["pwd", "mfa"]}, "mfa", True),
        ({"amr": "mfa"}, "mfa", True),
        ({"acr": "2"}, "mfa, 2", True),
        ({"acr": "1"}, "mfa, 2", False),
        ({"acrs": ["c1"]}, "c1", True),
        ({"acr": "always"}, "mfa", False),
        ({}, "always", True),
        ({"amr": {"mfa": True}}, "mfa", False),
    ],
)
def test_a_second_factor_counts_where_the_directory_says_so(
    claims: dict[str, object], said: str, is_shown: bool
) -> None:
    read = SingleSignOn.from_environment({**SAID, "CASEWORK_SSO_SECOND_FACTOR": said})
    assert read is not None
    assert vouched({**NAMED, **claims}, read).has_second_factor is is_shown
