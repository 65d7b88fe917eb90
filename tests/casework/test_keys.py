"""What is taken for the same is the same however it is written, and nothing is read into nothing."""

from hypothesis import given
from hypothesis import strategies as st

from casework import keys

LETTERS = st.text("ABCZ", max_size=3)
NUMBERS = st.lists(st.integers(0, 99_999), min_size=1, max_size=3).filter(any)
GAPS = st.sampled_from(["", " ", "/", "-", " / ", "."])


def written(letters: str, numbers: list[int], draws: st.DataObject) -> str:
    """A reference in one of the ways in which people write it; numbers keep a gap between them."""
    said = draws.draw(st.sampled_from([letters, letters.lower()]))
    for number in numbers:
        gap = draws.draw(GAPS) or ("/" if said[-1:].isdigit() else "")
        said += gap + "0" * draws.draw(st.integers(0, 3)) + str(number)
    return draws.draw(st.sampled_from([said, f" {said}\n"]))


@given(LETTERS, NUMBERS, st.data())
def test_a_reference_is_the_same_whatever_its_case_gaps_and_zeros(
    letters: str, numbers: list[int], draws: st.DataObject
) -> None:
    one, two = (keys.reference_key(written(letters, numbers, draws)) for _ in range(2))
    expected = letters.lower() + "".join(str(number) if number else "" for number in numbers)
    assert one == two == expected


@given(st.text(max_size=300))
def test_anything_may_have_been_typed(text: str) -> None:
    for key_of in (
        keys.reference_key,
        keys.email_key,
        keys.telephone_key,
        keys.name_key,
        keys.address_key,
    ):
        key = key_of(text)
        assert key is None or 0 < len(key) <= keys.LONGEST


def test_people_numbers_and_places_are_the_same_in_the_ways_they_are_written() -> None:
    for key_of, same in (
        (keys.telephone_key, ("01632 960001", "+44 1632 960001", "0044 (0)1632-960001")),
        (keys.email_key, ("Jo@Example.org", " jo@example.org ")),
        (keys.name_key, ("Zoë O’Brien", "Ms ZOE O'BRIEN", "O'Brien, Zoe")),
        (keys.address_key, ("1 Fen Lane\nSaltby FM1 2ab", "Flat 2, 1 Fen Ln, fm12AB")),
        (keys.address_key, ("1 Fen Lane, Saltby", "1 FEN LANE\nSALTBY")),
    ):
        assert len({key_of(words) for words in same}) == 1, same
    nothing = (
        keys.reference_key("not known yet"),
        keys.reference_key("000"),
        keys.telephone_key("ext 12"),
        keys.email_key("none given"),
        keys.name_key("Mr"),
    )
    assert set(nothing) == {None}
