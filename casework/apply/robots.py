"""The only place that tells programs from people, without puzzles: a trap, a clock and a count."""

from datetime import datetime, timedelta

from flask import request

from casework import clock
from casework.web.limits import Limit

TRAP = "website"
"""A field that no person sees, and a program fills in."""
SHORTEST = timedelta(seconds=20)
"""From the first answer to sending; nobody reads and answers so many pages faster."""
_DAY, _EVERYBODY = timedelta(days=1), 20
BEGIN = Limit("begin", 40, _DAY, _EVERYBODY)
"""Applications begun; a library, an advice centre or a prison may share one address."""
UPLOAD = Limit("upload", 150_000, _DAY, _EVERYBODY)
"""Kilobytes of files."""
SEND = Limit("send", 12, _DAY, _EVERYBODY)
"""Applications sent."""
TRAPPED = (
    "Something filled in a box that is there to catch programs. It is empty again, and your "
    "answers are kept. Send them once more."
)
TOO_FAST = (
    "That was faster than most people can read. Your answers are kept. Check them, wait for "
    f"{SHORTEST.seconds} seconds, and send them."
)


def has_filled_trap() -> bool:
    """Whether the posted form has something in the field that nobody sees."""
    return bool(request.form.get(TRAP, "").strip())


def is_too_fast(begun_at: datetime) -> bool:
    """Whether what was begun then is sent sooner than a person could."""
    return clock.now() - begun_at < SHORTEST
