"""What can be found is what the log and the files hold, whatever is entered, corrected or annulled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.database import begin_write
from casework.index import entries
from casework.index.checking import differences, rebuild
from casework.index.entries import FIRST_OF_FILE, LONGEST_PIECE, keep_files
from casework.models import SearchEntry, SearchWords
from casework.models.search import PARTS
from tests import factories
from tests.factories import LOGGED_ON
from workflows.attempt import StepRefused

WORDS = st.sampled_from(["", "Zoë O’Brien", "a\nb", "4e2b 1e5 0x1f", "𝔘 ٱ 漢字", "the the the"])
FILES = {"f" * 64: "Body-worn footage of Mill Lane", "0" * 64: "", "1" * 64: "As in PDF"}
ACTS = st.tuples(
    st.sampled_from(["log", "acknowledge", "correct", "annul", "annul", "item", "item_annul"]),
    st.integers(0, 50),
    WORDS,
    WORDS,
)


def kept(db: Session) -> list[tuple[Any, ...]]:
    columns = [*SearchEntry.__table__.c, *SearchWords.__table__.c]
    query = select(*columns).where(SearchEntry.id == SearchWords.rowid)
    return [tuple(map(str, row)) for row in db.execute(query.order_by(SearchEntry.id))]


class Life:
    """Cases and what is entered on them; what the rules refuse is skipped."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.cases: list[tuple[str, str, list[int]]] = []
        self.items: list[tuple[str, int]] = []

    def act(self, kind: str, which: int, one: str, other: str) -> None:
        if kind == "log" or not self.cases:
            facts: dict[str, Any] = {
                "complainant_name": one,
                "grounds": other,
                "force_reference": one,
            }
            moved = factories.case(self.db, **facts)
            self.cases.append((moved.reference, moved.case, [moved.seq]))
            return
        reference, case, seqs = self.cases[which % len(self.cases)]
        target = seqs[which % len(seqs)]
        try:
            match kind:
                case "acknowledge":
                    self.moved(seqs, reference, "acknowledge", {"note": one})
                case "correct":
                    changed = {"complainant_name": one, "reason": "Mistyped"}
                    self.moved(seqs, reference, "correct", changed, target)
                case "annul":
                    self.moved(seqs, reference, "annul", {"reason": "Never"}, target)
                case "item":
                    party = factories.item(
                        self.db, case, "party", kind="interested", name=one or "N"
                    )
                    self.items.append((party.item, party.seq))
                case "item_annul" if self.items:
                    item, seq = self.items[which % len(self.items)]
                    reason = {"reason": "Never"}
                    factories.move_item(self.db, item, "annul", None, reason, target=seq)
        except StepRefused:
            self.db.rollback()

    def moved(
        self,
        seqs: list[int],
        reference: str,
        step: str,
        facts: dict[str, str],
        target: int | None = None,
    ) -> None:
        on = None if target is not None else LOGGED_ON + timedelta(days=1)
        seqs.append(factories.move(self.db, reference, step, on, facts, target=target).seq)


def test_whatever_happens_the_index_follows_and_made_anew_is_the_same(db: Session) -> None:
    life = Life(db)

    @settings(max_examples=4, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, min_size=8, max_size=14))
    def lives(acts: list[tuple[str, int, str, str]]) -> None:
        for act in acts:
            life.act(*act)
        assert list(differences(db, FILES.__getitem__)) == []

    lives()
    before = kept(db)
    begin_write(db)
    assert rebuild(db, FILES.__getitem__) == len(before)
    db.commit()
    assert kept(db) == before
    assert len(before) > 10


def test_the_words_of_a_file_are_found_until_it_is_annulled_under_the_names_of_then(
    db: Session,
) -> None:
    moved = factories.case(db, complainant_name="Rosa Mensah")
    paper = factories.item(
        db, moved.case, "paper", file="f" * 64, name="Report", kind="other", origin="force"
    )
    begin_write(db)
    keep_files(
        db, moved.case, paper.seq, "paper", ["0" * 64, "f" * 64, "1" * 64], FILES.__getitem__
    )
    db.commit()
    of_file = select(SearchEntry.body, SearchWords.about, SearchEntry.place).where(
        SearchEntry.file.is_not(None), SearchWords.rowid == SearchEntry.id
    )
    assert db.execute(of_file).all() == [
        ("Body-worn footage of Mill Lane", ["cr", "2026", "27", "001", "rosa", "mensah"], "papers")
    ]
    assert list(differences(db, FILES.__getitem__)) == []
    corrected = {"complainant_name": "R Owusu", "reason": "Married"}
    factories.move(db, moved.reference, "correct", None, corrected, target=moved.seq)
    assert "owusu" in db.execute(of_file).one().about
    factories.move_item(
        db, paper.item, "annul", None, {"reason": "Another case’s"}, target=paper.seq
    )
    assert db.execute(of_file).all() == []
    assert list(differences(db, FILES.__getitem__)) == []


def test_long_words_are_kept_in_parts_and_the_longest_only_as_far_as_there_is_room(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "FIRST_OF_FILE", 5)
    text = "\ud800\0" + " ".join(f"word{number}" for number in range(30_000))
    rows = list(entries.rows_of("c", [], [entries.Said(3, "grounds", text)]))
    assert [entry["id"] for entry, _ in rows] == [3 * PARTS + part for part in range(5)]
    assert max(len(entry["body"]) for entry, _ in rows) <= LONGEST_PIECE
    said = [word for _, words in rows for word in words["said"]]
    assert said == [f"word{number}" for number in range(len(said))]
    moved = factories.case(db, grounds="word " * 9_000 + "the end")
    bodies = db.execute(select(SearchEntry.body).where(SearchEntry.place == "grounds"))
    assert "".join(bodies.scalars()) == "word " * 9_000 + "the end"
    assert moved.seq * PARTS + FIRST_OF_FILE > max(db.execute(select(SearchEntry.id)).scalars())


@pytest.mark.parametrize(
    "tamper",
    [
        delete(SearchWords),
        update(SearchEntry).values(body="Something else"),
        update(SearchEntry).values(place="notes"),
        update(SearchWords).values(said=["else"]),
    ],
)
def test_a_case_that_cannot_be_found_as_recorded_is_named(
    db: Session, tamper: Any, casework: Callable[..., Any]
) -> None:
    moved = factories.case(db, grounds="The footage")
    assert "is what the log" in casework("search", "check").stdout
    begin_write(db)
    db.execute(tamper)
    db.commit()
    assert moved.case in casework("search", "check", code=1).stdout
    assert casework("search", "rebuild").stdout == "2 entries can be found.\n"
    casework("search", "check")
