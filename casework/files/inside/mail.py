"""The only place that looks into e-mails: EML as sent, MSG as Outlook saves them."""

from collections.abc import Iterator
from email import message_from_binary_file, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import BinaryIO

from casework.files.inside.refusal import DAMAGED, Refused, refuse_program

_OLE = b"\xd0\xcf\x11\xe0"
_TOLD = ("From", "To", "Cc", "Subject", "Date")
_OF_OTHERS = frozenset({"worddocument", "workbook", "book", "powerpoint document", "visiodocument"})


def check(file: BinaryIO) -> str:
    """Its kind's code; Refused when it is no e-mail or a program is attached to it."""
    file.seek(0)
    is_msg = file.read(4) == _OLE
    file.seek(0)
    if is_msg:
        _check_msg(file)
        return "msg"
    message = _eml(file)
    if message["From"] is None or not any(message[name] for name in ("Date", "Subject", "To")):
        raise Refused("It is not an e-mail: it does not say who sent it. Print it to a PDF.")
    for part in message.walk():
        if not part.is_multipart():
            held = part.get_payload(decode=True)
            refuse_program(part.get_filename() or "", held if isinstance(held, bytes) else b"")
    return "eml"


def _eml(file: BinaryIO) -> EmailMessage:
    return message_from_binary_file(file, policy=policy.default)


def _check_msg(file: BinaryIO) -> None:
    from olefile import OleFileIO  # type: ignore[import-untyped]

    with OleFileIO(file) as ole:
        streams = {path[-1].lower() for path in ole.listdir(streams=True, storages=True)}
        if "encryptedpackage" in streams:
            raise Refused("It is locked with a password. Save it without one and choose it again.")
        if not ole.exists("__properties_version1.0") or streams & _OF_OTHERS:
            raise Refused(
                "It is an older Office file, not an Outlook message. Save it as a .docx or print "
                "it to a PDF, and choose that."
            )
        if any("vba" in name for name in streams):
            raise Refused("It holds macros. Save what you need of it as a PDF and choose that.")
    file.seek(0)
    from oxmsg import Message

    message = Message.load(file)
    if not message.message_class.startswith("IPM"):
        raise DAMAGED
    for attached in message.attachments:
        refuse_program(attached.file_name or "", (attached.file_bytes or b"")[:4])


def words(file: BinaryIO, kind: str) -> Iterator[str]:
    """Who wrote to whom, when, about what; the text; the names of what is attached."""
    file.seek(0)
    lines = _lines_of_msg(file) if kind == "msg" else _lines_of_eml(file)
    yield from (f"{line}\n" for line in lines)


def _lines_of_eml(file: BinaryIO) -> Iterator[str]:
    message = _eml(file)
    yield from (f"{name}: {message[name]}" for name in _TOLD if message[name])
    body = message.get_body(("plain", "html"))
    if body is not None:
        text = str(body.get_content())
        yield _unmarked(text) if body.get_content_subtype() == "html" else text
    yield from (part.get_filename() or "" for part in message.iter_attachments())


def _lines_of_msg(file: BinaryIO) -> Iterator[str]:
    from oxmsg import Message

    message = Message.load(file)
    yield f"From: {message.sender or ''}"
    yield from (f"To: {each.name} {each.email_address}" for each in message.recipients)
    yield f"Subject: {message.subject}"
    if message.sent_date is not None:
        yield f"Date: {message.sent_date:%d %B %Y}"
    yield message.body or _unmarked(message.html_body or "")
    yield from (attached.file_name or "" for attached in message.attachments)


class _Text(HTMLParser):
    """Gathers the words of a page, without its marks, styles and scripts."""

    UNREAD = ("script", "style")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._is_read = True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._is_read = tag not in self.UNREAD
        self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._is_read = True
        self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if self._is_read:
            self.pieces.append(data)


def _unmarked(page: str) -> str:
    text = _Text()
    text.feed(page)
    text.close()
    return "".join(text.pieces)
