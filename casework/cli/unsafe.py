"""The only place that says what is unsafe about an installation that is to serve a real office."""

import os
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from casework.cli.database_words import sentence_of
from casework.cli.demonstration.people import are_there
from casework.cli.installation import open_office
from casework.cli.program import Refused
from config import SHORTEST_SECRET, Settings

OTHERS = 0o007
FEWEST_SIGNS = 10
"""A key has more different characters than that, unless somebody wrote it with one finger."""
KNOWN = ("changeme", "change-me", "example", "only-for-the-tests", "secret")
NETWORK_DISKS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs")
MOUNTS = Path("/proc/self/mounts")
ENCRYPTED = ("require", "verify-ca", "verify-full")


def all_that_is_unsafe(settings: Settings, host: str) -> list[str]:
    """Everything to mend before an office is served at `host`, a sentence or two each."""
    return [
        *_of_the_environment(settings),
        *_of_the_addresses(settings, host),
        *_of_what_others_may_read(settings),
        *_of_the_database(settings),
    ]


def _of_the_environment(settings: Settings) -> Iterator[str]:
    if settings.environment != "production":
        yield f"CASEWORK_ENV is {settings.environment}, which is for invented people alone. Unset it."
    for name in ("CASEWORK_DEBUG", "FLASK_DEBUG"):
        if os.environ.get(name, "0") not in ("", "0"):
            yield f"{name} is set, by which faults are told to whoever meets them. Unset it."
    key = settings.secret_key or ""
    if len(key) < SHORTEST_SECRET:
        yield (
            f"CASEWORK_SECRET_KEY must be set to at least {SHORTEST_SECRET} characters. Make one "
            "with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    elif len(set(key)) < FEWEST_SIGNS or any(known in key.lower() for known in KNOWN):
        yield (
            "CASEWORK_SECRET_KEY can be guessed. Make another with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )


def _of_the_addresses(settings: Settings, host: str) -> Iterator[str]:
    if urlsplit(settings.url).scheme != "https":
        yield (
            "CASEWORK_URL must be the address that people open, beginning https://, such as "
            "https://reviews.office.example."
        )
    if any(each == "*" or each.startswith(".") for each in settings.hosts):
        yield (
            "CASEWORK_HOSTS must name the names that the pages are served under, one by one: "
            "neither * nor a name that begins with a dot, which is every name below it."
        )
    if not _is_here(host) and settings.proxies == Settings.proxies:
        yield (
            f"{host} is heard beyond this machine, and CASEWORK_PROXIES does not name the web "
            "server with HTTPS in front. Name its address, or listen on 127.0.0.1."
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _of_what_others_may_read(settings: Settings) -> Iterator[str]:
    keys = (settings.signing_key, settings.backup_key, Path(".env"), *settings.secret_files)
    database = make_url(settings.database_url)
    is_file = database.get_backend_name() == "sqlite" and database.database
    files = [*keys, *([Path(str(database.database))] if is_file else [])]
    for path in [settings.data_dir, *files]:
        if path.exists() and S_IMODE(path.stat().st_mode) & OTHERS:
            mode = "700" if path.is_dir() else "600"
            yield f"Everybody on this machine can read or change {path}. Run: chmod {mode} {path}"


def _of_the_database(settings: Settings) -> Iterator[str]:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        disk = _kind_of_disk(Path(url.database).absolute())
        if disk in NETWORK_DISKS:
            yield (
                f"{url.database} lies on a disk of the network ({disk}), where SQLite loses what "
                "two processes write. Move it to a disk of this machine, or use PostgreSQL."
            )
    elif url.get_backend_name() == "postgresql" and (where := _reached_in_the_clear(url)):
        yield (
            f"The connection to the database {where} need not be encrypted. Add "
            "sslmode=verify-full to the parameters of CASEWORK_DATABASE_URL."
        )
    try:
        with open_office(settings) as session:
            if are_there(session):
                yield (
                    "This database holds the demonstration's accounts, whose password is known to "
                    "everybody. Serve it with CASEWORK_ENV=demo, or make an office of its own."
                )
    except Refused as refused:
        yield refused.message
    except DBAPIError as fault:
        yield sentence_of(fault)


def _reached_in_the_clear(url: URL) -> str | None:
    """Where PostgreSQL is that may be spoken to without TLS; None on this machine, or with TLS.

    Judged is what libpq gets, which takes several servers for one, and what it adds of its own
    environment (PGHOST and others). A service may name any server, and its own sslmode before PGSSLMODE.
    """
    from psycopg.pq import Conninfo

    _, given = url.get_dialect()().create_connect_args(url)
    own = {each.keyword: each.val for each in Conninfo.get_defaults() if each.val}
    told = {**{key.decode(): value.decode() for key, value in own.items()}, **given}
    if given.get("sslmode") in ENCRYPTED:
        return None
    if service := told.get("service"):
        return f"of the service {service}"
    named = f"{told.get('host', '')},{told.get('hostaddr', '')}".split(",")
    beyond = [each for each in named if each and not each.startswith("/") and not _is_here(each)]
    if not beyond or told.get("sslmode") in ENCRYPTED:
        return None
    return f"on {' and '.join(beyond)}"


def _kind_of_disk(path: Path) -> str | None:
    """The kind of file system that a path lies on, where the system tells of that (Linux)."""
    if not MOUNTS.exists():
        return None
    mounted = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    under = [(place, kind) for place, kind in mounted if path.is_relative_to(place)]
    return max(under, key=lambda each: len(each[0]))[1] if under else None
