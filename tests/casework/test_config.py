"""Where the settings of an installation come from."""

from pathlib import Path

import pytest

from config import Settings

pytestmark = pytest.mark.one_database


def test_s40_what_is_served_cannot_write_the_settings_of_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services work in the data folder, where a file of settings may be of whoever took one over."""
    (tmp_path / ".env").write_text("CASEWORK_BACKUP_RECIPIENTS=age1theirs\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEWORK_ENV", "test")
    monkeypatch.delenv("CASEWORK_DATA_DIR", raising=False)
    assert Settings.from_environment().backup_recipients == ("age1theirs",)
    monkeypatch.setenv("CASEWORK_DATA_DIR", str(tmp_path))
    assert Settings.from_environment().backup_recipients == ()
