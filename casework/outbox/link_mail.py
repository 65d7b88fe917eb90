"""The only place for the mail that brings somebody a link to set their password.

The link's secret is put in when the mail is handed over (`queue.SECRET`): what waits in the
database, or lies in a backup, opens nothing.
"""

from sqlalchemy.orm import Session

from casework.accounts import links
from casework.models import Person
from casework.office_settings import settings_at
from casework.outbox import queue
from casework.outbox.mail import Mail, address, new_message_id

INVITED = """{office} uses Casework for its reviews of complaints about the police. There is an account
for you, with this email address. To set your password, open this link:

{link}

It works once and for 24 hours, and it is for you alone. If it has ended, ask for another one here:
{again}"""
FORGOTTEN = """Somebody asked for a link to set a new password for your account at {office}.
If it was you, or somebody who looks after accounts for you, open this link:

{link}

It works once and for 24 hours, and it is for you alone. If it has ended, ask for another one here:
{again}

If nobody should have asked, leave it: your password stays as it is."""


def mail(session: Session, email: str, words: str, url: str) -> Mail:
    """A mail of these words to an address; `url` is where the pages are. Raises MailRefused."""
    body = words.format(
        office=settings_at(session).office_name,
        link=links.url_of(url, queue.SECRET),
        again=f"{url}/forgotten-password",
    )
    return Mail(address(email), "Set your password for Casework", body)


def put(
    session: Session, person: Person | None, mail: Mail, *, sender: str | None, queued_by: str
) -> None:
    """Put it into the queue, in place of those to this person that wait or failed; None is nobody.

    Within the caller's write transaction. `queued_by` is the token of who has it sent.
    """
    token, message_id = person.token if person else None, new_message_id(sender)
    queue.put_link(session, token, mail, message_id=message_id, queued_by=queued_by)
