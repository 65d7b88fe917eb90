"""Writes the tables of docs/eligibility.md from the decision table: `python -m tools.make_eligibility_tables`."""

from pathlib import Path

from tools.marked_tables import with_tables
from workflows.eligibility_definition import NOT_SURE, Ending, Note, Question, When
from workflows.eligibility_questions import ANOTHER_FORCE, FORCE, QUESTIONS
from workflows.eligibility_rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "eligibility.md"


def questions() -> str:
    """The questions in order, with what may be answered and what then ends it."""
    rows = (
        f"| {place} | `{question.code}` | {question.title} | {_answers(question)} | "
        f"{_asked(question)} |\n"
        for place, question in enumerate(QUESTIONS, 1)
    )
    return "| | question | asked as | answers | asked when |\n|---|---|---|---|---|\n" + "".join(
        rows
    )


def endings() -> str:
    """The answers that end the right to apply here."""
    rows = (
        f"| {_when(rule.when)} | `{rule.then.code}` | **{rule.then.title}.** {rule.then.why} | "
        f"{' '.join(rule.then.go)} | {rule.then.source} |\n"
        for rule in RULES
        if isinstance(rule.then, Ending)
    )
    heading = "| answer | ending | what the applicant reads | where to go | source |\n"
    return heading + "|---|---|---|---|---|\n" + "".join(rows)


def notes() -> str:
    """The answers that something follows from and that end nothing."""
    rows = (
        f"| {_when(rule.when)} | `{rule.then.code}` | {rule.then.words} | {rule.then.source} |\n"
        for rule in RULES
        if isinstance(rule.then, Note)
    )
    heading = "| answer | note | what the applicant reads | source |\n|---|---|---|---|\n"
    return heading + "".join(rows)


TABLES = {"questions": questions, "endings": endings, "notes": notes}


def _answers(question: Question) -> str:
    if question.kind == "words":
        return "their own words"
    if question.kind == "day":
        return f"a day; `{NOT_SURE}`"
    if question.code == FORCE:
        return f"a force of the office; `{ANOTHER_FORCE}`; `{NOT_SURE}`"
    return "; ".join(f"`{option.code}`: {option.label}" for option in question.options)


def _asked(question: Question) -> str:
    return "always" if question.asked_when is None else _when(question.asked_when)


def _when(when: When) -> str:
    return f"`{when.question}` is {' or '.join(f'`{answer}`' for answer in when.answers)}"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), TABLES))
