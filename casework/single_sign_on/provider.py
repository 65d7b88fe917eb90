"""The only place that speaks with the directory: OpenID Connect, by Authlib.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1; RFC 7636).
The directory may be slow, so nothing here is within a transaction.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App, OAuthError
from flask import request, session
from joserfc.errors import JoseError

from casework import clock
from casework.accounts.sessions import FRESH
from casework.single_sign_on.refusals import (
    DECLINED,
    NOT_ANEW,
    STRAY,
    UNREACHABLE,
    UNTRUSTED,
    SignOnRefused,
)
from config import SingleSignOn

ALGORITHMS = ("RS256", "ES256")
"""The signatures that are believed, whatever the directory or a token says of itself."""
LEEWAY = 60
"""Seconds by which the directory's clock may differ from ours."""
ANSWERS_WITHIN = 5
"""Seconds in which the directory must answer."""
BELIEVED_FOR = timedelta(hours=1)
"""For so long its addresses and keys are not asked for again, unless a key is new to us."""
AT_ONCE = 3
"""In so many tabs of a browser somebody may be on their way."""
LONGEST_ONWARD = 1_000
"""Characters of an address that is remembered meanwhile; what is left of a cookie's 4,096 bytes is little."""
_NAME = "directory"
_UNWELL = frozenset(("server_error", "temporarily_unavailable"))
_MISUSED = frozenset(("invalid_client", "invalid_request", "unauthorized_client", "invalid_scope"))
_DECLINED = frozenset(("access_denied", "interaction_required", "consent_required"))
_BASIC, _POST = "client_secret_basic", "client_secret_post"
_known: dict[SingleSignOn, tuple[FlaskOAuth2App, datetime]] = {}


@dataclass(frozen=True)
class Described:
    """Where the directory is asked, where its answers are fetched, and where its keys are.

    `takes_basic` says whether it is shown the secret in a header, as all should take it, or in the form.
    """

    authorize: str
    token: str
    keys: str
    takes_basic: bool


@dataclass(frozen=True)
class Answer:
    """What the directory's signed word says of somebody, and where they wanted to go.

    `is_anew` says that we wanted them to be asked again, and that they were.
    """

    claims: Mapping[str, Any]
    onward: str | None
    is_anew: bool


def question(settings: SingleSignOn, onward: str | None, *, is_anew: bool = False) -> str:
    """The address at the directory where somebody is asked who they are.

    `is_anew` has it ask them again, whatever session of its own is open (OpenID Connect Core 1.0,
    section 3.1.2.1). What the answer is held against is put into their session. Raises SignOnRefused.
    """
    directory = _directory(settings)
    wanted = {"max_age": "0"} if is_anew else {}
    asked = directory.create_authorization_url(settings.redirect_uri, **wanted)
    url: str = asked.pop("url")
    _forget_all_but(AT_ONCE - 1)
    kept = onward if onward and len(onward) <= LONGEST_ONWARD else None
    asked |= {"onward": kept, "is_anew": is_anew}
    directory.save_authorize_data(redirect_uri=settings.redirect_uri, **asked)
    return url


def _forget_all_but(newest: int) -> None:
    """Let no more questions stand in the session than its cookie has room for."""
    standing = [name for name in session if name.startswith(f"_state_{_NAME}_")]
    for name in sorted(standing, key=lambda name: session[name]["exp"], reverse=True)[newest:]:
        del session[name]


def answer(settings: SingleSignOn) -> Answer:
    """What the directory answered to the question of this browser, which it answers once.

    Raises SignOnRefused.
    """
    directory = _directory(settings)
    state = request.args.get("state")
    asked = directory.framework.get_state_data(session, state)
    if asked is None:
        raise SignOnRefused(STRAY, "state")
    if request.args.get("iss", settings.issuer) != settings.issuer:  # RFC 9207
        raise SignOnRefused(UNTRUSTED, "issuer")
    if refusal := request.args.get("error"):
        directory.framework.clear_state_data(session, state)
        raise _declined(refusal)
    with _told_apart():
        token = directory.authorize_access_token(claims_options=_required(settings), leeway=LEEWAY)
    claims = token.get("userinfo")
    if not claims:
        raise SignOnRefused(UNTRUSTED, "no_id_token")
    is_anew = bool(asked.get("is_anew"))
    if is_anew and not _was_asked_lately(claims):
        raise SignOnRefused(NOT_ANEW, "" if "auth_time" in claims else "without auth_time")
    return Answer(claims, asked["onward"], is_anew)


def _was_asked_lately(claims: Mapping[str, Any]) -> bool:
    """Whether the directory says so; that it was told to, the browser could have left out."""
    told = claims.get("auth_time")
    if not isinstance(told, int | float):
        return False
    return -LEEWAY <= int(clock.now().timestamp()) - told < FRESH.total_seconds()


def _declined(error: str) -> SignOnRefused:
    """Why the directory gave no code (RFC 6749, section 4.1.2.1); of what is no code of these, nothing."""
    if error in _UNWELL:
        return SignOnRefused(UNREACHABLE, error)
    if error in _MISUSED:
        return SignOnRefused(UNTRUSTED, error)
    return SignOnRefused(DECLINED, error if error in _DECLINED else "")


def _required(settings: SingleSignOn) -> dict[str, dict[str, Any]]:
    """What a token must say; that it is signed, new, in time and ours to use, Authlib sees to."""
    wanted = {"iss": settings.issuer, "aud": settings.client_id, "tid": settings.tenant}
    return {claim: {"essential": True, "value": value} for claim, value in wanted.items() if value}


def _directory(settings: SingleSignOn) -> FlaskOAuth2App:
    """Authlib's client of the directory, as it described itself within the last hour."""
    known = _known.get(settings)
    if known is None or clock.now() - known[1] >= BELIEVED_FOR:
        known = _known[settings] = _client(settings, describe(settings)), clock.now()
    return known[0]


def describe(settings: SingleSignOn) -> Described:
    """What is needed of how the directory describes itself (OpenID Connect Discovery 1.0, section 4).

    The rest could tell the client whom to trust, or how to connect. Raises SignOnRefused.
    """
    with _told_apart():
        answered = requests.get(
            f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            timeout=ANSWERS_WITHIN,
            allow_redirects=False,
        )
        answered.raise_for_status()
        told = answered.json()
        authorize, token, keys = (
            told[each] for each in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        )
        schemes = {urlsplit(each).scheme for each in (authorize, token, keys)}
        named = told["issuer"]
        taken = told.get("token_endpoint_auth_methods_supported", [_BASIC])
        takes_basic = _BASIC in taken or _POST not in taken
    if named != settings.issuer or schemes != {urlsplit(settings.issuer).scheme}:
        raise SignOnRefused(UNTRUSTED, "configuration")
    return Described(authorize, token, keys, takes_basic)


def count_keys(settings: SingleSignOn, described: Described) -> int:
    """How many keys the directory publishes with which it can sign so that it is believed."""
    with _told_apart():
        listed = _client(settings, described).fetch_jwk_set()["keys"]
        return sum(_is_believed(key) for key in listed)


def _is_believed(key: Mapping[str, Any]) -> bool:
    """Whether a key (RFC 7517) can sign by one of the algorithms; most do not name theirs."""
    is_for_it = key.get("use", "sig") == "sig" and key.get("alg", ALGORITHMS[0]) in ALGORITHMS
    return is_for_it and (key.get("kty"), key.get("crv")) in (("RSA", None), ("EC", "P-256"))


def _client(settings: SingleSignOn, described: Described) -> FlaskOAuth2App:
    return FlaskOAuth2App(
        FlaskIntegration(_NAME),
        _NAME,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        authorize_url=described.authorize,
        access_token_url=described.token,
        jwks_uri=described.keys,
        id_token_signing_alg_values_supported=list(ALGORITHMS),
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": _show_secret if described.takes_basic else _POST,
            "default_timeout": ANSWERS_WITHIN,
            "max_redirects": 0,  # a secret follows nobody elsewhere
        },
    )


def _show_secret(
    client: Any, _method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """HTTP Basic as RFC 6749, section 2.3.1, has it: encoded as in a form, which Authlib leaves out."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return uri, {**headers, "Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, body


@contextmanager
def _told_apart() -> Iterator[None]:
    """Say of what a library raises what kind of refusal it is; a secret or a name is in none."""
    try:
        yield
    except OAuthError as refused:
        if refused.error == "invalid_grant":
            raise SignOnRefused(STRAY, "code") from None
        raise SignOnRefused(
            UNTRUSTED, refused.error if refused.error in _MISUSED else "token"
        ) from None
    except JoseError as fault:
        claim = getattr(fault, "claim", None)
        raise SignOnRefused(UNTRUSTED, f"{fault.error}:{claim}" if claim else fault.error) from None
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise SignOnRefused(UNREACHABLE, type(fault).__name__) from None
