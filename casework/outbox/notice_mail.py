"""The only place for mail that tells somebody what was done to their account, in case it is news to them."""

from sqlalchemy.orm import Session

from casework.office_settings import settings_at
from casework.outbox import queue
from casework.outbox.mail import Mail, MailRefused, address, new_message_id
from config import MailServer

_NOT_YOU = """

If this was your own doing, there is nothing to do. If not, tell whoever looks after accounts at
{office} at once: somebody else may be signing in as you."""
PASSWORD_SET = f"""A new password was set for your account in Casework at {{office}}.{_NOT_YOU}"""
FACTOR_SET_UP = f"""A second factor was set up for your account in Casework at {{office}}, in place of any before:
a code from an app on a phone, and new recovery codes.{_NOT_YOU}"""
CODES_RENEWED = f"""New recovery codes were made for your account in Casework at {{office}}. Those before
open nothing any more.{_NOT_YOU}"""
OWN_FACTOR_REMOVED = f"""The second factor of your account in Casework at {{office}} was removed from the page “Your account”:
the app on your phone is no longer asked for a code.{_NOT_YOU}"""
FACTOR_REMOVED = """Somebody who looks after accounts at {office} removed the second factor of your account
in Casework: the app on your phone is no longer asked for a code. If your role needs one, you set up
another when you next sign in.

If you did not ask for this, tell them at once, and change your password."""
EMAIL_CHANGED = """Your account in Casework at {office} has another email address from now on. You sign in with
that one, and mail about your account goes there and no longer here. Two people who look after accounts
agreed to it.

If you did not ask for this, tell whoever looks after accounts at {office} at once."""

_ASK = """

If you did not expect this, ask whoever looks after accounts at {office} at once."""
DISABLED = f"""Somebody who looks after accounts at {{office}} disabled your account in Casework: you can sign
in no more.{_ASK}"""
ENABLED = f"""Somebody who looks after accounts at {{office}} enabled your account in Casework again: it opens
as it did before it was disabled.{_ASK}"""
SIGNED_OUT = f"""Somebody who looks after accounts at {{office}} ended all your sessions in Casework. You can sign in
again.{_ASK}"""
ROLES_CHANGED = f"""Whoever runs Casework at {{office}} changed the roles of your account, by a command to which nobody
else had to agree. The page “Your account” lists those that you hold.{_ASK}"""
JOINED = f"""Whoever runs Casework at {{office}} joined your account to the directory of your organisation, by a
command. You sign in there, and the password of the account opens it no more.{_ASK}"""
PARTED = f"""Whoever runs Casework at {{office}} parted your account from the directory of your organisation, by
a command. It lets you in no more.{_ASK}"""


def put(session: Session, email: str, words: str, server: MailServer | None) -> bool:
    """Put these words to this address into the queue; False where no mail can reach it.

    Within the caller's write transaction. `server` is the office's; None where it sends no mail.
    """
    if server is None:
        return False
    body = words.format(office=settings_at(session).office_name)
    try:
        mail = Mail(address(email), "Your account in Casework was changed", body)
    except MailRefused:
        return False
    queue.put_notice(session, mail, message_id=new_message_id(server.sender))
    return True
