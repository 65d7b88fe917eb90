"""The only place that has a link to set a password sent to somebody because of what is done on a page.

By mail, to their own address, and in no other way: whoever is shown a link can come in as them. Where
Casework sends no mail, whoever runs it makes the link, by command.
"""

from sqlalchemy.orm import Session

from casework.accounts import people
from casework.accounts.people import PersonRefused
from casework.audit import record
from casework.models import Person
from casework.outbox import link_mail
from casework.outbox.mail import MailRefused
from config import Settings

_BY_COMMAND = "Whoever runs Casework makes a link, with the command casework user invite, and gives it to them."


def why_not(session: Session, person: Person, settings: Settings) -> str | None:
    """Why no link can be sent to a person, in a sentence; None where one can."""
    refusal = people.why_no_link(session, person, settings.single_sign_on)
    if refusal is None and settings.mail_server is None:
        return f"Casework sends no email here. {_BY_COMMAND}"
    return refusal


def send_link(
    session: Session, person: Person, settings: Settings, origin: record.Origin, *, role: str
) -> None:
    """Send a person a link by mail. Within the caller's write transaction. Raises PersonRefused."""
    refusal, server = why_not(session, person, settings), settings.mail_server
    if refusal or server is None:
        raise PersonRefused(refusal or "")
    words = link_mail.FORGOTTEN if person.password_hash else link_mail.INVITED
    try:
        mail = link_mail.mail(session, person.email, words, settings.url)
    except MailRefused:
        raise PersonRefused(f"No email can be sent to their address. {_BY_COMMAND}") from None
    link_mail.put(session, person, mail, sender=server.sender, queued_by=origin.actor)
    stat = {"person": person.token, "way": "mail"}
    record.append(session, record.NewEvent("person_invited", role, stat=stat), origin)
