"""People can save while a backup is made, and it holds none of what they saved meanwhile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.record import log_size
from casework.backups import moment
from casework.models import Case
from config import Settings
from tests import factories


def test_people_can_save_while_a_moment_is_held(db: Session, settings: Settings) -> None:
    factories.case(db, complainant_name="Jo Wren")
    size = log_size(db)
    db.rollback()
    database = settings.data_dir
    with moment.held(db) as still:
        names = list(still.scalars(select(Case.complainant_name)))
        with Session(db.get_bind(), autoflush=False) as somebody:  # else it waits for 10 seconds
            factories.case(somebody, complainant_name="Sam Rail")
            assert log_size(somebody) > size
        assert (names, log_size(still)) == (["Jo Wren"], size)
        assert list(still.scalars(select(Case.complainant_name))) == names
        assert not list(database.rglob(".casework-copy-*"))
    assert log_size(db) > size
