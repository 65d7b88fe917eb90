"""The only place for the sentences of a report: as the office publishes them, at 0, 1 and many."""

from calendar import monthrange
from datetime import date

from casework.counts.figures import Part
from casework.counts.lives import Period
from casework.counts.report import Report
from workflows.calendar import in_words

_SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(count: int) -> str:
    """A count in a sentence: words up to nine, "none" for 0."""
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def narrative(report: Report) -> str:
    """What became of the applications received in the period, as one paragraph."""
    part, status_on = report.whole, report.status_on
    last_on = part.period.last_day(status_on)
    office = the_office(report.settings.office_name)
    if last_on < part.period.from_on:
        return (
            f"On {in_words(status_on)} the period had not begun: it is from "
            f"{in_words(part.period.from_on)} to {in_words(part.period.to_on)}."
        )
    received = part.count("cohort.received")
    said = f"{_when(Period(part.period.from_on, last_on))}, {office} considered"
    if received == 0:
        sentences = [f"{said} no complaint reviews from the public."]
    elif received == 1:
        sentences = [f"{said} one complaint review from the public.", _only_one(part, status_on)]
    else:
        sentences = [
            f"{said} {number(received)} complaint reviews from the public.",
            *_validity(part, status_on),
            *_not_valid(part),
            *_rest(part),
        ]
    return " ".join((*sentences, _basis(status_on)))


def the_office(name: str) -> str:
    """The office's name within a sentence; a single word, such as MOPAC, takes no article."""
    if name.lower().startswith("the "):
        return f"the {name[4:]}"
    return f"the {name}" if " " in name else name


def _when(period: Period) -> str:
    first, last = period.from_on, period.to_on
    is_whole_months = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if is_whole_months and (first.year, first.month) == (last.year, last.month):
        return f"In {first:%B %Y}"
    if is_whole_months:
        return f"Between {first:%B %Y} and {last:%B %Y}"
    if first == last:
        return f"On {in_words(first)}"
    return f"Between {in_words(first)} and {in_words(last)}"


def _only_one(part: Part, status_on: date) -> str:
    day = in_words(status_on)
    outcomes = (
        ("cohort.upheld", f"It was valid, and had been decided by {day}: it was upheld."),
        ("cohort.not_upheld", f"It was valid, and had been decided by {day}: it was not upheld."),
        ("cohort.ongoing", "It was valid and remains ongoing."),
        ("cohort.invalid", "It was invalid."),
        ("cohort.forwarded", "It was forwarded to the IOPC."),
        ("cohort.withdrawn", "It was withdrawn."),
    )
    waiting = "It has not yet been determined whether it is valid."
    return next((said for name, said in outcomes if part.count(name)), waiting)


def _validity(part: Part, status_on: date) -> list[str]:
    valid, received = part.count("cohort.valid"), part.count("cohort.received")
    if valid == 0:
        return ["None of these was valid."]
    how_many = "All" if valid == received else number(valid).capitalize()
    verb = "was" if valid == 1 else "were"
    return [f"{how_many} of these {verb} valid, and {_decided(part, status_on)}."]


def _decided(part: Part, status_on: date) -> str:
    upheld, day = part.count("cohort.upheld"), in_words(status_on)
    decided = upheld + part.count("cohort.not_upheld")
    if decided == 0:
        return f"none had been decided by {day}"
    if decided == 1:
        return f"the one decided by {day} was {'upheld' if upheld else 'not upheld'}"
    if upheld == 0:
        return f"none of the {decided} decided by {day} was upheld"
    if upheld == decided:
        return f"{'both' if decided == 2 else f'all {decided}'} decided by {day} were upheld"
    return f"{upheld} of the {decided} decided by {day} {'was' if upheld == 1 else 'were'} upheld"


def _not_valid(part: Part) -> list[str]:
    said: list[str] = []
    for name, words in (
        ("invalid", "invalid"),
        ("forwarded", "forwarded to the IOPC"),
        ("withdrawn", "withdrawn"),
    ):
        count = part.count(f"cohort.{name}")
        if count:
            verb = "" if said else "was " if count == 1 else "were "
            said.append(f"{number(count)} {verb}{words}")
    return [f"{_listed(said)}."] if said else []


def _listed(phrases: list[str]) -> str:
    *first, last = phrases
    sentence = f"{', '.join(first)} and {last}" if first else last
    return sentence[0].upper() + sentence[1:]


def _rest(part: Part) -> list[str]:
    ongoing, undetermined = part.count("cohort.ongoing"), part.count("cohort.undetermined")
    sentences = []
    if ongoing == 1:
        sentences.append("One complaint review remains ongoing.")
    elif ongoing or not undetermined:
        review = "remains" if ongoing == 0 else "complaint reviews remain"
        sentences.append(f"{number(ongoing).capitalize()} {review} ongoing.")
    if undetermined:
        verb = "awaits" if undetermined == 1 else "await"
        sentences.append(f"{number(undetermined).capitalize()} {verb} a decision on validity.")
    return sentences


def _basis(status_on: date) -> str:
    return (
        "These figures are of the applications received in that period, as they stood on "
        f"{in_words(status_on)}; reviews received before it are not among them."
    )


def basis(status_on: str, clock_start: str) -> tuple[str, ...]:
    """What every report says about its own figures; the status day in words."""
    return (
        "Two questions are answered side by side and must not be mixed: what became of the cases "
        "received in the period (whatever has happened to them up to the status day, "
        f"{status_on}), and what work was done in the period (whenever the case was received).",
        "Figures of quarters need not add up to those of the year, because a case decided in one "
        "and reopened in another counts once in the year. Year-to-date figures are never added.",
        f"The office’s own clock for deciding starts when an application is {clock_start}; the "
        "working days below always run from the day it was received.",
    )
