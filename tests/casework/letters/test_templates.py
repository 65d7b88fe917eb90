"""The letters' templates: made from the words beside them, one for each letter of a workflow."""

from datetime import date
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.letters.queries import LetterFacts
from casework.letters.service import fill
from tests.casework.letters.conftest import OFFICE
from tools.make_letters import LETTERS, made_letter
from workflows import WORKFLOWS

DAY = date(2026, 11, 22)
NAMES = sorted(path.stem for path in LETTERS.glob("*.docx"))


def test_every_letter_of_every_workflow_has_a_template() -> None:
    wanted = {letter.name for workflow in WORKFLOWS.values() for letter in workflow.letters}
    assert set(NAMES) == wanted
    assert {path.stem for path in (LETTERS / "words").glob("*.txt")} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_template_says_the_words_beside_it(name: str) -> None:
    words = (LETTERS / "words" / f"{name}.txt").read_text(encoding="utf-8")
    made, kept = made_letter(name, words), docx.Document(str(LETTERS / f"{name}.docx"))
    assert kept.element.xml == made.element.xml, "run tools/make_letters.py"


def unknown(reasons: tuple[str, ...] = ()) -> LetterFacts:
    """A case that knows next to nothing."""
    return LetterFacts(
        reference="CR/1",
        office_name=OFFICE.office_name,
        contact_details="",
        signed_by="Ann",
        written_on=DAY,
        name=None,
        address=(),
        force=None,
        force_reference=None,
        received_on=None,
        provided_on=None,
        apply_by=None,
        made_on=None,
        decide_target=28,
        decide_by=None,
        route=None,
        reasons=reasons,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_that_knows_nothing_still_reads(name: str) -> None:
    read = docx.Document(BytesIO(fill(name, unknown())))
    text = "\n".join(paragraph.text for paragraph in read.paragraphs)
    assert "[to be completed: " in text
    assert not {"None", "{{", "{%", "Undefined"} & set(text.split())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x85\u2028\u2029")))
def test_any_words_survive_but_what_word_cannot_hold(typed: str) -> None:
    kept = "".join(sign for sign in typed if sign in "\t\n" or sign >= " ")
    kept = kept.replace("\ufffe", "").replace("\uffff", "")
    read = docx.Document(BytesIO(fill("invalid", unknown(reasons=(f"<{typed}>",)))))
    assert f"<{kept}>" in [paragraph.text for paragraph in read.paragraphs]
