"""The only place for `casework directory`: the directory of the organisation that signs people in."""

import sys

import click

from casework.accounts import directory as links
from casework.accounts.people import PersonRefused
from casework.audit.record import Origin
from casework.cli.output import print_json
from casework.cli.people import changing, tell
from casework.cli.program import Refused
from casework.outbox import notice_mail
from config import Settings, SingleSignOn


@click.group(short_help="The directory that signs people in.")
def directory() -> None:
    """The directory of the organisation by which people sign in (single sign-on)."""


@directory.command(
    short_help="Ask whether the directory answers as it should.",
    epilog="Example: casework directory check",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def check(is_json: bool) -> None:
    """Ask the directory how it describes itself and by which keys it signs; nobody signs in.

    Exits with 1 where it does not answer as it should.
    """
    from casework.single_sign_on import provider
    from casework.single_sign_on.refusals import SignOnRefused

    settings = _settings()
    try:
        described = provider.describe(settings)
        keys = provider.count_keys(settings, described)
    except SignOnRefused as refused:
        said, keys = f"{refused.refusal.happened} ({refused})", 0
    else:
        named = "1 key" if keys == 1 else f"{keys} keys"
        said = (
            f"It asks people who they are at {described.authorize} and signs with {named} by "
            f"{' or '.join(provider.ALGORITHMS)}."
        )
    if is_json:
        shown = {"issuer": settings.issuer, "redirect_uri": settings.redirect_uri}
        print_json({**shown, "is_well": keys > 0, "keys": keys, "said": said})
    else:
        click.echo(f"The directory is {settings.issuer}.\n{said}")
        click.echo(f"It must know that people come back to {settings.redirect_uri}.")
    if not keys:
        sys.exit(1)


@directory.command(
    short_help="Join an account to somebody in the directory.",
    epilog="Example: casework directory link alex@example.org --subject 7f3c0d4e-5a1b-4d52",
)
@click.argument("email")
@click.option("--subject", required=True, help="The claim “sub” of their tokens.")
def link(email: str, subject: str) -> None:
    """Let the directory vouch for an account that was here before. Its password opens it no more."""
    settings = _settings()
    if not links.is_subject(subject):
        raise Refused("A subject has up to 255 letters, figures and signs of ASCII. Give one.")
    with changing(email) as (session, person):
        if links.is_linked(session, person):
            raise PersonRefused("This account is joined already. Run casework directory unlink.")
        if links.linked(session, settings.issuer, subject) is not None:
            raise PersonRefused("Another account is joined to that subject.")
        links.link(session, person, settings.issuer, subject, Origin("command"))
        told = tell(session, person, notice_mail.JOINED)
    click.echo(f"{email} signs in by the directory from now on. {told}")


@directory.command(
    short_help="Let no directory vouch for an account.",
    epilog="Example: casework directory unlink alex@example.org",
)
@click.argument("email")
def unlink(email: str) -> None:
    """Let no directory vouch for an account any more, such as after the directory was replaced."""
    with changing(email) as (session, person):
        if not links.unlink(session, person, Origin("command")):
            raise PersonRefused("This account is joined to no directory.")
        told = tell(session, person, notice_mail.PARTED)
    click.echo(f"{email} does not sign in by the directory any more. {told}")


def _settings() -> SingleSignOn:
    settings = Settings.from_environment().single_sign_on
    if settings is None:
        raise Refused("Single sign-on is not set up: CASEWORK_SSO_ISSUER is not set.")
    return settings
