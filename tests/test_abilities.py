"""A part that cannot be tested here is a skip with its reason, or a failure where it is required."""

import pytest

from tests import abilities


def test_what_is_missing_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEWORK_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium here"):
        abilities.lack("browser", "no Chromium here")


def test_what_is_required_and_missing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_REQUIRE", "browser,postgres,pdf")
    with pytest.raises(pytest.fail.Exception, match="asks for browser: no Chromium here"):
        abilities.lack("browser", "no Chromium here")


def test_a_required_ability_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_REQUIRE", "browser,telepathy")
    with pytest.raises(pytest.UsageError, match="telepathy"):
        abilities.required()
