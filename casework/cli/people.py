"""The only place for `casework user`: the people who sign in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import links, passwords, people, proposals
from casework.accounts import roles as held_roles
from casework.accounts.people import PersonRefused
from casework.audit.record import SYSTEM, NewEvent, Origin, append
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import Refused
from casework.database import begin_write
from casework.models import DirectoryLink, Person
from casework.outbox import notice_mail
from config import SERVED_HERE, Settings
from workflows.roles import ROLES

_url = click.option(
    "--url",
    envvar="CASEWORK_URL",
    default=SERVED_HERE,
    show_default=True,
    help="Where the pages are served; also CASEWORK_URL.",
)
_reason = click.option("--reason", required=True, help="Why; it is kept with the log.")
_json = click.option("--json", "is_json", is_flag=True, help="Print JSON only.")


@click.group(short_help="The people who sign in.")
def user() -> None:
    """The people who sign in: add them, list them, let them in no more.

    What is done here needs no second person: whoever may run commands on this machine could change
    its database. The log says that a command did it.
    """


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
@_url
def add(email: str, name: str, roles: tuple[str, ...], password_stdin: bool, url: str) -> None:
    """Add a person, and print a link with which they set their password.

    The link works once and for 24 hours. Give it to nobody else.
    """
    password_hash = _password(email, name) if password_stdin else None
    with open_office() as session, _refusing():
        begin_write(session)
        person = people.add_person(session, email, name, roles, Origin("command"))
        secret = links.new_link(session, person)
        if password_hash is not None:
            people.set_password(session, person, password_hash, Origin("command"))
        kept = person.email
        session.commit()
    click.echo(f"{kept} was added.")
    if password_hash is None:
        _tell_link(url, secret)


@user.command("list", short_help="Who may sign in.", epilog="Example: casework user list --json")
@_json
def list_(is_json: bool) -> None:
    """List everybody who was ever added: their address, roles, and whether they may sign in."""
    with open_office() as session:
        waiting = {each.person for each in proposals.open_proposals(session)}
        everybody = session.scalars(select(Person).order_by(Person.email))
        linked = frozenset(session.scalars(select(DirectoryLink.person_id)))
        found = [_shown(person, waiting, linked) for person in everybody]
    if is_json:
        print_json(found)
        return
    for each in found:
        roles = ", ".join(each["roles"]) or "no role"
        waits = "; a proposal waits for a second person" if each["waits"] else ""
        click.echo(f"{each['status']:8} {each['email']}  {each['name']}: {roles}{waits}")
    click.echo(f"{len(found)} in all.")


def _shown(person: Person, waiting: set[str], linked: frozenset[int]) -> dict[str, Any]:
    active = "active" if person.password_hash or person.id in linked else "invited"
    return {
        "email": person.email,
        "name": person.name,
        "roles": [each for each in ROLES if each in person.role_names],
        "status": active if person.is_active else "disabled",
        "waits": person.token in waiting,
    }


@user.command(
    short_help="Let a person in no more.",
    epilog="Example: casework user disable alex@example.org --reason 'Left the office'",
)
@click.argument("email")
@_reason
def disable(email: str, reason: str) -> None:
    """Let a person in no more. Their sessions and links end at once; their roles are kept."""
    told = _done(email, people.disable, reason, notice_mail.DISABLED)
    click.echo(f"{email} may sign in no more. {told}")


@user.command(
    short_help="Let a person in again.",
    epilog="Example: casework user enable alex@example.org --reason 'Back from leave'",
)
@click.argument("email")
@_reason
def enable(email: str, reason: str) -> None:
    """Let a person in again, with the roles and the password that they had."""
    told = _done(email, people.enable, reason, notice_mail.ENABLED)
    click.echo(f"{email} may sign in again. {told}")


@user.command(
    short_help="Give and take roles.",
    epilog="Example: casework user roles alex@example.org --give supervisor --take reviewer",
)
@click.argument("email")
@click.option("--give", multiple=True, type=click.Choice(ROLES), help="Repeat it for several.")
@click.option("--take", multiple=True, type=click.Choice(ROLES), help="Repeat it for several.")
def roles(email: str, give: tuple[str, ...], take: tuple[str, ...]) -> None:
    """Give a person roles and take others, and say which they hold."""
    with changing(email) as (session, person):
        before = person.role_names
        wanted = (before | set(give)) - set(take)
        held_roles.hold(session, person, wanted, Origin("command"))
        held = [each for each in ROLES if each in wanted]
        told = f" {tell(session, person, notice_mail.ROLES_CHANGED)}" if wanted != before else ""
    click.echo(f"{email} holds: {', '.join(held) or 'no role'}.{told}")


@user.command(
    short_help="Make a link to set a password.",
    epilog="Example: casework user invite alex@example.org",
)
@click.argument("email")
@_url
def invite(email: str, url: str) -> None:
    """Print another link with which a person sets a password, and end those made before.

    The link works once and for 24 hours. Give it to nobody else.
    """
    with changing(email) as (session, person):
        single_sign_on = Settings.from_environment().single_sign_on
        why_not = people.why_no_link(session, person, single_sign_on)
        if why_not is not None:
            raise PersonRefused(why_not)
        links.end_links(session, person)
        secret = links.new_link(session, person)
        stat = {"person": person.token, "way": "command"}
        append(session, NewEvent("person_invited", SYSTEM, stat=stat), Origin("command"))
    _tell_link(url, secret)


@user.command(
    "signout",
    short_help="End the sessions of a person, or of everybody.",
    epilog="Example: casework user signout alex@example.org --reason 'Lost the laptop'",
)
@click.argument("email", required=False)
@click.option("--everybody", is_flag=True, help="All who may sign in, in place of one.")
@_reason
def sign_out(email: str | None, everybody: bool, reason: str) -> None:
    """Sign a person out everywhere, or everybody. They can sign in again at once."""
    if everybody == bool(email):
        raise click.UsageError("Give an e-mail address, or --everybody.")
    told = set[str]()
    with open_office() as session, _refusing():
        begin_write(session)
        active = session.scalars(select(Person).where(Person.is_active).order_by(Person.id))
        for person in [_person(session, email)] if email else list(active):
            people.sign_out(session, person, reason, Origin("command"), role=SYSTEM)
            told.add(tell(session, person, notice_mail.SIGNED_OUT))
        session.commit()
    click.echo(" ".join([f"{email or 'Everybody'} was signed out everywhere.", *sorted(told)]))


@user.command(
    short_help="Take a lost second factor away.",
    epilog="Example: casework user unpair alex@example.org --reason 'Lost the phone'",
)
@click.argument("email")
@_reason
def unpair(email: str, reason: str) -> None:
    """Take away the second factor of a person who lost it. They set up another when they sign in.

    Make sure that it is they who ask: their password alone lets somebody in from then on.
    """
    told = _done(email, people.remove_second_factor, reason, notice_mail.FACTOR_REMOVED)
    click.echo(f"{email} signs in without a second factor, until another is set up. {told}")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except PersonRefused as refused:
        raise Refused(f"{refused} Nothing was changed.") from None


@contextmanager
def changing(email: str) -> Iterator[tuple[Session, Person]]:
    """The person with this address, to be changed: what was done is committed at the end."""
    with open_office() as session, _refusing():
        begin_write(session)
        yield session, _person(session, email)
        session.commit()


def _done(email: str, act: Callable[..., None], reason: str, notice: str) -> str:
    """Do something of `accounts.people` to a person, and why; a sentence on whether mail tells them."""
    with changing(email) as (session, person):
        act(session, person, reason, Origin("command"), role=SYSTEM)
        return tell(session, person, notice)


def tell(session: Session, person: Person, words: str) -> str:
    """Have mail tell a person what was done to their account; a sentence on whether it can."""
    server = Settings.from_environment().mail_server
    is_told = notice_mail.put(session, person.email, words, server)
    return "They are told by email." if is_told else "Tell them."


def _person(session: Session, email: str) -> Person:
    kept = people.email_as_kept(email)
    person = session.execute(select(Person).where(Person.email == kept)).scalar_one_or_none()
    if person is None:
        raise PersonRefused(f"Nobody has the e-mail address {email[:80]!r}.")
    return person


def _tell_link(url: str, secret: str) -> None:
    click.echo(f"To set a password, once and within 24 hours: {links.url_of(url, secret)}")


def _password(email: str, name: str) -> str:
    """The hash of the password on stdin, made before anything is written: it is slow on purpose."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        passwords.check(password, email, name)
    except passwords.PasswordRefused as refused:
        raise Refused(str(refused)) from None
    return passwords.hashed(password)
