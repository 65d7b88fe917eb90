"""The only place that sends somebody a link because they say that they forgot their password.

Whether the address is anybody's shows neither in the answer nor in the time it takes: the mail is
made and written for whatever address was typed, and only kept where somebody signs in with it. The
database is asked and told the same either way.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from casework.accounts import people
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
    query = select(Person).options(joinedload(Person.roles)).where(Person.email == email)
    person = session.scalars(query).unique().one_or_none()
    asked = person or Person(id=0, email=email, is_active=False)
    is_refused = people.why_no_link(session, asked, settings.single_sign_on) is not None
    whose = None if is_refused else person
    link_mail.put(session, whose, mail, sender=server.sender, queued_by=SYSTEM)
