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
LIMITS = {BEGIN: 40, UPLOAD: 150_000, SEND: 12}
"""How much a day, from one address: a library, an advice centre or a prison may share one.

Applications begun and sent, and kilobytes of files.
"""
WIDER, EVERYBODY = 4, 20
"""How many addresses' worth a wider network may use, and all the world together."""
TRAPPED = (
    "Something filled in a box that is there to catch programs. It is empty again, and your "
    "answers are kept. Send them once more."
)
TOO_FAST = (
    "That was faster than most people can read. Your answers are kept. Check them, wait for "
    f"{SHORTEST.seconds} seconds, and send them."
)
_HOUSEHOLD, _SITE = 64, 48
"""Bits of an IPv6 address that one household has in common, and one customer of a provider."""


def has_filled_trap() -> bool:
    """Whether the posted form has something in the field that nobody sees."""
    return bool(request.form.get(TRAP, "").strip())


def is_too_fast(begun_at: datetime) -> bool:
    """Whether what was begun then is sent sooner than a person could."""
    return clock.now() - begun_at < SHORTEST


def count(session: Session, what: str, much: int = 1) -> bool:
    """Count something that the caller does; False, counting nothing, beyond a limit.

    Within the caller's write transaction; the caller commits.
    """
    today = clock.today()
    session.execute(delete(PublicUse).where(PublicUse.on < today))
    uses = [(_use(session, whose, what, today), LIMITS[what] * n) for whose, n in callers().items()]
    if any(use.times + much > limit for use, limit in uses):
        return False
    for use, _ in uses:
        use.times += much
    session.flush()
    return True


def _use(session: Session, whose: str, what: str, on: date) -> PublicUse:
    key = (_hash(whose, on), what)
    use = session.get(PublicUse, key)
    if use is None:
        use = PublicUse(address_hash=key[0], what=what, on=on, times=0)
        session.add(use)
    return use


def callers() -> dict[str, int]:
    """Whom this request counts for, and how many times what one address may do is theirs.

    Of what a proxy adds, the proxy's own word alone is taken.
    """
    settings: Settings = current_app.extensions["casework"]
    peer = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return {**_networks(told if told and peer in settings.proxies else peer), "": EVERYBODY}


def _networks(address: str) -> dict[str, int]:
    try:
        found = ip_address(address)
    except ValueError:
        return {"unknown": 1}
    if not isinstance(found, IPv6Address):
        return {str(found): 1}
    if found.ipv4_mapped:
        return {str(found.ipv4_mapped): 1}
    sizes = {_HOUSEHOLD: 1, _SITE: WIDER}
    return {str(IPv6Network((int(found), bits), strict=False)): n for bits, n in sizes.items()}


def _hash(address: str, on: date) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.digest(secret, f"public-use/{on}/{address}".encode(), "sha256").hex()
