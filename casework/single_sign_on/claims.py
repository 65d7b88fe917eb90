"""The only place that reads what the directory says of somebody: its claims, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.accounts.directory import is_subject
from casework.single_sign_on.refusals import UNTRUSTED, SignOnRefused
from config import SingleSignOn

ALWAYS = "always"
"""In the settings: the directory lets nobody through without a second factor."""


@dataclass(frozen=True)
class Vouched:
    """Somebody whom the directory vouches for.

    `email` is None where it has none, `roles` where it does not say which roles they hold here.
    `unsaid` are the claims that its word lacks, for whoever sets the directory up.
    """

    issuer: str
    subject: str
    name: str
    email: str | None
    is_email_verified: bool
    roles: frozenset[str] | None
    has_second_factor: bool
    unsaid: tuple[str, ...] = ()


def vouched(claims: Mapping[str, Any], settings: SingleSignOn) -> Vouched:
    """What the claims of a valid ID token say of whom. Raises SignOnRefused."""
    subject = claims["sub"]
    if not is_subject(subject):
        raise SignOnRefused(UNTRUSTED, "subject")
    return Vouched(
        settings.issuer,
        subject,
        _text(claims, "name"),
        _text(claims, "email") or None,
        _is_email_verified(claims),
        _roles(claims, settings),
        _has_second_factor(claims, settings),
        _unsaid(claims, settings),
    )


def _unsaid(claims: Mapping[str, Any], settings: SingleSignOn) -> tuple[str, ...]:
    of_roles = (settings.roles_claim,) if settings.roles else ()
    wanted = ("name", "email", "email_verified", *of_roles)
    said = {*claims, *(("email_verified",) if "xms_edov" in claims else ())}
    return tuple(name for name in wanted if name not in said)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _is_email_verified(claims: Mapping[str, Any]) -> bool:
    """Entra ID says so by `xms_edov`, as a flag, a number or text; its `email` alone anybody may set."""
    told = claims.get("email_verified", claims.get("xms_edov"))
    return told is True or told == 1 or told in ("1", "true", "True")


def _roles(claims: Mapping[str, Any], settings: SingleSignOn) -> frozenset[str] | None:
    """The roles that the values of the claim give here; None where roles are kept here.

    Of somebody in very many groups Entra ID names none, and says where to ask: that is not none.
    """
    if not settings.roles:
        return None
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and settings.roles_claim in elsewhere:
        raise SignOnRefused(UNTRUSTED, "roles_elsewhere")
    told = _values(claims, settings.roles_claim)
    return frozenset(role for value, role in settings.roles if value in told)


def _has_second_factor(claims: Mapping[str, Any], settings: SingleSignOn) -> bool:
    """RFC 8176 (`amr`), OpenID Connect Core 1.0, section 2 (`acr`), Entra ID (`acrs`)."""
    told = {value for name in ("amr", "acr", "acrs") for value in _values(claims, name)}
    return ALWAYS in settings.second_factor or not settings.second_factor.isdisjoint(told)


def _values(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    value = claims.get(name)
    listed = value if isinstance(value, list) else [value]
    return frozenset(each for each in listed if isinstance(each, str))
