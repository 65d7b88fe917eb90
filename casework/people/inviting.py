"""The only place that gives somebody a link to set their password because an administrator asks."""

from sqlalchemy.orm import Session

from casework.accounts import directory, links
from casework.accounts.people import PersonRefused
from casework.audit import record
from casework.models import Person
from casework.outbox import link_mail
from casework.outbox.mail import MailRefused
from config import Settings

BY_MAIL, BY_HAND = "mail", "by_hand"


def why_not(session: Session, person: Person, settings: Settings) -> str | None:
    """Why no link can be given to a person, in a sentence; None where one can.

    Who has a password gets one by mail alone: by a link in hand, whoever made it could come in as
    them.
    """
    if not person.is_active:
        return "This account is disabled. Enable it first."
    if not directory.may_use_password(session, person, settings.single_sign_on):
        return "They sign in with your organisation’s account, so they need no password here."
    if not person.role_names:
        return "Nobody has agreed to a role for them yet."
    if person.password_hash and settings.mail_server is None:
        return (
            "Casework sends no email here, and a link is given by hand only to who has no password "
            "yet. Whoever runs Casework makes one with the command casework user invite."
        )
    return None


def give_link(
    session: Session, person: Person, settings: Settings, origin: record.Origin, *, role: str
) -> str | None:
    """Send a person a link by mail; without a mail server, the link to give them by hand.

    Within the caller's write transaction. Raises PersonRefused.
    """
    refusal = why_not(session, person, settings)
    if refusal:
        raise PersonRefused(refusal)
    server, link = settings.mail_server, None
    if server is None:
        links.end_links(session, person)
        link = links.url_of(settings.url, links.new_link(session, person))
    else:
        words = link_mail.FORGOTTEN if person.password_hash else link_mail.INVITED
        try:
            mail = link_mail.mail(session, person.email, words, settings.url)
        except MailRefused as refused:
            raise PersonRefused(str(refused)) from None
        link_mail.put(session, person, mail, sender=server.sender, queued_by=origin.actor)
    stat = {"person": person.token, "way": BY_HAND if link else BY_MAIL}
    record.append(session, record.NewEvent("person_invited", role, stat=stat), origin)
    return link
