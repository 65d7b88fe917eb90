"""Signing in and out in a real browser."""

from collections.abc import Callable

import pytest

from casework.cli.demonstration import people
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


@pytest.mark.parametrize("has_script", [True, False])
def test_a_wrong_password_is_told_and_the_right_one_lets_in(visit: Visit, has_script: bool) -> None:
    walker = visit(java_script_enabled=has_script)
    walker.open("/cases").heading("Sign in").press("Sign in")
    walker.tells_errors("Enter your email address", "Enter your password")
    walker.fill("Email address", people.REVIEWER.email).fill("Password", "no such password")
    walker.press("Sign in").tells_errors("not an email address and password that go together")
    walker.fill("Password", people.PASSWORD)
    walker.press("Sign in").heading("All cases")
    banner = walker.page.locator(".app-header")
    walker.press("Sign out", within=banner).heading("Sign in").reads("You have signed out")
    walker.open("/cases").heading("Sign in")
