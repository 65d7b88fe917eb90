"""A sample of what `make tampering` does thousands of times."""

from pathlib import Path

from tests.tampering.trials import Counts, try_office


def test_s46_s47_s48_s49_whatever_is_done_to_an_office_at_random_is_found(
    database_kind: str, tmp_path: Path
) -> None:
    counts = Counts(database_kind)
    try_office(counts, "a sample", tmp_path / "office", 6)
    assert counts.untouched >= 5
    assert counts.tampered == 6
