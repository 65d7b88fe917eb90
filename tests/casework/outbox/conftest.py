"""The only place for a real mail server on this machine, and issued letters on their way to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from casework.items import ItemMoved
from casework.models import OutboxMail
from tests import factories, letter_factory
from tests.casework.cli.conftest import Console

SENDER = "Reviews <reviews@office.example>"


@dataclass
class Post:
    """What a mail server got, and how it is to answer: the default takes everything.

    `answers` are given one by one to the words of mails, "hang up" among them.
    """

    got: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    has_words: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)
    has_quit: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        read = message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        self.got.append((list(envelope.rcpt_tos), read))
        self.has_words.set()
        await server.loop.run_in_executor(None, self.may_answer.wait, 30)
        answer = self.answers.pop(0) if self.answers else "250 Taken"
        if answer == "hang up":
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.has_quit.set()
        return "221 Bye"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what came, in order."""
        return [str(message["Message-ID"]) for _, message in self.got]


@pytest.fixture
def post() -> Post:
    """A mail server's memory; it answers at once unless a test takes that away."""
    made = Post()
    made.may_answer.set()
    return made


class OnAnyPort(Controller):
    """A server on whichever port is free, which the library's own first call does not know."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def server(post: Post) -> Iterator[Controller]:
    """A mail server on a free port of this machine."""
    controller = OnAnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailing(environment: dict[str, str], server: Controller) -> dict[str, str]:
    """The environment of an installation that has this mail server."""
    return {
        **environment,
        "CASEWORK_SMTP_HOST": "127.0.0.1",
        "CASEWORK_SMTP_PORT": str(server.port),
        "CASEWORK_SMTP_FROM": SENDER,
        "CASEWORK_SMTP_STARTTLS": "no",
    }


@pytest.fixture
def casework(mailing: dict[str, str]) -> Console:
    """A console on an installation that has this mail server."""
    return Console(mailing)


def issued(db: Session) -> ItemMoved:
    """An issued letter on a new case."""
    return letter_factory.letter(db, factories.case(db).case)


@pytest.fixture
def waiting(db: Session) -> Callable[..., str]:
    """Puts a mail with a fresh letter into the queue; its token."""
    return lambda **more: letter_factory.mail(db, issued(db), **more)


def row(db: Session, mail: str) -> OutboxMail:
    """A mail as it is now."""
    db.rollback()
    found = db.get_one(OutboxMail, mail, populate_existing=True)
    db.expunge(found)
    db.rollback()
    return found
