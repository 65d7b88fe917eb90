"""The only place that counts how often somebody asks, and makes whoever asks too often wait.

Counted in the database, so that every worker shares it, in windows that begin at fixed hours. Who
asks is kept only under a keyed hash that is of one window alone, and gone after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from flask import current_app, request
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from casework import clock
from casework.database import begin_write
from casework.extensions import db
from casework.models import LimitedUse
from casework.sealing import keyed_hash
from casework.web.filters import time_of_day
from config import Settings

WIDER = 4
"""How many addresses' worth a wider network may use."""
_HOUSEHOLD, _SITE = 64, 48
"""Bits of an IPv6 address that one household has in common, and one customer of a provider."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Limit:
    """How often one network address, or one of whoever else is named, may do something in a window.

    `name` has at most 20 characters. `everybody` is how many addresses' worth all the world
    together may use; with None it is not bounded, so that nobody can shut others out.
    """

    name: str
    most: int
    window: timedelta
    everybody: int | None = None

    @property
    def until(self) -> datetime:
        """When the window that is now ends, and counting begins anew."""
        return _EPOCH + ((clock.now() - _EPOCH) // self.window + 1) * self.window


def spend(limit: Limit, much: int = 1, *, whose: str | None = None) -> None:
    """Count something at once, in a transaction of its own, whatever comes of the request.

    `whose` is whom it counts for, such as an e-mail address or a person's token; without it, the
    networks that the request comes from. Raises TooManyRequests (429 with Retry-After, RFC 6585)
    beyond the limit, counting nothing. Not within a write transaction: it would be let go.
    """
    # Read first: then a flood costs a reading for each request, and nobody waits for a lock.
    is_over = _is_over(db.session, _allowed(limit, whose), limit, much)
    if not is_over:
        begin_write(db.session)
        is_over = not count(db.session, limit, much, whose=whose)
        db.session.commit()
    if is_over:
        raise TooManyRequests(
            "This was asked too often, by you or by others on the same internet connection. "
            f"Nothing was changed. Try again at {time_of_day(limit.until)}.",
            retry_after=seconds_until(limit.until),
        )


def seconds_until(moment: datetime) -> int:
    """Whole seconds from now, rounded up: whoever waits for so long has waited for long enough."""
    return max(1, ceil((moment - clock.now()).total_seconds()))


def count(session: Session, limit: Limit, much: int = 1, *, whose: str | None = None) -> bool:
    """Count something that the caller does; False, counting nothing, beyond the limit.

    Within the caller's write transaction; the caller commits.
    """
    forget_past(session)
    allowed = _allowed(limit, whose)
    if _is_over(session, allowed, limit, much):
        return False
    for whose_hash in allowed:
        use = session.get(LimitedUse, (whose_hash, limit.name))
        if use is None:
            use = LimitedUse(whose_hash=whose_hash, what=limit.name, until=limit.until, times=0)
            session.add(use)
        use.times += much
    session.flush()
    return True


def forget_past(session: Session) -> int:
    """Delete what was counted in windows that are past; how much. The caller commits."""
    past = session.execute(delete(LimitedUse).where(LimitedUse.until <= clock.now()))
    return int(past.rowcount)  # type: ignore[attr-defined]


def _allowed(limit: Limit, whose: str | None) -> dict[str, int]:
    """By the hash of each for whom it counts, how often they may do it."""
    counted: Mapping[str, int] = callers() if whose is None else {f"of {whose}": 1}
    if whose is None and limit.everybody is not None:
        counted = {**counted, "": limit.everybody}
    return {_hash(each, limit): limit.most * times for each, times in counted.items()}


def _is_over(session: Session, allowed: Mapping[str, int], limit: Limit, much: int) -> bool:
    found = {each: session.get(LimitedUse, (each, limit.name)) for each in allowed}
    return any((use.times if use else 0) + much > allowed[each] for each, use in found.items())


def callers() -> dict[str, int]:
    """The networks that this request comes from, and how many addresses' worth is theirs.

    Of what a proxy adds, the proxy's own word alone is taken.
    """
    settings: Settings = current_app.extensions["casework"]
    peer = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return _networks(told if told and peer in settings.proxies else peer)


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


def _hash(whose: str, limit: Limit) -> str:
    purpose = f"limited-use/{limit.until.isoformat()}"
    return keyed_hash(purpose, str(current_app.secret_key), whose)
