"""One door: what a move leaves in the case's row, the log and the milestones, or nowhere."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Case
from tests import factories


def words(session: Session, reference: str) -> dict[str, Any]:
    row = session.execute(select(Case).where(Case.reference == reference)).scalar_one()
    return {"name": row.complainant_name, "grounds": row.grounds}


def test_annulling_a_correction_of_words_brings_the_old_words_back(db: Session) -> None:
    logged = factories.case(db, reference="CR/1", complainant_name="Ms A", grounds="Unfair")
    changes = [{"complainant_name": "Ms B"}, {"complainant_name": "Ms C", "grounds": ""}]
    corrections = [
        factories.move(db, "CR/1", "correct", None, {**change, "reason": "typo"}, target=logged.seq)
        for change in changes
    ]
    assert words(db, "CR/1") == {"name": "Ms C", "grounds": None}
    undo = {"reason": "it was right"}
    last = factories.move(db, "CR/1", "annul", None, undo, target=corrections[1].seq)
    assert words(db, "CR/1") == {"name": "Ms B", "grounds": "Unfair"}
    factories.move(db, "CR/1", "annul", None, undo, target=last.seq)
    assert words(db, "CR/1") == {"name": "Ms C", "grounds": None}
    factories.move(db, "CR/1", "annul", None, undo, target=logged.seq)
    assert words(db, "CR/1") == {"name": None, "grounds": None}
