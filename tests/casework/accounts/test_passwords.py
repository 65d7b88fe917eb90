"""What a password may be."""

import time
from contextlib import suppress

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

from casework.accounts import passwords
from casework.accounts.passwords import PasswordRefused

CHARACTERS = st.characters(exclude_categories=["Cs"])


@given(st.text(CHARACTERS, max_size=140), st.integers(0, 140))
def test_s22_length_in_characters_is_the_only_rule_of_composition(text: str, size: int) -> None:
    password = ("gravel9 Osier thimbly" + text + "fence orchard lantern " * 8)[:size]
    if 12 <= len(passwords._normal(password)) <= 128:
        passwords.check(password, "a@office.example", "A Person")
    else:
        with pytest.raises(PasswordRefused):
            passwords.check(password, "a@office.example", "A Person")


@pytest.mark.parametrize(
    ("size", "is_allowed"), [(11, False), (12, True), (128, True), (129, False)]
)
def test_s22_the_ends_of_the_allowed_length(size: int, is_allowed: bool) -> None:
    password = ("lantern orchard fence " * 10)[:size]
    if is_allowed:
        passwords.check(password)
    else:
        with pytest.raises(PasswordRefused, match=r"12|128"):
            passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "PassWord1234", "qwertyuiop12", "P@ssw0rd2026!", "ab" * 10, "a" * 128),
        *("correct horse battery staple", "correcthorsebatterystaple", "liverpoolfc1"),
        *("policecomplaint", "Commissioner1", "casework2026!", "23/11/198523/11/1985"),
    ],
)
def test_s22_common_ones_are_refused_in_any_case(password: str) -> None:
    with pytest.raises(PasswordRefused, match="too easy to guess"):
        passwords.check(password)


def test_s22_the_commonest_long_enough_to_be_typed_are_refused() -> None:
    long = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= passwords.SHORTEST]
    assert len(long) > 100
    for password in long:
        with pytest.raises(PasswordRefused):
            passwords.check(password)


def test_s22_ones_own_name_and_address_are_refused() -> None:
    for password in ("Robin.Ashdown@office.example", "robin ASHDOWN", "Ashdown12345"):
        with pytest.raises(PasswordRefused, match="too easy to guess"):
            passwords.check(password, "robin.ashdown@office.example", "Robin Ashdown")


@pytest.mark.parametrize(
    "password", ["a4@8({[<3e69g!1|l0o$5s+7t%2zxb6" * 2, "@|0123456789" * 6, "$+%<![{(|@17" * 6]
)
def test_s22_no_password_takes_long_to_weigh(password: str) -> None:
    """In seconds of processor time; every reading of the first took half a minute."""
    begun = time.process_time()
    passwords.check("gravel osier thimbly")
    with suppress(PasswordRefused):
        passwords.check(password, "a@office.example", "A Person")
    assert time.process_time() - begun < 2


def test_s22_signs_that_may_be_letters_are_looked_through_however_many_kinds_there_are() -> None:
    for password in ("P@$$w0rd!1!1", "(0mm1$$!0n3r", "P@$$w0rd+P@$$w0rd+"):
        with pytest.raises(PasswordRefused, match="too easy to guess"):
            passwords.check(password)


def test_a_password_is_kept_as_argon2id_and_only_itself_matches() -> None:
    kept = passwords.hashed("café on the corner")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "cafe\u0301 on the corner")  # another keyboard, the same word
    assert not passwords.matches(kept, "cafe on the corner")
    assert not passwords.matches(None, "café on the corner")
    assert not passwords.matches("not a hash", "café on the corner")


def test_nobody_is_as_slow_as_somebody() -> None:
    assert extract_parameters(passwords.NOBODYS_HASH) == extract_parameters(
        passwords.hashed("any password at all")
    )
