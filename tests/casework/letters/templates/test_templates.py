"""The office's own Word templates: judged before they are used, filled in word for word."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest

from casework.letters.placeholders import placeholders, sample_facts, unknown_facts
from casework.letters.rendering import parse
from casework.letters.rendering.body import Heading
from casework.letters.service import word_starter
from casework.letters.templates.checking import needed, problems
from casework.letters.templates.filling import filled
from casework.letters.words import text_of_letter
from workflows.complaint_review_letters import LETTERS
from workflows.definition import Letter

ALL_NEEDED = [f"{{{{ {name} }}}}" for name in needed("acknowledgement")]


def template(*lines: str, head: str = "") -> bytes:
    """A Word file of these paragraphs, with what every acknowledgement needs."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = head
    for line in (*ALL_NEEDED, *lines):
        document.add_paragraph(line)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def lines_of(document: bytes) -> list[str]:
    """The lines of a Word file that say something."""
    read = docx.Document(BytesIO(document)).paragraphs
    return [line for paragraph in read for line in paragraph.text.split("\n") if line]


def lines_said(text: str) -> list[str]:
    """The lines of a letter's text, without its signs."""
    found: list[str] = []
    for block in parse(text).blocks:
        found += [block.text] if isinstance(block, Heading) else block.lines
    return found


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_the_built_in_letter_as_a_word_template_says_the_same(letter: Letter) -> None:
    starter = word_starter(letter)
    assert problems(starter, letter.name) == ()
    is_short = letter.name in ("acknowledgement", "chaser")
    for facts in (sample_facts(), unknown_facts())[: 1 + is_short]:
        said = lines_of(filled(starter, facts))
        assert said == [facts.office_name, *lines_said(text_of_letter(letter.name, facts))]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{{ complainant }}", "“complainant” is not a placeholder"),
        ("{{ recieved_on }}", "Did you mean “received_on”?"),
        ("{{ 7 * 7 }}", "a calculation"),
        ("{{ reference.__class__.__mro__ }}", "“__class__” is no part of a placeholder"),
        ("{% set x = 1 %}", "a name of its own"),
        ("{% include 'x' %}", "another file"),
        ("{{ range(9) }}", "“range” is not a placeholder"),
        ("{{ reference.upper() }}", "It calls something"),
        ("{{ reference|attr('x') }}", "the filter “attr”"),
        (
            "{% for a in missing %}{% for b in missing %}{{ b }}{% endfor %}{% endfor %}",
            "one list of placeholders at a time",
        ),
        ("{% for a in reference.x %}{{ a }}{% endfor %}", "one list of placeholders at a time"),
        ("{{ reference", "Its signs cannot be read"),
        ("{% if reference %}", "Its signs cannot be read"),
        ("{{ reference.nothing }}", "It cannot be filled in"),
    ],
)
def test_s26_what_a_template_may_not_do_is_named(line: str, named: str) -> None:
    assert any(named in problem for problem in problems(template(line), "acknowledgement"))


def test_what_is_missing_is_named_and_the_head_counts() -> None:
    assert problems(template(), "acknowledgement") == ()
    assert problems(template(head="{{ nonsense }}"), "acknowledgement")
    lacking = problems(template(), "upheld")
    assert len(lacking) == len(set(needed("upheld")) - set(needed("acknowledgement")))
    assert any("It does not have “reasons”" in problem for problem in lacking)
    assert problems(b"nonsense", "upheld")[0].startswith("It cannot be read.")


def test_signs_hidden_in_the_properties_are_found() -> None:
    document = docx.Document(BytesIO(template()))
    document.core_properties.title = "{{ cycler.__init__ }}"
    assert problems(saved(document), "acknowledgement")


HOSTILE = ["{{ 7*7 }} {% raw %}", "</w:t><w:p>&amp; ]]>", "=cmd|' /C calc'!A0", "{_{7*7}_}"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_s26_what_people_type_is_only_words_in_a_word_template(typed: str) -> None:
    facts = replace(sample_facts(), name=f"{typed}\x00\x1b", reasons=f"{typed}\n\n{typed}")
    said = lines_of(filled(template("{{ name }}", "{{ reasons }}"), facts))
    shown = typed.replace("{_{", "{{").replace("}_}", "}}")
    assert said.count(shown) == 3


def test_every_placeholder_is_published_with_its_meaning_and_a_sample() -> None:
    published = placeholders()
    assert {each.name for each in published} >= {*needed("upheld"), *needed("recommendation")}
    assert all(each.meaning and each.sample for each in published)
