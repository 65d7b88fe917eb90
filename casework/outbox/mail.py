"""The only place that says what a mail may be made of, and writes it as it travels.

Nothing that a person typed can become a header of its own: addresses are validated, and a
line break in anything that goes into a header is refused, not repaired.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from email_validator import EmailNotValidError, validate_email

LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 200
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""What every mail server takes, whatever it says that it can."""


class MailRefused(Exception):
    """A mail cannot be made as asked; the message is a sentence and what to do."""


@dataclass(frozen=True)
class Attachment:
    """A PDF by the name it is saved under and the SHA-256, in hexadecimal, of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Enclosed:
    """Text that goes with a mail as a file of its own, byte for byte, by the name it is saved under."""

    name: str
    text: str


@dataclass(frozen=True)
class Mail:
    """A mail as it is queued: to one address, plain words, and PDFs or a text."""

    recipient: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    enclosed: Enclosed | None = None

    def __post_init__(self) -> None:
        for what, line in (
            ("The subject", self.subject),
            *(("The name of a file", each.name) for each in self.attachments),
        ):
            if not line.isprintable() or not 0 < len(line) <= LONGEST_SUBJECT:
                raise MailRefused(
                    f"{what} must be one line of at most {LONGEST_SUBJECT} characters."
                )
            if (
                "=?" in line
            ):  # who reads the mail would take it for an encoding, and show other words
                raise MailRefused(f"{what} must not contain “=?”.")
        if self.recipient != address(self.recipient):
            raise MailRefused("The address must be one that was checked.")


def address(typed: str) -> str:
    """One e-mail address as mail servers take it. MailRefused, with a sentence, for anything else."""
    wanted = "Enter an email address in the correct format, like name@example.com."
    try:
        found = validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise MailRefused(wanted) from None
    if found.ascii_email is None or len(found.ascii_email) > LONGEST_ADDRESS:
        raise MailRefused(wanted)
    return found.ascii_email


def new_message_id(sender: str | None) -> str:
    """A mail's own name, fixed when it is queued: a second copy is known by it."""
    domain = parseaddr(sender or "")[1].rpartition("@")[2] or "casework.invalid"
    return f"<{secrets.token_hex(16)}@{domain}>"


def written(
    mail: Mail, message_id: str, sender: str, at: datetime, files: Sequence[bytes]
) -> bytes:
    """The bytes of a mail as handed to a server; `files` are those of its attachments, in order."""
    message = EmailMessage(policy=_SEVEN_BITS)
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message.set_content(mail.body)
    for attachment, content in zip(mail.attachments, files, strict=True):
        message.add_attachment(
            content, maintype="application", subtype="pdf", filename=attachment.name
        )
    if mail.enclosed is not None:
        message.add_attachment(
            mail.enclosed.text.encode(),  # as bytes, or its lines would end as a mail's do
            maintype="text",
            subtype="plain",
            filename=mail.enclosed.name,
            params={"charset": "utf-8"},
        )
    return message.as_bytes()
