"""The only place that sends somebody a link because they say that they forgot their password.

Whether the address is anybody's shows neither in the answer nor in the time it takes: the mail is
made first, for whatever address was typed, and only kept where somebody signs in with it.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import directory, people
from casework.audit.record import SYSTEM
from casework.models import Person
from casework.outbox import link_mail
from casework.web.limits import Limit
from config import MailServer, Settings

BY_CALLER = Limit("forgotten", 10, timedelta(hours=1))
BY_ADDRESS = Limit("forgotten_for", 3, timedelta(hours=1))


def send_link(session: Session, typed: str, settings: Settings, server: MailServer) -> None:
    """Queue a mail with a link to whoever signs in with this address and a password.

    Within the caller's write transaction. Raises MailRefused for what is no address at all.
    """
    email = people.email_as_kept(typed)
    mail = link_mail.mail(session, email, link_mail.FORGOTTEN, settings.url)
    query = select(Person).where(Person.email == email, Person.is_active)
    person = session.execute(query).scalar_one_or_none()
    if person and directory.may_use_password(session, person, settings.single_sign_on):
        link_mail.put(session, person, mail, sender=server.sender, queued_by=SYSTEM)
