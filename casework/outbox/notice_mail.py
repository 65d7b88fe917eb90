"""The only place for mail that tells somebody what was done to their account, in case it is news to them."""

from sqlalchemy.orm import Session

from casework.models import Person
from casework.office_settings import settings_at
from casework.outbox import queue
from casework.outbox.mail import Mail, MailRefused, address, new_message_id

FACTOR_REMOVED = """Somebody who looks after accounts at {office} removed the second factor of your account
in Casework: the app on your phone is no longer asked for a code. If your role needs one, you set up
another when you next sign in.

If you did not ask for this, tell them at once, and change your password."""


def put(session: Session, person: Person, words: str, *, sender: str | None) -> bool:
    """Put these words to a person into the queue; False where no mail can reach their address.

    Within the caller's write transaction. `sender` is whose mail server it goes by.
    """
    body = words.format(office=settings_at(session).office_name)
    try:
        mail = Mail(address(person.email), "Your account in Casework was changed", body)
    except MailRefused:
        return False
    queue.put_notice(session, mail, message_id=new_message_id(sender))
    return True
