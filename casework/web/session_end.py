"""The only place that tells a page when its session will end, so that it can say so in time."""

from dataclasses import dataclass

from flask import Flask

from casework.accounts.sessions import ABSOLUTE, IDLE, SEEN_EVERY
from casework.web.identity import seconds_left


@dataclass(frozen=True)
class SessionEnd:
    """Seconds until the session ends: `idle` at least without doing anything, `left` whatever is done.

    `hours` is how long a session lasts at most.
    """

    idle: int
    left: int
    hours: int


def session_end() -> SessionEnd:
    """When the session of who is signed in ends, as of this answer."""
    idle = IDLE - SEEN_EVERY
    return SessionEnd(
        int(idle.total_seconds()), seconds_left(), int(ABSOLUTE.total_seconds() // 3600)
    )


def init_app(app: Flask) -> None:
    """Offer it to the layout."""
    app.add_template_global(session_end, "session_end")
