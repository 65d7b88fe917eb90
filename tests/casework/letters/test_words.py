"""The words of every letter, kept in `golden` to be read and compared.

After a change that is meant, `CASEWORK_GOLDEN=write` writes them anew; the difference is then
what a reviewer reads.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.letters.facts import letter_facts
from casework.letters.placeholders import sample_facts, unknown_facts
from casework.letters.queries import case_letters, offered
from casework.letters.rendering import gaps, parse
from casework.letters.rendering.body import Heading
from casework.letters.words import about_code, text_of_letter
from casework.web import templates_folder
from tests.casework.letters.lives import LIVES
from workflows import WORKFLOWS
from workflows import complaint_review_choices as choices
from workflows.complaint_review_letters import LETTERS

GOLDEN = Path(__file__).with_name("golden")
WORDS = templates_folder() / "letters" / "words"
CODES = {
    "invalid": choices.INVALID_REASONS,
    "forwarded": choices.LIMBS,
    "reopening": choices.REOPEN_REASONS,
}


def assert_golden(name: str, text: str) -> None:
    """The text is what is kept under this name."""
    kept = GOLDEN / name
    if os.environ.get("CASEWORK_GOLDEN") == "write":
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8"), f"{name} changed; see {Path(__file__).name}"


@pytest.mark.one_database
@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("name", LIVES)
def test_the_letters_of_a_life_say_what_the_case_knows(name: str, db: Session) -> None:
    life = LIVES[name]
    token = life.lived(db, "CR/2026-27/014")
    case = case_letters(db, token)
    assert case is not None
    open_to = {letter.name: letter for letter in offered(case.workflow, case.standing, case.items)}
    day = life.written_on
    with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
        for letter, told in life.letters:
            facts = letter_facts(case, open_to[letter], "Ann O’Neill", told)
            assert_golden(f"{name}.{letter}.{told}.txt", text_of_letter(letter, facts))


def test_every_letter_is_kept_word_for_word_at_least_once() -> None:
    kept = {letter for life in LIVES.values() for letter, _ in life.letters}
    assert kept == {letter.name for letter in LETTERS}
    assert {path.stem for path in WORDS.glob("*.txt")} == kept
    assert WORKFLOWS["complaint_review"].letters == LETTERS


@pytest.mark.parametrize("letter", CODES)
def test_every_code_is_told_in_words_of_its_own(letter: str) -> None:
    codes = [choice.code for choice in CODES[letter]]
    assert {path.stem for path in (WORDS / letter).glob("*.txt")} == set(codes)
    told = {code: about_code(letter, code, sample_facts()) for code in codes}
    assert all(words or code == "other" for code, words in told.items())
    assert_golden(f"codes.{letter}.txt", "".join(f"= {code}\n{told[code]}\n\n" for code in codes))


@pytest.mark.parametrize("letter", [letter.name for letter in LETTERS])
def test_a_letter_that_knows_nothing_still_reads(letter: str) -> None:
    text = text_of_letter(letter, unknown_facts())
    assert gaps(text)
    assert not {"None", "{{", "{%", "Undefined"} & set(text.split())
    assert not gaps(text_of_letter("acknowledgement", sample_facts()))


@given(
    typed=st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["# A title", "## A part", "- an item", "\\# it", "{{ 7*7 }}", "{% raw %}"]),
    letter=st.sampled_from([letter.name for letter in LETTERS]),
)
def test_s26_what_people_type_is_neither_markup_nor_template(typed: str, letter: str) -> None:
    def shape(name: str) -> list[str]:
        facts = replace(
            sample_facts(), name=name, force=name, addressee=f"{name}\n{name}", signed_by=name
        )
        blocks = parse(text_of_letter(letter, facts)).blocks
        return [type(block).__name__ for block in blocks if isinstance(block, Heading)]

    assert shape(typed) == shape("Zoe")
    assert "49" not in text_of_letter(letter, replace(sample_facts(), name="{{ 7*7 }}"))
