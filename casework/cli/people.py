"""The only place for `casework user`: the people who sign in."""

import sys

import click

from casework.accounts import passwords, people
from casework.audit.record import Origin
from casework.cli.installation import open_office
from casework.cli.program import Refused
from casework.database import begin_write
from workflows.roles import ROLES


@click.group(short_help="The people who sign in.")
def user() -> None:
    """Add the people who sign in."""


@user.command(
    short_help="Add a person.",
    epilog="Example: casework user add alex@example.org --name 'Alex Able' --role reviewer",
)
@click.argument("email")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="Repeat it for somebody who holds several.",
)
@click.option("--password-stdin", is_flag=True, help="Read a password instead of printing a link.")
@click.option(
    "--url",
    envvar="CASEWORK_URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where the pages are served; also CASEWORK_URL.",
)
def add(email: str, name: str, roles: tuple[str, ...], password_stdin: bool, url: str) -> None:
    """Add a person, and print a link with which they set their password.

    The link works once and for 24 hours. Give it to nobody else.
    """
    password_hash = _password(email, name) if password_stdin else None
    with open_office() as session:
        begin_write(session)
        try:
            person, secret = people.add_person(session, email, name, roles, Origin("command"))
        except people.PersonRefused as refused:
            raise Refused(str(refused)) from None
        if password_hash is not None:
            people.set_password(session, person, password_hash, Origin("command"))
        kept = person.email
        session.commit()
    click.echo(f"{kept} was added.")
    if password_hash is None:
        click.echo(f"To set a password, once and within 24 hours: {_link(url, secret)}")


def _link(url: str, secret: str) -> str:
    return f"{url.rstrip('/')}/set-password/{secret}"


def _password(email: str, name: str) -> str:
    """The hash of the password on stdin, made before anything is written: it is slow on purpose."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        passwords.check(password, email, name)
    except passwords.PasswordRefused as refused:
        raise Refused(str(refused)) from None
    return passwords.hashed(password)
