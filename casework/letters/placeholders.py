"""The only place that lists what letters can say of a case: each placeholder, its meaning, a sample.

The built-in letters and the office's own Word templates say the same things under the same names.
What a case does not know is a gap: in a letter it reads "[to be completed: the police force]", and
a condition on it is not met.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, get_type_hints

from casework.letters.rendering.body import gap, printable
from workflows.calendar import in_words


class Gap(str):
    """What stands in a letter for something that is not known; false in a condition."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


class Written(str):
    """Words that staff wrote as parts of letters: headings and lists in them are meant."""

    __slots__ = ()


@dataclass(frozen=True)
class Says:
    """What a placeholder means, and what an invented case has for it."""

    meaning: str
    sample: Any


@dataclass(frozen=True)
class Recommended:
    """One recommendation: the paragraph of Schedule 3 it is made under, and any response.

    `response` is a sentence, `response_words` the steps or the reasons that the force gave.
    """

    number: int
    label: str
    paragraph: str
    words: str = ""
    responded_on: date | None = None
    response: str = ""
    response_words: str = ""


_SAMPLES = (
    Recommended(
        1,
        "Reflective practice",
        "paragraph 25(4E)(d)",
        "The two officers should reflect on how they explained the search.",
        date(2026, 6, 15),
        "The force accepts this recommendation.",
        "Both officers took part in the reflective practice review process on 10 June 2026.",
    ),
    Recommended(
        2,
        "Apology",
        "paragraph 25(4E)(d)",
        "The force should apologise for the delay.",
        date(2026, 6, 15),
        "The force does not accept this recommendation.",
        "The force has already apologised, in its letter of 4 March 2026.",
    ),
)


@dataclass(frozen=True)
class LetterFacts:
    """All that a letter may say; None where the case does not know it. Days are London dates."""

    reference: Annotated[str, Says("the office’s reference of the case", "CR/2026-27/014")]
    office_name: Annotated[
        str, Says("the name of the office", "Office of the Police and Crime Commissioner")
    ]
    contact_details: Annotated[
        str | None,
        Says("telephone, email and address of this office", "01632 960123 or reviews@example.org"),
    ]
    signed_by: Annotated[str, Says("who drafts the letter", "Riley Marsh")]
    written_on: Annotated[date, Says("the day the letter is drafted", date(2026, 6, 22))]
    recipient: Annotated[
        str,
        Says(
            "the code of whom it goes to: complainant, appropriate_authority, interested_persons, "
            "person_complained_against or iopc",
            "complainant",
        ),
    ]
    addressee: Annotated[
        str, Says("name and address of whom it goes to", "Jo Sample\n1 High Street\nSaltby")
    ]
    greeting: Annotated[str, Says("how the letter begins", "Dear Jo Sample")]
    their_reference_is: Annotated[
        str, Says("whose reference force_reference is", "The force’s reference")
    ]
    reached_at: Annotated[
        str | None,
        Says(
            "the complainant’s address, email and telephone number, for the IOPC",
            "1 High Street\nSaltby\njo@example.org",
        ),
    ] = None
    name: Annotated[str | None, Says("the complainant’s name", "Jo Sample")] = None
    force: Annotated[str | None, Says("the police force", "Fenmarch Police")] = None
    force_reference: Annotated[str | None, Says("the force’s reference", "CO/123/26")] = None
    received_on: Annotated[
        date | None, Says("the day the application reached this office", date(2026, 4, 20))
    ] = None
    provided_on: Annotated[
        date | None, Says("the day the outcome was provided to the complainant", date(2026, 4, 1))
    ] = None
    apply_by: Annotated[date | None, Says("the last day to apply", date(2026, 4, 29))] = None
    made_on: Annotated[date | None, Says("the day the application was made", date(2026, 4, 20))] = (
        None
    )
    is_late: Annotated[bool, Says("whether it was made after the last day to apply", False)] = False
    missing: Annotated[
        tuple[str, ...],
        Says(
            "what the applicant was asked for, else what an application must say and this one "
            "does not, one by one",
            ("the day on which you made your complaint to the force",),
        ),
    ] = ()
    answer_by: Annotated[
        date | None, Says("the day by which we need your reply", date(2026, 7, 6))
    ] = None
    first_received_by: Annotated[
        str | None, Says("who had the application before this office", "the IOPC")
    ] = None
    first_received_on: Annotated[
        date | None, Says("the day on which they received it", date(2026, 4, 16))
    ] = None
    first_receipt_counts: Annotated[
        bool, Says("whether that day decides whether it is in time", True)
    ] = False
    decide_target: Annotated[int, Says("the target for deciding, in working days", 28)] = 28
    decide_by: Annotated[date | None, Says("the target day for deciding", date(2026, 6, 1))] = None
    is_over_target: Annotated[bool, Says("whether that day has passed", True)] = False
    stage: Annotated[str, Says("the code of the case’s state", "valid")] = "received"
    reopened_on: Annotated[date | None, Says("the day the case was opened again", None)] = None
    waiting_for: Annotated[
        str | None,
        Says("the code of whom the office waits for: applicant, force, iopc or legal", "force"),
    ] = None
    route: Annotated[
        str | None, Says("how the force handled the complaint", "by investigation")
    ] = None
    requested_on: Annotated[
        date | None, Says("the day the force’s file was asked for", date(2026, 4, 21))
    ] = None
    working_days_since_request: Annotated[int | None, Says("the working days since then", 42)] = (
        None
    )
    chased_on: Annotated[
        date | None, Says("the day the force was last reminded", date(2026, 5, 12))
    ] = None
    received_extent: Annotated[
        str | None, Says("what of the file arrived: part or complete", "part")
    ] = None
    file_received_on: Annotated[date | None, Says("the day it arrived", date(2026, 5, 18))] = None
    happened_on: Annotated[
        date | None,
        Says(
            "the day of what the letter tells: the decision, the finding, the forwarding",
            date(2026, 5, 20),
        ),
    ] = None
    is_upheld: Annotated[bool, Says("whether the review is upheld", True)] = False
    set_aside_on: Annotated[
        date | None, Says("the day of the decision that no longer stands", date(2026, 5, 20))
    ] = None
    another_decides: Annotated[
        bool, Says("whether somebody must decide who did not decide before", True)
    ] = False
    why: Annotated[
        str | None, Says("the reason for that, in a few words", "There is no outcome letter yet")
    ] = None
    about_why: Annotated[
        str | None,
        Says(
            "what that reason means, and where to go",
            "A review looks at the outcome of a complaint. The force has not told you yet.",
        ),
    ] = None
    reasons: Annotated[
        str | None,
        Says("our reasons in full", "The force did not view the footage.\n\nSo it could not know."),
    ] = None
    special_circumstances: Annotated[
        str | None,
        Says(
            "the special circumstances that were considered, and why they were not enough",
            "You were in hospital until 20 April 2026.",
        ),
    ] = None
    recommendations: Annotated[
        tuple[Recommended, ...],
        Says(
            "the recommendations, one by one: each has number, label, paragraph, words, "
            "responded_on, response and response_words",
            _SAMPLES,
        ),
    ] = ()
    respond_by: Annotated[
        date | None, Says("the last day for the force’s reply", date(2026, 6, 17))
    ] = None
    notifies_prosecutor: Annotated[
        bool, Says("whether the Director of Public Prosecutions has to be notified", True)
    ] = False
    observations: Annotated[int, Says("how many learning points were fed back", 1)] = 0
    learning_points: Annotated[
        tuple[str, ...],
        Says("those for the force, in words", ("Outcome letters should say who was spoken to.",)),
    ] = ()


@dataclass(frozen=True)
class Placeholder:
    """A name that letters may use, what it means, and what it looks like."""

    name: str
    meaning: str
    sample: str


@cache
def _said() -> Mapping[str, Says]:
    hints = get_type_hints(LetterFacts, include_extras=True)
    return {each.name: hints[each.name].__metadata__[0] for each in fields(LetterFacts)}


def placeholders() -> tuple[Placeholder, ...]:
    """Every placeholder there is, in the order of the list that is published."""
    shown = filling(sample_facts())
    return tuple(
        Placeholder(name, says.meaning, _in_short(shown[name])) for name, says in _said().items()
    )


def _in_short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(each["label"] if isinstance(each, dict) else each for each in value)
    return str(value)


def sample_facts(to: str = "complainant") -> LetterFacts:
    """An invented case that knows everything, in a letter to this kind of recipient."""
    facts = LetterFacts(**{name: says.sample for name, says in _said().items()})
    if to == "appropriate_authority":
        addressee = f"Professional Standards Department\n{facts.force}"
        facts = replace(facts, addressee=addressee, their_reference_is="Your reference")
    elif to == "iopc":
        facts = replace(facts, addressee="Independent Office for Police Conduct")
    is_office = to in ("appropriate_authority", "iopc")
    greeting = "Dear colleague" if is_office else facts.greeting
    return replace(facts, recipient=to, greeting=greeting)


def unknown_facts() -> LetterFacts:
    """An invented case that knows next to nothing."""
    needed = (each.name for each in fields(LetterFacts) if each.default is MISSING)
    known = {name: _said()[name].sample for name in needed}
    return LetterFacts(**known)


def filling(facts: LetterFacts) -> Mapping[str, Any]:
    """What each placeholder is filled with: words, numbers, yes or no, lists of these, or gaps."""
    return {name: _filled(getattr(facts, name), says.meaning) for name, says in _said().items()}


def _filled(value: Any, meaning: str) -> Any:
    if value is None or value == "":
        return Gap(gap(meaning))
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, str):
        return type(value)(printable(value))
    if isinstance(value, tuple):
        return tuple(_filled_part(each) for each in value)
    return value


def _filled_part(part: Any) -> Any:
    """A part of a list; what it does not know is empty, for a condition to ask."""
    if not isinstance(part, Recommended):
        return printable(str(part))
    return {
        name: in_words(value) if isinstance(value, date) else value or ""
        for name, value in asdict(part).items()
    }
