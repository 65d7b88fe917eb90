"""The only place that judges, from an applicant's answers, whether this office can take the application.

The questions and the rules are data (`eligibility_questions`, `eligibility_rules`). A question is
judged when it is answered, so that what comes later never changes what ended before.
"""

from datetime import date
from typing import Any

from workflows.calendar import application_made_on, in_words, last_day_to_apply
from workflows.definition import OfficeRules
from workflows.eligibility_definition import (
    NOT_SURE,
    TIMING,
    Answers,
    Ending,
    Option,
    Question,
    Told,
    Verdict,
)
from workflows.eligibility_questions import FORCE, QUESTIONS
from workflows.eligibility_rules import ENDINGS, NOTES

LONGEST_WORDS = 5_000
TIMED_BY = frozenset({"outcome_day", "sent_first", "sent_first_on"})
"""The questions whose answers tell whether an application is in time."""


def options_of(question: Question, office: OfficeRules) -> tuple[Option, ...]:
    """The answers that can be chosen, the office's forces first where a force is asked for."""
    return (*_forces(question, office), *question.options)


def _forces(question: Question, office: OfficeRules) -> tuple[Option, ...]:
    if question.code != FORCE:
        return ()
    return tuple(Option(each.code, each.label, fact=each.code) for each in office.lists["forces"])


def problem(
    question: Question, answer: str, answers: Answers, office: OfficeRules, today: date
) -> str | None:
    """What is to be mended in an answer, as a sentence; None when nothing is.

    `answers` are the others, of which a day may not contradict some.
    """
    if question.kind == "words":
        return _problem_of_words(answer)
    if answer == NOT_SURE:
        return None
    if question.kind == "day":
        return _problem_of_day(question, answer, answers, today)
    if answer in question.codes or any(answer == each.code for each in _forces(question, office)):
        return None
    return "Select one of the answers."


def _problem_of_words(answer: str) -> str | None:
    if not answer.strip():
        return "Enter what happened. If you would rather not say, write that."
    if len(answer) > LONGEST_WORDS:
        return f"Enter {LONGEST_WORDS:,} characters or fewer. It is now {len(answer):,}."
    return None


def _problem_of_day(question: Question, answer: str, answers: Answers, today: date) -> str | None:
    day = _day(answer)
    if day is None:
        return "Enter the day, or say that you are not sure."
    if day > today:
        return f"{in_words(day)} is in the future. Check the day."
    ended_on = _day(answers.get("outcome_day"))
    if question.code == "complaint_day" and ended_on is not None and day > ended_on:
        return (
            f"You told us that the complaint ended on {in_words(ended_on)}, and {in_words(day)} "
            "is after that. Check both days."
        )
    return None


def _day(answer: str | None) -> date | None:
    """The day that an answer gives; None for no day, or none that there is."""
    try:
        return date.fromisoformat(answer or "")
    except ValueError:
        return None


def judge(answers: Answers, office: OfficeRules, today: date) -> Verdict:
    """What follows from the answers so far, for an application made here today.

    An answer to a question that is not asked any more does not count; one that cannot be is
    asked for again.
    """
    told: dict[str, str] = {}
    asked: list[Question] = []
    ending: Ending | None = None
    following: Question | None = None
    for question in QUESTIONS:
        if not _is_asked(question, told):
            continue
        asked.append(question)
        answer = answers.get(question.code, "")
        if problem(question, answer, answers, office, today) is not None:
            following = question
            break
        told[question.code] = _said(question, answer)
        if question.code in TIMED_BY:
            told[TIMING] = _timing(answers, told, today)
        ending = ENDINGS.get((question.code, told[question.code]))
        if ending is not None:
            break
    notes = tuple(NOTES[each] for each in told.items() if each in NOTES)
    return Verdict(ending, notes, following, tuple(asked), told, _last_day(answers, told))


def facts(answers: Answers, office: OfficeRules, today: date) -> dict[str, Any]:
    """What the answers that count say for the application, by the names of its facts.

    Choices as codes, days as dates, words as they were typed.
    """
    told = judge(answers, office, today).told
    given = {
        question.fact: _fact(question, answers[question.code], office)
        for question in QUESTIONS
        if question.fact and question.code in told
    }
    return {name: value for name, value in given.items() if value}


def _fact(question: Question, answer: str, office: OfficeRules) -> Any:
    if question.kind == "day":
        return _day(answer)
    if question.kind == "words":
        return answer.strip()
    chosen = (option for option in options_of(question, office) if option.code == answer)
    return next(chosen).fact


def _is_asked(question: Question, told: Told) -> bool:
    when = question.asked_when
    return when is None or told.get(when.question) in when.answers


def _said(question: Question, answer: str) -> str:
    """An answer as rules read it: its code, the side of a day that cuts it, or its kind."""
    if question.kind == "choice" or answer == NOT_SURE:
        return answer
    day = _day(answer)
    if question.cut_on is None or day is None:
        return question.kind
    return "before" if day < question.cut_on else "since"


def _timing(answers: Answers, told: Told, today: date) -> str:
    """Whether an application made today is in time by the days given (reg 29(2) and (3))."""
    last_day = _last_day(answers, told)
    if last_day is None:
        return NOT_SURE
    first_on = _day(answers["sent_first_on"]) if "sent_first_on" in told else None
    made_on = application_made_on(today, told.get("sent_first"), first_on)
    return "late" if made_on > last_day else "in_time"


def _last_day(answers: Answers, told: Told) -> date | None:
    provided_on = _day(answers["outcome_day"]) if "outcome_day" in told else None
    return None if provided_on is None else last_day_to_apply(provided_on)
