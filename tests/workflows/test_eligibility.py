"""The public form's decision table, against one written separately, on every combination of answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import SOLE as OFFICE
from tools.make_eligibility_tables import PAGE, TABLES
from tools.marked_tables import with_tables
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.eligibility import facts, judge, options_of, problem
from workflows.eligibility_definition import NOT_SURE, Ending, Verdict, When
from workflows.eligibility_questions import BY_CODE, QUESTIONS
from workflows.eligibility_rules import RULES

TODAY = date(2026, 11, 22)
LAST, LATE = "2026-10-25", "2026-10-24"  # 28 and 29 days ago
ANSWERS = {
    "outcome_letter": ("yes", "still_open", "ended_unwritten", NOT_SURE),
    "whose_complaint": ("own", "with_consent", "without_consent", "neither", NOT_SURE),
    "force": ("northshire", "another", NOT_SURE),
    "outcome_day": (LAST, LATE, NOT_SURE),
    "letter_names": ("office", "iopc", "nobody", NOT_SURE),
    "senior_officer": ("yes", "no", "only_new", NOT_SURE),
    "about_office": ("no", "part", "all", NOT_SURE),
    "reviewed_before": ("no", "office", "iopc", NOT_SURE),
    "complaint_day": ("2020-01-31", "2020-02-01", NOT_SURE),
    "since_2020": ("yes", "no", NOT_SURE),
    "sent_first": ("no", "iopc", "force", "other", NOT_SURE),
    "sent_first_on": ("2026-11-21", "2026-11-22", NOT_SURE),
    "why_late": ("I was in hospital.",),
}
ENDINGS = {
    ("outcome_letter", "still_open"): "no_outcome_yet",
    ("whose_complaint", "neither"): "not_the_complainant",
    ("force", "another"): "another_force",
    ("letter_names", "iopc"): "letter_names_iopc",
    ("senior_officer", "yes"): "senior_officer",
    ("about_office", "all"): "not_about_the_police",
    ("reviewed_before", "office"): "reviewed_here",
    ("reviewed_before", "iopc"): "reviewed_by_iopc",
    ("complaint_day", "2020-01-31"): "before_february_2020",
    ("since_2020", "no"): "before_february_2020",
}
NOTES = {
    ("outcome_letter", "ended_unwritten"): "no_letter",
    ("outcome_letter", NOT_SURE): "no_letter",
    ("whose_complaint", "with_consent"): "consent_to_show",
    ("whose_complaint", "without_consent"): "consent_wanted",
    ("force", NOT_SURE): "force_unknown",
    ("outcome_day", NOT_SURE): "day_unknown",
    ("letter_names", "nobody"): "review_body_unknown",
    ("letter_names", NOT_SURE): "review_body_unknown",
    ("senior_officer", "only_new"): "new_point",
    ("senior_officer", NOT_SURE): "rank_unknown",
    ("about_office", "part"): "part_elsewhere",
    ("sent_first", "iopc"): "time_at_iopc",
    ("sent_first", "force"): "time_elsewhere",
    ("sent_first", "other"): "time_elsewhere",
}
Given = dict[str, str]


def is_late(given: Given) -> bool:
    if given.get("outcome_day") != LATE:
        return False
    first_on = given.get("sent_first_on", NOT_SURE)
    return not (given.get("sent_first") == "iopc" and first_on == "2026-11-21")


def wanted(given: Given) -> str | None:
    """The question to come, by a plain reading of the rules; None at the end."""
    if given and list(given.items())[-1] in ENDINGS:
        return None
    for code in ANSWERS:
        if code in given:
            continue
        if code == "letter_names" and given["outcome_letter"] != "yes":
            continue
        if code == "since_2020" and given["complaint_day"] != NOT_SURE:
            continue
        if code == "sent_first_on" and given["sent_first"] in ("no", NOT_SURE):
            continue
        if code == "why_late" and not is_late(given):
            continue
        return code
    return None


def every_way(given: Given) -> Iterator[Given]:
    """Every way through the form from here on, each as all its answers in order."""
    code = wanted(given)
    if code is None:
        yield given
        return
    for answer in ANSWERS[code]:
        yield from every_way({**given, code: answer})


def judged(given: Given, on: date = TODAY) -> Verdict:
    return judge(given, OFFICE, on)


def test_every_combination_of_answers_ends_as_the_separate_table_has_it() -> None:
    ways = 0
    for answers in every_way({}):
        ways += 1
        verdict = judged(answers)
        assert verdict.question is None
        assert [question.code for question in verdict.asked] == list(answers)
        ending = verdict.ending.code if verdict.ending else None
        assert ending == ENDINGS.get(list(answers.items())[-1]), answers
        notes = {NOTES[each] for each in answers.items() if each in NOTES}
        if is_late(answers):
            notes.add("late")
        assert {note.code for note in verdict.notes} == notes, answers
        assert verdict.is_late is is_late(answers)
    assert ways == 78_280


WAY = st.fixed_dictionaries({code: st.sampled_from(said) for code, said in ANSWERS.items()})
"""An answer to every question, also to those that are not asked."""


@given(WAY, st.integers(0, len(ANSWERS)))
def test_each_question_comes_when_those_before_are_answered(answers: Given, kept: int) -> None:
    """Of the answers, only the first of those asked are there."""
    asked = judged(answers).asked
    given = {question.code: answers[question.code] for question in asked[:kept]}
    verdict = judged(given)
    if kept < len(asked):
        assert verdict.question == asked[kept]
        assert verdict.ending is None, "nothing ends before the answer that ends it"
    assert verdict.asked == asked[: kept + 1]


@given(WAY, st.sampled_from(tuple(ANSWERS)), st.text(max_size=12))
def test_another_answer_changes_nothing_that_was_asked_before(
    answers: Given, changed: str, answer: str
) -> None:
    """Changing an answer asks again at most what comes after it; an impossible one, itself."""
    before, after = judged(answers), judged({**answers, changed: answer})
    codes = [question.code for question in before.asked]
    if changed not in codes:
        assert after == before
        return
    until = codes.index(changed) + 1
    if changed != "outcome_day":  # a complaint cannot have ended before it was made
        assert after.asked[:until] == before.asked[:until]
    if changed != "why_late" and answer not in ANSWERS[changed]:
        assert after.question == BY_CODE[changed]


@given(WAY)
def test_being_not_sure_never_ends_it_and_being_late_never_does(answers: Given) -> None:
    ended = judged(answers).ending
    unsure = judged({**answers, **dict.fromkeys((c for c in ANSWERS if c != "why_late"), NOT_SURE)})
    assert unsure.ending is None
    in_time, late = (judged({**answers, "outcome_day": day}).ending for day in (LAST, LATE))
    assert in_time == late == ended


def test_no_rule_ends_it_for_a_doubt_or_for_lateness() -> None:
    for rule in RULES:
        if isinstance(rule.then, Ending):
            assert NOT_SURE not in rule.when.answers
            assert rule.when.question in BY_CODE, "days alone never end it"


def test_every_rule_is_about_an_answer_that_there_is_in_the_order_of_the_questions() -> None:
    order = [*BY_CODE, "timing"]
    places = [order.index(rule.when.question) for rule in RULES]
    assert all(first <= then for first, then in pairwise(places))
    whens = [rule.when for rule in RULES] + [q.asked_when for q in QUESTIONS if q.asked_when]
    for when in whens:
        known = sayable(when)
        assert set(when.answers) <= known, when
    pairs = [(rule.when.question, answer) for rule in RULES for answer in rule.when.answers]
    assert len(pairs) == len(set(pairs)), "one thing follows from an answer"


def sayable(when: When) -> set[str]:
    question = BY_CODE.get(when.question)
    if question is None:
        return {"in_time", "late", NOT_SURE}
    if question.kind == "day":
        return {NOT_SURE, "before", "since"} if question.cut_on else {NOT_SURE, "day"}
    return {option.code for option in options_of(question, OFFICE)}


@pytest.mark.parametrize(
    ("provided_on", "today", "sent", "is_late"),
    [
        ("2026-04-01", date(2026, 4, 29), {}, False),
        ("2026-04-01", date(2026, 4, 30), {}, True),
        ("2026-11-27", date(2026, 12, 25), {}, False),
        ("2026-11-27", date(2026, 12, 26), {}, True),
        ("2026-04-01", date(2026, 5, 6), {"iopc": "2026-04-25"}, False),
        ("2026-04-01", date(2026, 5, 6), {"force": "2026-04-25"}, True),
    ],
)
def test_the_published_days(
    provided_on: str, today: date, sent: dict[str, str], is_late: bool
) -> None:
    answers = dict.fromkeys(ANSWERS, NOT_SURE) | {"outcome_day": provided_on, "why_late": ""}
    for body, day in sent.items():
        answers |= {"sent_first": body, "sent_first_on": day}
    verdict = judged(answers, today)
    assert verdict.is_late is is_late
    assert verdict.question == (BY_CODE["why_late"] if is_late else None), "the circumstances"
    assert verdict.last_day == date.fromisoformat(provided_on) + timedelta(days=28)


@pytest.mark.parametrize(
    ("code", "answer", "said"),
    [
        ("outcome_letter", "", "Select one"),
        ("force", "southshire", "Select one"),
        ("outcome_day", "", "Enter the day"),
        ("outcome_day", "2026-02-30", "Enter the day"),
        ("outcome_day", "2026-11-23", "is in the future"),
        ("complaint_day", "2026-10-25", "is after that"),
        ("why_late", " ", "Enter what happened"),
        ("why_late", "x" * 5_001, "5,000 characters or fewer. It is now 5,001."),
    ],
)
def test_what_cannot_be_an_answer_says_what_to_mend(code: str, answer: str, said: str) -> None:
    sentence = problem(BY_CODE[code], answer, {"outcome_day": LATE}, OFFICE, TODAY)
    assert sentence and said in sentence and sentence.endswith(".")


def test_an_answer_gives_the_application_its_fact() -> None:
    answers = {code: said[0] for code, said in ANSWERS.items()}
    told = {"outcome_day": LATE, "sent_first": "force", "senior_officer": "only_new"}
    assert facts({**answers, **told, "complaint_day": "2026-01-05"}, OFFICE, TODAY) == {
        "applicant": "complainant",
        "force": "northshire",
        "outcome_provided_on": date(2026, 10, 24),
        "review_body_letter": "lpb",
        "about_senior_officer": "no",
        "reviewed_before": "no",
        "complaint_made_on": date(2026, 1, 5),
        "first_received_by": "force",
        "first_received_on": date(2026, 11, 21),
        "why_late": "I was in hospital.",
    }


@given(WAY)
def test_the_facts_are_those_that_logging_asks_for(answers: Given) -> None:
    asked_for = COMPLAINT_REVIEW.begins_with.facts_by_name
    for name, value in facts(answers, OFFICE, TODAY).items():
        fact = asked_for[name]
        if fact.kind == "choice":
            assert value in {choice.code for choice in OFFICE.choices_of(fact)}
        else:
            assert isinstance(value, date if fact.kind == "day" else str)


def test_titles_and_labels_are_plain() -> None:
    """No page is shown twice, and nothing of the law’s own language stands in what people read."""
    titles = [question.title for question in QUESTIONS]
    assert len(set(titles)) == len(titles)
    for words in shown():
        for jargon in ("relevant authority", "Schedule", "regulation", "pursuant", "appropriate"):
            assert jargon not in words, words
        assert max(len(sentence.split()) for sentence in words.split(". ")) <= 30, words


def shown() -> Iterator[str]:
    for question in QUESTIONS:
        yield from (question.title, question.hint, *(option.label for option in question.options))
    for rule in RULES:
        if isinstance(rule.then, Ending):
            yield from (rule.then.title, rule.then.why, *rule.then.go)
        else:
            yield rule.then.words


def test_the_published_tables_are_up_to_date() -> None:
    """`python -m tools.make_eligibility_tables` makes them again."""
    page = PAGE.read_text()
    assert with_tables(page, TABLES) == page
