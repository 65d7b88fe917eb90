"""The only place for what a password may be, and how it is kept: hashed with argon2id."""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128

# 19 MiB and two passes: what OWASP asks for at least, on a server that the whole office shares.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$+cxYexqGvxTCNX22uUBMqA"
    "$gTjrCGywTph6UiDKS8stzYWfQO0aOcpy2853sFZeFOg"
)
"""What is tried for an unknown e-mail address, so that it takes as long as a known one."""

GUESSES = 10**8
"""A password that would be found within so many guesses is refused."""
_LOOKED_AT = 64
"""Characters of a password that are weighed: it takes longer the more there are, and these will do."""
_STANDS_FOR = dict(zip("@({[<!|$+%", "acccciistx", strict=True))
"""Each sign that zxcvbn takes for a letter, and the first letter that it takes it for."""
_AS_TYPED = 2
"""Kinds of those that are left. zxcvbn weighs every reading: of all ten and figures, for half a minute."""
_OF_THE_FIELD = (
    *("casework", "opcc", "police", "commissioner", "constable", "office"),
    *("complaint", "complaints", "review", "reviews", "reviewer", "supervisor"),
)
_QUOTED = frozenset({"correcthorsebatterystaple"})
"""Known to everybody as an example of a good one."""


class PasswordRefused(Exception):
    """A password that may not be used; the message says what would be."""


def check(password: str, *personal: str) -> None:
    """Refuse a password that is too short, too long or soon guessed, by the `personal` words too.

    Length in characters; there are no rules of composition. Raises PasswordRefused.
    """
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused(f"Your password must be at least {SHORTEST} characters long.")
    if len(plain) > LONGEST:
        raise PasswordRefused(f"Your password must be {LONGEST} characters or fewer.")
    if _is_guessable(plain, personal):
        raise PasswordRefused(
            "That password is too easy to guess. Use three or more words that only you would put "
            "together."
        )


def _is_guessable(plain: str, personal: tuple[str, ...]) -> bool:
    """Whether it would soon be found by who tries common passwords, words, names, dates and keys in a row.

    As Wheeler, “zxcvbn: Low-Budget Password Strength Estimation”, USENIX Security 2016, with lists of
    its own and nothing asked of anybody.
    """
    # its lists take a while to load, and are seldom needed
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    words = {part for word in personal for part in (word, *re.split(r"[\W_]+", word)) if part}
    weighed = zxcvbn(
        _with_few_readings(plain[:_LOOKED_AT]), user_inputs=[*_OF_THE_FIELD, *sorted(words)]
    )
    return plain.casefold().replace(" ", "") in _QUOTED or weighed["guesses"] < GUESSES


def _with_few_readings(plain: str) -> str:
    """The same, with each sign that may stand for a letter as that letter, but for the first kinds."""
    signs = list(dict.fromkeys(sign for sign in plain if sign in _STANDS_FOR))
    return plain.translate({ord(sign): _STANDS_FOR[sign] for sign in signs[_AS_TYPED:]})


def hashed(password: str) -> str:
    """The password as it is kept. Slow on purpose: never inside a write transaction."""
    return _HASHER.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; as slow when none is kept. Never in a write transaction."""
    try:
        _HASHER.verify(kept or NOBODYS_HASH, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def renewed(kept: str, password: str) -> str | None:
    """The hash of a password that is right, where `kept` was made with other parameters than now's."""
    return hashed(password) if _HASHER.check_needs_rehash(kept) else None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
