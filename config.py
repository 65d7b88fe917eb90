"""The only place that reads the environment: the settings of one installation.

Everything is prefixed `CASEWORK_`; a `.env` file in the working folder may be read too. What
staff change in the office (its name, targets, sign-off) is not here but in the log.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from dotenv import dotenv_values

from workflows.roles import ROLES

Environment = Literal["production", "demo", "test"]
ENVIRONMENTS = ("production", "demo", "test")
SHORTEST_SECRET = 32
SECRETS = (
    *("CASEWORK_SECRET_KEY", "CASEWORK_DATABASE_URL"),
    *("CASEWORK_SMTP_PASSWORD", "CASEWORK_SSO_CLIENT_SECRET"),
)
"""What may be in a file, which the variable with `_FILE` behind its name then names."""
MEGABYTE = 1_000_000
SERVED_HERE = "http://127.0.0.1:8000"
"""Where `casework serve` answers unless it is told otherwise."""
_HERE = frozenset(("127.0.0.1", "::1", "localhost"))
_ENTRA_HOSTS = frozenset(
    ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
)
_TENANT = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/v2\.0")
"""The path of an issuer of Entra ID: the tenant's ID, and the version of its tokens."""


class SettingsError(Exception):
    """The environment does not say what is needed; the message says what to set."""


@dataclass(frozen=True)
class MailServer:
    """The mail server that the office's mail is handed to, and in whose name."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    is_encrypted: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> MailServer | None:
        """Read `CASEWORK_SMTP_HOST` and what goes with it; None without a host."""
        host = environ.get("CASEWORK_SMTP_HOST")
        if not host:
            return None
        port, sender = environ.get("CASEWORK_SMTP_PORT") or "587", environ.get("CASEWORK_SMTP_FROM")
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
            raise SettingsError(f"CASEWORK_SMTP_PORT is {port!r}. Set it to a number such as 587.")
        if not sender or parseaddr(sender)[1].count("@") != 1:
            raise SettingsError(
                "CASEWORK_SMTP_FROM must be the address that letters come from, such as "
                "“Reviews <reviews@office.example>”."
            )
        is_encrypted = _is_yes(environ, "CASEWORK_SMTP_STARTTLS", unless_said="yes")
        user, password = (
            environ.get("CASEWORK_SMTP_USER") or None,
            _secret(environ, "CASEWORK_SMTP_PASSWORD"),
        )
        if user and not is_encrypted:
            raise SettingsError(
                "CASEWORK_SMTP_STARTTLS is no, and a password may not travel in the clear. Set it "
                "to yes, or leave out CASEWORK_SMTP_USER."
            )
        return cls(host, int(port), sender, user, password, is_encrypted)


@dataclass(frozen=True)
class SingleSignOn:
    """The directory that says who signs in (OpenID Connect), and what its word is worth here.

    `roles` are pairs of a value of the directory's claim and the role that it gives; without any,
    accounts and their roles are kept here.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    account: str = "work account"
    roles_claim: str = "roles"
    roles: frozenset[tuple[str, str]] = frozenset()
    second_factor: frozenset[str] = frozenset(("mfa",))
    links_by_email: bool = False
    is_only: bool = False
    break_glass: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> SingleSignOn | None:
        """Read `CASEWORK_SSO_ISSUER` and what goes with it; None without an issuer."""
        if not environ.get("CASEWORK_SSO_ISSUER"):
            return None
        client_id = environ.get("CASEWORK_SSO_CLIENT_ID")
        secret = _secret(environ, "CASEWORK_SSO_CLIENT_SECRET")
        if not client_id or not secret:
            raise SettingsError(
                "Single sign-on needs CASEWORK_SSO_CLIENT_ID and CASEWORK_SSO_CLIENT_SECRET, or "
                "CASEWORK_SSO_CLIENT_SECRET_FILE. The directory gave both when Casework was "
                "registered there."
            )
        return cls(
            _issuer(environ),
            client_id,
            secret,
            f"{_web_address(environ, 'CASEWORK_URL').rstrip('/')}/single-sign-on/back",
            environ.get("CASEWORK_SSO_ACCOUNT") or "work account",
            environ.get("CASEWORK_SSO_ROLES_CLAIM") or "roles",
            _directory_roles(environ),
            frozenset(_several(environ, "CASEWORK_SSO_SECOND_FACTOR")) or frozenset(("mfa",)),
            _is_yes(environ, "CASEWORK_SSO_LINKS_BY_EMAIL"),
            _is_yes(environ, "CASEWORK_SSO_ONLY"),
            frozenset(each.lower() for each in _several(environ, "CASEWORK_SSO_BREAK_GLASS")),
        )

    @property
    def tenant(self) -> str | None:
        """The tenant whose accounts alone come in, where the issuer is Microsoft Entra ID."""
        named = _TENANT.fullmatch(urlsplit(self.issuer).path)
        return named[1] if named else None


def _issuer(environ: Mapping[str, str]) -> str:
    """The directory by the exact name that its tokens bear; of Entra ID, one tenant's."""
    issuer = _web_address(environ, "CASEWORK_SSO_ISSUER")
    parts = urlsplit(issuer)
    if parts.hostname in _ENTRA_HOSTS and not _TENANT.fullmatch(parts.path):
        raise SettingsError(
            f"CASEWORK_SSO_ISSUER is {issuer!r}, by which people of any organisation could come "
            "in. Name the office’s own tenant by its ID, as in "
            "https://login.microsoftonline.com/TENANT-ID/v2.0"
        )
    return issuer


def _web_address(environ: Mapping[str, str], name: str) -> str:
    """An address that may be trusted with secrets: HTTPS, or on this machine."""
    address = environ.get(name, "")
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not parts.hostname or not is_safe or parts.query or parts.fragment or parts.username:
        raise SettingsError(
            f"{name} is {address!r}, and single sign-on needs an address that begins https://. "
            "Set it as a browser and the directory have it."
        )
    return address


def _directory_roles(environ: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Which value of the directory's claim gives which role, from JSON or a file of it."""
    told = _secret(environ, "CASEWORK_SSO_ROLES")
    try:
        read = json.loads(told or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict) or not set(map(str, read.values())) <= set(ROLES):
        raise SettingsError(
            "CASEWORK_SSO_ROLES must say in JSON which of the directory’s values gives which role, "
            f'such as {{"Reviews team": "reviewer"}}. Roles are: {", ".join(ROLES)}.'
        )
    return frozenset(read.items())


@dataclass(frozen=True)
class Settings:
    """Where an installation keeps its data and how it runs."""

    environment: Environment
    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str | None = field(repr=False)
    signing_key: Path
    backup_key: Path
    mail_server: MailServer | None = None
    largest_file: int = 50 * MEGABYTE
    clamd: str | None = None
    proxies: frozenset[str] = frozenset(("127.0.0.1", "::1"))
    checkpoint_dir: Path | None = None
    checkpoint_mail: tuple[str, ...] = ()
    backup_recipients: tuple[str, ...] = ()
    single_sign_on: SingleSignOn | None = None
    url: str = SERVED_HERE
    """Where people find the pages, for what is sent to them; without a / at its end."""
    hosts: tuple[str, ...] = ()
    """The names that the pages are served under; none is any."""
    secret_files: tuple[Path, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables that the README lists; SettingsError if one is wrong."""
        if environ is None:
            environ = {**_from_file(os.environ), **os.environ}
        name = environ.get("CASEWORK_ENV", "production")
        if name not in ENVIRONMENTS:
            raise SettingsError(
                f"CASEWORK_ENV is {name!r}. Set it to one of: {', '.join(ENVIRONMENTS)}."
            )
        data_dir = Path(environ.get("CASEWORK_DATA_DIR") or "var").absolute()
        url = (
            _secret(environ, "CASEWORK_DATABASE_URL")
            or f"sqlite:///{data_dir / 'casework.sqlite3'}"
        )
        return cls(
            cast("Environment", name),
            data_dir,
            url,
            _secret(environ, "CASEWORK_SECRET_KEY"),
            _path(environ, "CASEWORK_SIGNING_KEY") or data_dir / "signing_key",
            _path(environ, "CASEWORK_BACKUP_KEY") or data_dir / "backup_key",
            MailServer.from_environment(environ),
            _largest_file(environ),
            environ.get("CASEWORK_CLAMD") or None,
            _proxies(environ),
            _path(environ, "CASEWORK_CHECKPOINT_DIR"),
            _several(environ, "CASEWORK_CHECKPOINT_MAIL"),
            _several(environ, "CASEWORK_BACKUP_RECIPIENTS"),
            SingleSignOn.from_environment(environ),
            (environ.get("CASEWORK_URL") or SERVED_HERE).rstrip("/"),
            _hosts(environ, name),
            tuple(path for each in SECRETS if (path := _path(environ, f"{each}_FILE"))),
        )

    @property
    def is_secure(self) -> bool:
        """Whether cookies and headers insist on HTTPS: in production always."""
        return self.environment == "production"

    @property
    def may_mail(self) -> bool:
        """Whether the office's mail is offered: always but in production without a mail server."""
        return self.mail_server is not None or self.environment != "production"

    def secret_for_serving(self) -> str:
        """The key that signs sessions; SettingsError in production when none was set.

        A demonstration keeps one of its own in the data folder, readable by its owner alone.
        """
        if self.secret_key is not None and len(self.secret_key) >= SHORTEST_SECRET:
            return self.secret_key
        if self.environment == "production":
            raise SettingsError(
                "CASEWORK_SECRET_KEY must be set to at least 32 characters before Casework can "
                "serve. Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return self.secret_key or _kept_secret(self.data_dir / "secret_key")


def _from_file(environ: Mapping[str, str]) -> dict[str, str]:
    """What a `.env` file in the working folder says.

    Nothing where the environment names the data folder, as services do: they work in that folder,
    where what is served may write, and must not say where backups go or which database is checked.
    """
    if "CASEWORK_DATA_DIR" in environ:
        return {}
    return {key: value or "" for key, value in dotenv_values(".env").items()}


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """What a variable says, or the file that the variable with `_FILE` behind its name names."""
    kept_in = environ.get(f"{name}_FILE")
    if not kept_in:
        return environ.get(name) or None
    try:
        return Path(kept_in).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{name}_FILE names {kept_in}, which cannot be read. Check the name and its permissions."
        ) from None


def _is_yes(environ: Mapping[str, str], name: str, *, unless_said: str = "no") -> bool:
    said = environ.get(name) or unless_said
    if said not in ("yes", "no"):
        raise SettingsError(f"{name} is {said!r}. Set it to yes or no.")
    return said == "yes"


def _largest_file(environ: Mapping[str, str]) -> int:
    megabytes = environ.get("CASEWORK_LARGEST_FILE") or "50"
    if not re.fullmatch("[1-9][0-9]{0,3}", megabytes):
        raise SettingsError(
            f"CASEWORK_LARGEST_FILE is {megabytes!r}. Set it to a number of megabytes, such as 50."
        )
    return int(megabytes) * MEGABYTE


def _hosts(environ: Mapping[str, str], environment: str) -> tuple[str, ...]:
    """The names that requests may ask for: in production always, as a browser writes them."""
    named = _several(environ, "CASEWORK_HOSTS")
    if not named and environment == "production":
        named = (urlsplit(environ.get("CASEWORK_URL") or SERVED_HERE).netloc,)
    return named


def _proxies(environ: Mapping[str, str]) -> frozenset[str]:
    """The web servers in front, whose word about who called is taken; else this machine's own."""
    named = environ.get("CASEWORK_PROXIES") or "127.0.0.1,::1"
    try:
        return frozenset(str(ip_address(each.strip())) for each in named.split(","))
    except ValueError:
        raise SettingsError(
            f"CASEWORK_PROXIES is {named!r}. Set it to addresses with commas between them, such "
            "as 10.0.0.5,10.0.0.6."
        ) from None


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).absolute() if environ.get(name) else None


def _several(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """What is written with commas between."""
    return tuple(each.strip() for each in environ.get(name, "").split(",") if each.strip())


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
