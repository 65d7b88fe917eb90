"""Each published report has its checkpoint, though not always at once, and is published without one."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.audit import notes
from casework.audit.notes import SigningKey, TreeHead
from casework.checkpoints import keys
from casework.checkpoints.changes import change_key
from casework.checkpoints.queries import REPORT, copies_of, covering
from casework.database import begin_write
from casework.models import Checkpoint
from casework.publishing.history import all_published
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("quick_files")]


def published(app: Flask, db: Session, people: People) -> int:
    """The position of a report that is published on its page."""
    row = lives.drafted(db, people["riley"])
    lives.worded(db, row, people["riley"], summary="One applied.", commentary="A point.")
    lives.approved(db, row, people["charlie"])
    riley = factories.sign_in(app.test_client(), people["riley"])
    version = str(row.version)
    path = f"/publications/{row.token}/publish"
    assert factories.post(riley, path, version=version).status_code == 302
    return all_published(db)[-1].event.seq


def test_a_report_is_published_without_a_key_and_gets_its_checkpoint_later(
    app: Flask, db: Session, people: People, environment: dict[str, str], tmp_path: Path
) -> None:
    """So it is where another past was signed, by what lies in the folder."""
    factories.case(db)
    seqs = [published(app, db, people)]
    assert covering(db, seqs[0]) is None
    db.rollback()
    Console(environment)("init")
    path: Path = app.extensions["casework"].signing_key
    path.rename(path.with_name("away"))
    seqs.append(published(app, db, people))
    assert covering(db, seqs[1]) is None
    path.with_name("away").rename(path)
    app.extensions["casework"] = replace(app.extensions["casework"], checkpoint_dir=tmp_path)
    key = keys.read(path)
    other = tmp_path / "checkpoint-000000000001.txt"
    other.write_text(notes.sign(TreeHead(key.name, 1, bytes(32)).text, (key,)).written)
    seqs.append(published(app, db, people))
    assert covering(db, seqs[2]) is None
    other.unlink()
    seqs.append(published(app, db, people))
    (checkpoint,) = db.query(Checkpoint).all()
    assert [covering(db, seq) for seq in seqs] == [checkpoint] * 4
    assert checkpoint.size == seqs[-1] + 1
    told = [(copy.kind, copy.place) for copy in copies_of(db, [checkpoint.size])[checkpoint.size]]
    assert told == [(REPORT, report.cited_as) for report in all_published(db)]


def test_a_process_that_ended_before_it_signed_is_made_up_for(
    db: Session, people: People, environment: dict[str, str], tmp_path: Path
) -> None:
    """As when it is killed between the commit of the report and that of the checkpoint."""
    begin_write(db)
    key = keys.made(tmp_path / "signing_key", lambda: SigningKey.new("office/log"))
    change_key(db, key.verifier, None)
    db.commit()
    factories.case(db)
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    report = lives.published(db, row, people["riley"])
    assert covering(db, report.event.seq) is None
    db.rollback()
    for _ in range(2):
        Console(environment)("audit", "checkpoint")
    (copy,) = copies_of(db, [report.event.seq + 1])[report.event.seq + 1]
    assert (copy.kind, copy.place) == (REPORT, report.cited_as)
