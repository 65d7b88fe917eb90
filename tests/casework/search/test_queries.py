"""A search finds what its words say, on both databases alike, and only what a person may see."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Person
from casework.search import queries
from casework.search.asking import Term, terms_of, widened
from casework.search.queries import Asked, find
from tests import factories
from workflows.calendar import FinancialYear

SAID = (
    ("Zoë O’Brien", "The footage of 4e2b was not looked at", "CO/12/26"),
    ("Rosa Mensah", "No footage, no letter. CO/12/26 is another’s.", ""),
    ("R. Owusu", "the footage the footage the footage", "CO 12 27"),
    ("Łukasz Straße", "Recommended: look at footages again", ""),
    ("Mill Lane", "", ""),
)
TYPED = st.lists(
    st.sampled_from(
        [
            "footage",
            "foot*",
            "THE",
            "zoe",
            "o'brien",
            "co/12/26",
            "“the footage”",
            "4E2B",
            "lane",
            "“footage of 4e*”",
            "lukasz",
            "strasse",
            "mensah",
            "no",
            "“26 rosa”",
            "“12 26 rosa mensah”",
        ]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
ODD = st.text(
    st.sampled_from("ab0\"'“”*():&|!<>-^\\~{}[]+ \t\néß漢\ud83d\u200bANDORNEAR"), max_size=60
)


@pytest.fixture
def known(db: Session) -> dict[str, list[tuple[list[str], list[str]]]]:
    """By case, what was said in each entry beside what the case is called; folded by hand."""
    plain = str.maketrans(
        {"ë": "e", "Ł": "l", "ß": "ss", "’": "", ":": "", ",": "", ".": "", "/": " "}
    )
    made = {}
    for name, grounds, theirs in SAID:
        moved = factories.case(db, complainant_name=name, grounds=grounds, force_reference=theirs)
        texts = [f"{theirs} {moved.reference}", name, grounds]
        about = f"{moved.reference} {theirs} {name}".replace("-", " ")
        said = [t.replace("-", " ").translate(plain).lower().split() for t in texts if t.strip()]
        made[moved.case] = [(words, about.translate(plain).lower().split()) for words in said]
    return made


def has(words: list[str], term: Term) -> bool:
    """Said in another way than the product's: as a text in which the phrase is looked for."""
    phrase = " ".join(["", *term.words]) + ("" if term.is_beginning else " ")
    return phrase in " ".join(["", *words, ""])


def test_a_search_finds_what_a_plain_look_through_every_entry_finds(
    db: Session, known: dict[str, list[tuple[list[str], list[str]]]]
) -> None:
    found_any = set()

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(TYPED)
    def search(typed: str) -> None:
        terms = terms_of(typed)
        expected = {
            case
            for case, entries in known.items()
            if any(all(has(s, term) or has(a, term) for term in terms) for s, a in entries)
        }
        assert cases(db, terms) == expected, typed
        found_any.add(len(expected))

    search()
    assert len(found_any) > 2


def reader(db: Session) -> str:
    """The token of somebody who sees all cases."""
    query = select(Person).where(Person.email == "reader@office.example")
    person = db.scalars(query).first() or factories.person(db, email="reader@office.example")
    return person.token


def cases(db: Session, terms: tuple[Term, ...]) -> set[str]:
    return {case.token for case in find(db, Asked(terms), reader(db)).cases}


def test_s37_anything_may_be_typed(db: Session) -> None:
    factories.case(db, grounds="a0b AND OR NEAR")

    @settings(max_examples=80, suppress_health_check=list(HealthCheck))
    @given(ODD)
    def search(typed: str) -> None:
        if terms := terms_of(typed):
            cases(db, terms)
            cases(db, widened(terms))

    search()


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ('"*" ( ) -', ()),
        ("two words", (Term(("two",)), Term(("words",)))),
        ('“Two Words” "two words"', (Term(("two", "words")),)),
        ("recommend* re* CO/1*", (Term(("recommend",), True), Term(("re",)), Term(("co", "1")))),
        ('“a paper*”* unclosed"', (Term(("a", "paper"), True), Term(("unclosed",)))),
    ],
)
def test_what_is_typed_is_read_as_words_phrases_and_beginnings(
    typed: str, terms: tuple[Term, ...]
) -> None:
    assert terms_of(typed) == terms


def test_the_best_is_first_a_name_before_a_mention_and_equals_newest_first(db: Session) -> None:
    mentioned = factories.case(db, grounds="He was told by Ms Mensah, who saw it all. " * 5)
    named = factories.case(db, complainant_name="Rosa Mensah", grounds="Nobody looked at it.")
    older, newer = (factories.case(db, grounds="An e-mail was lost") for _ in range(2))
    assert order(db, "mensah") == [named.case, mentioned.case]
    assert order(db, "lost") == [newer.case, older.case]


def order(db: Session, typed: str, **filters: object) -> list[str]:
    found = find(db, Asked(terms_of(typed), **filters), reader(db))  # type: ignore[arg-type]
    return [case.token for case in found.cases]


def test_of_common_words_the_newest_are_looked_at(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 3)
    made = [factories.case(db, grounds="police").case for _ in range(5)]
    found = find(db, Asked(terms_of("police")), reader(db))
    assert (found.is_over, [case.token for case in found.cases]) == (True, made[:1:-1])


def test_filters_leave_out_what_is_elsewhere(db: Session) -> None:
    supervisor = factories.person(db, "supervisor")
    first = factories.case(db, on=date(2026, 3, 31), grounds="footage")
    then = factories.case(db, on=date(2026, 4, 1), complainant_name="Footage Limited")
    factories.move(
        db,
        then.reference,
        "withdraw",
        date(2026, 4, 2),
        {"withdrawal_of": "application"},
        by=supervisor,
    )
    assert order(db, "footage", place="grounds") == [first.case]
    assert order(db, "footage", place="papers") == []
    assert order(db, "footage", is_open=True) == [first.case]
    assert order(db, "footage", is_open=False) == [then.case]
    assert order(db, "footage", year=FinancialYear(2025)) == [first.case]
    assert order(db, "footage", year=FinancialYear(2026)) == [then.case]
    assert queries.years(db) == (FinancialYear(2026), FinancialYear(2025))


def test_a_person_finds_nothing_in_a_case_of_a_conflict_they_declared(db: Session) -> None:
    reviewer, other = factories.person(db), factories.person(db)
    moved = factories.case(db, grounds="footage")
    factories.item(db, moved.case, "conflict", by=reviewer, person=reviewer.token, why="A friend")

    def seen(person: str) -> Iterable[str]:
        return [case.token for case in find(db, Asked(terms_of("footage")), person).cases]

    assert (seen(reviewer.token), seen(other.token)) == ([], [moved.case])
