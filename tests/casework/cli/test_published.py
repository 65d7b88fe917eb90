"""Published reports by command: listed, handed out byte for byte, counted again."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.publishing.history import Published
from casework.verifier.verify_casework import main as verify
from casework.web.files import files
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.publishing import lives


@pytest.fixture
def report(db: Session) -> Published:
    """A report that was published."""
    drafter, chief = factories.person(db, "reviewer"), factories.person(db, "chief_executive")
    row = lives.drafted(db, drafter)
    lives.approved(db, row, chief)
    published = lives.published(db, row, drafter)
    db.rollback()
    return published


@pytest.mark.one_database
def test_published_reports_are_listed_handed_out_and_counted_again(
    casework: Console, report: Published
) -> None:
    number = report.cited_as
    (listed,) = casework.json("report", "published")
    assert (listed["number"], listed["sha256"]) == (number, report.digest)
    assert number in casework("report", "published").stdout
    figures = casework("report", "published", number, "--format", "json").stdout_bytes
    assert sha256(figures).hexdigest() == report.digest
    (outcome,) = casework.json("report", "recount", number)
    assert (outcome["is_same"], outcome["faults"]) == (True, [])
    told = casework("audit", "verify").stdout
    assert "holds  published reports" in told


@pytest.mark.one_database
def test_a_proof_pack_is_written_once_a_checkpoint_covers_the_report(
    db: Session, casework: Console, report: Published, tmp_path: Path
) -> None:
    place = tmp_path / "pack.zip"
    asked = ("report", "proof", report.cited_as, "--output", str(place))
    refused = casework(*asked, code=2)
    assert "Run: casework audit checkpoint" in refused.stderr and not place.exists()
    lives.checkpointed(db)
    db.rollback()
    casework(*asked)
    assert verify([str(place), "--key", lives.KEY.verifier.fingerprint]) == 0


@pytest.mark.one_database
def test_what_was_altered_is_named_and_not_handed_out(casework: Console, report: Published) -> None:
    files().paths(report.files["ods"])[0].write_bytes(b"Another")
    number = report.cited_as
    fault = "Its published file, ods, is missing from the store or altered."
    (outcome,) = casework.json("report", "recount", code=1)
    assert outcome["faults"] == [fault]
    assert fault in casework("report", "recount", code=1).stdout
    refused = casework("report", "published", number, "--format", "ods", code=2)
    assert "Bring it back from a backup" in refused.stderr
    assert (
        f"WRONG  published reports: Report {number}: {fault}"
        in casework("audit", "verify", code=1).stdout
    )


@pytest.mark.one_database
def test_a_report_that_was_not_published_is_refused(casework: Console) -> None:
    assert casework.json("report", "recount") == []
    for command in ("recount", "published"):
        assert "No report was published as" in casework("report", command, "R/1/1", code=2).stderr
    assert "Name the report" in casework("report", "published", "--format", "pdf", code=2).stderr
