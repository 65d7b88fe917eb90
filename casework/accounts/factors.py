"""The only place that knows second factors: authenticators (RFC 6238) and recovery codes.

An authenticator's secret is sealed under a key that follows from the installation's secret. What
writes does so within the caller's write transaction, which is what lets a code count once.
"""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import InvalidToken
from pyotp import TOTP, random_base32
from pyotp.utils import strings_equal
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import sessions
from casework.audit import record
from casework.models import Person, RecoveryCode, SecondFactor
from casework.models.base import table_of
from casework.office_settings import settings_at
from casework.sealing import box

RECOVERY_CODES = 10
_AROUND = (0, -1, 1)
"""A code of the half minute before or after counts too: clocks differ, and people type."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of recovery codes: none that is taken for another."""
_PARTS, _PART = 3, 5
"""Of recovery codes; 15 of 31 letters are 74 bits, so that no hash of one can be guessed."""
_KEPT, _OFFERED = b"casework/second-factor/1", b"casework/second-factor-offered/1"
_OFFERED_FOR = 30 * 60
"""Seconds."""
_FACTORS, _CODES = table_of(SecondFactor), table_of(RecoveryCode)


@dataclass(frozen=True)
class Authenticator:
    """A secret that an app on a phone makes codes from; in base 32, as people type it."""

    secret: str

    @classmethod
    def new(cls) -> "Authenticator":
        """One of 160 random bits (RFC 4226, section 4, R6)."""
        return cls(random_base32())

    @property
    def spaced(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(re.findall(".{4}", self.secret))

    def address(self, email: str, office: str) -> str:
        """The address that a QR code of it holds; `office` and `email` say whose it is."""
        return TOTP(self.secret).provisioning_uri(name=email, issuer_name=office)

    def step_of(self, typed: str) -> int | None:
        """The half minute, counted from 1970, whose code was typed; None when it is none of now's."""
        totp, code = TOTP(self.secret), "".join(typed.split())
        now = totp.timecode(clock.now())
        steps = (now + around for around in _AROUND)
        return next((step for step in steps if strings_equal(totp.generate_otp(step), code)), None)

    def sealed(self, person: str, secret: str) -> str:
        """The same for a form, which brings it back with the first code: nothing is kept till then."""
        return box(_OFFERED, secret, person).encrypt(self.secret.encode()).decode()

    @classmethod
    def offered(cls, sealed: str, person: str, secret: str) -> "Authenticator | None":
        """What was sealed for this person's form; None when it was altered, or is too old."""
        try:
            opened = box(_OFFERED, secret, person).decrypt(sealed.encode(), ttl=_OFFERED_FOR)
        except InvalidToken:
            return None
        return cls(opened.decode())


@dataclass(frozen=True)
class Standing:
    """How a person's second factor stands: whether there is one, and the recovery codes left."""

    is_set_up: bool
    codes_left: int
    is_required: bool


def standing(session: Session, person: Person) -> Standing:
    """How a person's second factor stands, and whether the office asks for one of their roles."""
    return Standing(
        _kept(session, person) is not None,
        session.execute(
            select(func.count()).select_from(_CODES).where(_CODES.c.person_id == person.id)
        ).scalar_one(),
        bool(person.role_names & set(settings_at(session).second_factor_roles)),
    )


def set_up(
    session: Session,
    person: Person,
    new: Authenticator,
    step: int,
    secret: str,
    origin: record.Origin,
    *,
    but: int | None = None,
) -> tuple[str, ...]:
    """Keep a person's authenticator, in place of the one before; the recovery codes that go with it.

    `step` is that of the code by which they have shown that they have it, which is used up.
    `secret` is the installation's. Their sessions end, half-way ones too, other than `but`.
    """
    sessions.end_all(session, person.token, "factor", but=but)
    session.execute(delete(_FACTORS).where(_FACTORS.c.person_id == person.id))
    row = {
        "person_id": person.id,
        "sealed": box(_KEPT, secret, person.token).encrypt(new.secret.encode()),
        "last_step": step,
        "added_at": clock.now(),
    }
    session.execute(insert(_FACTORS), row)
    event = record.NewEvent("second_factor_set_up", _own_role(person), stat=_about(person))
    record.append(session, event, origin)
    return _new_codes(session, person)


def renew_codes(session: Session, person: Person, origin: record.Origin) -> tuple[str, ...]:
    """New recovery codes of a person, in place of those before; none without a second factor."""
    if _kept(session, person) is None:
        return ()
    event = record.NewEvent("recovery_codes_renewed", _own_role(person), stat=_about(person))
    record.append(session, event, origin)
    return _new_codes(session, person)


def remove(
    session: Session,
    person: Person,
    origin: record.Origin,
    *,
    role: str = "",
    why: str = "",
    but: int | None = None,
) -> bool:
    """Take a person's second factor away; False where they have none.

    Their sessions end, half-way ones too, other than `but`. `role` is the role under which somebody else does it, and `why` their reason; without one, it is
    the person's own doing.
    """
    removed = session.execute(delete(_FACTORS).where(_FACTORS.c.person_id == person.id))
    session.execute(delete(_CODES).where(_CODES.c.person_id == person.id))
    if not removed.rowcount:  # type: ignore[attr-defined]
        return False
    sessions.end_all(session, person.token, "factor", but=but)
    texts, said_by = {"reason": why} if why else {}, role or _own_role(person)
    event = record.NewEvent("second_factor_removed", said_by, stat=_about(person), texts=texts)
    record.append(session, event, origin)
    return True


def use_code(
    session: Session, person: Person, typed: str, secret: str, origin: record.Origin
) -> bool:
    """Use up a code that a person typed: their authenticator's, or a recovery code; False: neither.

    A code counts once, and none older than the newest used (RFC 6238, section 5.2).
    """
    return _use_step(session, person, typed, secret) or _use_recovery(
        session, person, typed, origin
    )


def _use_step(session: Session, person: Person, typed: str, secret: str) -> bool:
    kept = _kept(session, person)
    known = _opened(kept, person, secret) if kept else None
    step = known.step_of(typed) if known else None
    if kept is None or step is None or step <= kept.last_step:
        return False
    kept.last_step = step
    session.flush()
    return True


def _use_recovery(session: Session, person: Person, typed: str, origin: record.Origin) -> bool:
    spent = delete(_CODES).where(
        _CODES.c.person_id == person.id, _CODES.c.code_hash == _hash(typed)
    )
    if not session.execute(spent).rowcount:  # type: ignore[attr-defined]
        return False
    event = record.NewEvent("recovery_code_used", _own_role(person), stat=_about(person))
    record.append(session, event, origin)
    return True


def _kept(session: Session, person: Person) -> SecondFactor | None:
    return session.get(SecondFactor, person.id)


def _opened(kept: SecondFactor, person: Person, secret: str) -> Authenticator | None:
    """None where it was sealed under another secret of the installation's: recovery codes still open."""
    try:
        return Authenticator(box(_KEPT, secret, person.token).decrypt(kept.sealed).decode())
    except InvalidToken:
        return None


def _new_codes(session: Session, person: Person) -> tuple[str, ...]:
    session.execute(delete(_CODES).where(_CODES.c.person_id == person.id))
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    rows = [{"person_id": person.id, "code_hash": _hash(code)} for code in codes]
    session.execute(insert(_CODES), rows)
    return codes


def _new_code() -> str:
    parts = ("".join(secrets.choice(_LETTERS) for _ in range(_PART)) for _ in range(_PARTS))
    return "-".join(parts)


def _hash(typed: str) -> str:
    """Of a recovery code however it was typed: letters and figures alone count."""
    plain = "".join(letter for letter in typed.lower() if letter in _LETTERS)
    return sha256(plain.encode()).hexdigest()


def _own_role(person: Person) -> str:
    return min(person.role_names, default=record.SYSTEM)


def _about(person: Person) -> dict[str, str]:
    return {"person": person.token}
