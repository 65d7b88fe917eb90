"""The only place for the mail that says that an application from the web form has arrived.

It is a receipt and not the office's acknowledgement: that is a letter of a case, sent by a person
who has read the application, and the office's target for it runs until then.
"""

from flask import current_app
from sqlalchemy.orm import Session

from casework.office_settings import OfficeSettings, settings_at
from casework.outbox.mail import Mail, new_message_id
from casework.outbox.queue import put_receipt as put
from casework.progress import Moved
from config import Settings

SUBJECT = "We have your request for a review"


def put_receipt(session: Session, moved: Moved, recipient: str) -> None:
    """Queue the receipt of an application, within the transaction that receives it."""
    settings: Settings = current_app.extensions["casework"]
    if settings.may_mail:
        office, server = settings_at(session), settings.mail_server
        mail = Mail(recipient, SUBJECT, _words(office, moved.reference))
        put(session, moved.case, mail, message_id=new_message_id(server.sender if server else None))


def _words(office: OfficeSettings, reference: str) -> str:
    """What it says: nothing of the complaint, as anybody may read what lies in a mailbox."""
    days = office.acknowledge_target
    reach = f"\n\nTo reach us: {office.contact_details}" if office.contact_details else ""
    return f"""We have your request for a review of a complaint about the police.

Your reference is {reference}. Please give it when you get in touch with us.

What happens next

A person will read your request. We aim to write to you within {days} working days, to say
what we do next and whether we need anything from you. You do not have to do anything until
then.

If somebody is in danger now, call 999. We do not read messages at all hours.{reach}

{office.office_name}

This message was sent by a computer when your request arrived."""
