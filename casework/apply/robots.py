"""The only place that tells programs from people, without puzzles: a trap, a clock and a count.

The count is of a network address on one day, in the database, so that every worker shares it.
An address is kept only under a keyed hash that is of that day alone, and gone with the next.
"""

import hmac
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import current_app, request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import clock
from casework.models import PublicUse
from config import Settings

TRAP = "website"
"""A field that no person sees, and a program fills in."""
SHORTEST = timedelta(seconds=20)
"""From the first answer to sending; nobody reads and answers so many pages faster."""
BEGIN, UPLOAD, SEND = "begin", "upload", "send"
LIMITS = {BEGIN: 40, UPLOAD: 80, SEND: 12}
"""How often a day, from one address: a library, an advice centre or a prison may share one."""
TRAPPED = (
    "Something filled in a box that is there to catch programs. It is empty again, and your "
    "answers are kept. Send them once more."
)
TOO_FAST = (
    "That was faster than most people can read. Your answers are kept. Check them, wait for "
    f"{SHORTEST.seconds} seconds, and send them."
)
_NETWORK = 64
"""Bits of an IPv6 address that one household has in common."""


def has_filled_trap() -> bool:
    """Whether the posted form has something in the field that nobody sees."""
    return bool(request.form.get(TRAP, "").strip())


def is_too_fast(begun_at: datetime) -> bool:
    """Whether what was begun then is sent sooner than a person could."""
    return clock.now() - begun_at < SHORTEST


def count(session: Session, what: str, times: int = 1) -> bool:
    """Count something that the caller's address does; False, counting nothing, beyond its limit.

    Within the caller's write transaction; the caller commits.
    """
    today = clock.today()
    session.execute(delete(PublicUse).where(PublicUse.on < today))
    key = (_hash(caller(), today), what)
    use = session.get(PublicUse, key)
    if use is None:
        use = PublicUse(address_hash=key[0], what=what, on=today, times=0)
        session.add(use)
    if use.times + times > LIMITS[what]:
        return False
    use.times += times
    session.flush()
    return True


def caller() -> str:
    """The address of whoever called; of what a proxy adds, the proxy's own word alone is taken."""
    settings: Settings = current_app.extensions["casework"]
    peer = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return _network(told if told and peer in settings.proxies else peer)


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    inside = found.ipv4_mapped
    return str(inside or IPv6Network((int(found), _NETWORK), strict=False))


def _hash(address: str, on: date) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.digest(secret, f"public-use/{on}/{address}".encode(), "sha256").hex()
