"""The only place that talks to a mail server, and that says what became of a mail.

What matters is how far the conversation came. Until the server was handed the words, nothing
was sent; once it was handed them and gave no answer, nobody knows.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Literal

from config import MailServer

SECONDS = 30
LONGEST_SAID = 300
ACCEPTED, FOR_GOOD = 250, 500
"""The reply to a mail that was taken; from 500 on, trying again is of no use."""

Fate = Literal["sent", "later", "refused", "unsure", "unreachable", "unreadable", "cancelled"]
_FAULTS = (OSError, smtplib.SMTPException)
_REPLY = re.compile(r"(?:\S+, port \d+: )?-?\d{1,3}(?: [245]\.\d{1,3}\.\d{1,3})?(?= |$)")
"""What stands before a server's words: its reply's code, and the enhanced status (RFC 3463)."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, and what the server said, or the fault where it said nothing.

    `later`: it may be tried again. `unreachable`: so may every other one, the server cannot be
    used at all now. `unsure`: it may have been sent. `unreadable` and `cancelled` came to no
    server: what the mail was to carry is not there, or it is not to be sent any more.
    """

    fate: Fate
    said: str


def deliver(server: MailServer, recipient: str, content: bytes) -> Outcome:
    """Hand one mail to the server, in a connection of its own."""
    try:
        connection = _connected(server)
    except _FAULTS as fault:
        return Outcome("unreachable", f"{server.host}, port {server.port}: {_in_words(fault)}")
    try:
        return _handed_over(connection, parseaddr(server.sender)[1], recipient, content)
    except _FAULTS as fault:
        return Outcome("later", _in_words(fault))
    finally:
        with suppress(*_FAULTS):  # whatever it says to a good-bye, the mail's fate is known
            connection.quit()
        connection.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.is_encrypted:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password or "")
        connection.ehlo_or_helo_if_needed()
    except _FAULTS:
        connection.close()
        raise
    return connection


def _handed_over(connection: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
    for code, said in (connection.mail(sender), connection.rcpt(recipient)):
        if code not in (ACCEPTED, 251):
            return _turned_down(code, said)
    try:
        code, said = connection.data(content)
    except smtplib.SMTPDataError as refused:
        return _turned_down(refused.smtp_code, refused.smtp_error)
    except _FAULTS as fault:
        return Outcome("unsure", _in_words(fault))
    return (
        Outcome("sent", f"{code} {_one_line(said)}")
        if code == ACCEPTED
        else _turned_down(code, said)
    )


def _turned_down(code: int, said: bytes | str) -> Outcome:
    return Outcome("refused" if code >= FOR_GOOD else "later", f"{code} {_one_line(said)}")


def without_words(said: str) -> str:
    """What was said of a mail without a server's own words, in which people's addresses stand.

    The code of its reply is left; what was said on this machine is left as it is.
    """
    reply = _REPLY.match(said)
    return reply.group() if reply else said


def _in_words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_one_line(fault.smtp_error)}"
    return _one_line(str(fault)) or type(fault).__name__


def _one_line(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:LONGEST_SAID]
