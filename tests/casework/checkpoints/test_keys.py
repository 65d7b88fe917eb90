"""The signing key's file: whose it is, and what every interruption of a change of keys leaves."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.audit.notes import SigningKey
from casework.checkpoints import keys
from casework.checkpoints.changes import change_key, key_changes
from casework.checkpoints.keys import KeyMissing, KeyRefused
from casework.checkpoints.service import sign
from casework.database import begin_write

OLD, NEW = (SigningKey("office/log", bytes([n]) * 32) for n in range(2))


def lay(path: Path, key: SigningKey) -> None:
    path.write_text(f"{key.encoded}\n")
    path.chmod(0o600)


def test_a_key_is_made_once_for_its_owner_alone_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "signing_key"
    made = keys.made(path, lambda: SigningKey.new("office/log"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.made(path, lambda: NEW) == keys.read(path) == made
    assert [each.name for each in tmp_path.iterdir()] == ["signing_key"]
    assert made.seed.hex() not in repr(made)
    assert repr(made.seed) not in repr(made)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o777])
def test_a_key_that_others_may_read_is_not_used(tmp_path: Path, mode: int) -> None:
    lay(tmp_path / "key", OLD)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(KeyRefused, match="chmod 600"):
        keys.read(tmp_path / "key")


@pytest.mark.parametrize("held", ["", "secret\n", OLD.verifier.encoded, OLD.encoded[:-1], "é\n"])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, held: str) -> None:
    (tmp_path / "key").write_text(held, "utf-8")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(KeyRefused, match="holds no signing key") as refused:
        keys.read(tmp_path / "key")
    assert not held or held.strip() not in str(refused.value)


def test_a_change_of_keys_may_end_at_any_moment(tmp_path: Path) -> None:
    """Before the log names the new key the old one signs; from then on, the new one."""
    path = tmp_path / "key"
    lay(path, OLD)
    assert keys.of_log(path, OLD.verifier) == OLD
    keys.made(keys.next_of(path), lambda: NEW)
    assert keys.of_log(path, OLD.verifier) == OLD
    keys.settle(path, OLD.verifier)
    assert keys.of_log(path, NEW.verifier) == NEW
    for _ in range(2):
        keys.settle(path, NEW.verifier)
        assert [each.name for each in tmp_path.iterdir()] == ["key"]
        assert keys.of_log(path, NEW.verifier) == NEW
    with pytest.raises(KeyRefused, match=NEW.verifier.fingerprint):
        keys.of_log(path, OLD.verifier)
    with pytest.raises(KeyMissing, match="rotate --lost"):
        keys.of_log(tmp_path / "nothing", NEW.verifier)


def test_nothing_is_signed_by_a_key_that_was_changed_meanwhile(db: Session) -> None:
    begin_write(db)
    for key, before in ((OLD, None), (NEW, OLD.verifier)):
        change_key(db, key.verifier, before)
    with pytest.raises(KeyRefused, match="changed meanwhile"):
        sign(db, (OLD,))
    assert sign(db, (NEW, OLD)).size == len(key_changes(db)) == 2
