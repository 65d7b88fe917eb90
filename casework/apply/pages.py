"""The only place for what the public form asks beyond who may apply here: its pages, in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.definition import Choice, Fact, OfficeRules, Refusal
from workflows.eligibility import options_of
from workflows.eligibility_definition import NOT_SURE, Question
from workflows.eligibility_questions import QUESTIONS

Said = Mapping[str, Any]
"""What was said so far, by the name of what asked for it: words, codes, days as 2026-04-01, ticks."""
YES, NO = "yes", "no"
ACTING = frozenset(("with_consent", "without_consent"))
UNSURE = "_not_sure"
"""The end of the name of the box that says that a day is not known."""


def _always(_said: Said) -> bool:
    return True


def _fine(_said: Said) -> Refusal | None:
    return None


@dataclass(frozen=True)
class Page:
    """One thing that is asked: its name in addresses, its question, and the facts it wants.

    `asked_when` says, from all that was said, whether it is asked; `check` what is wrong with it
    beyond its facts. `takes` is the kind of the papers that are brought on it. `lead` names a
    template of words that stand above the form.
    """

    name: str
    title: str
    section: str
    facts: tuple[Fact, ...] = ()
    hint: str = ""
    lead: str = ""
    takes: str = ""
    question: Question | None = None
    asked_when: Callable[[Said], bool] = _always
    check: Callable[[Said], Refusal | None] = _fine

    @classmethod
    def of(cls, question: Question, office: OfficeRules) -> "Page":
        """The page of a question about who may apply here."""
        kind = {"choice": "choice", "day": "day", "words": "text"}[question.kind]
        options = options_of(question, office) if question.kind == "choice" else ()
        is_words = question.kind == "words"
        fact = Fact(
            question.code,
            kind,  # type: ignore[arg-type]
            "What happened, and when" if is_words else question.title,
            required=True,
            choices=tuple(Choice(each.code, each.label, each.hint) for each in options),
            is_long=True,
        )
        not_sure = Fact(f"{question.code}{UNSURE}", "flag", "I am not sure")
        return cls(
            question.code.replace("_", "-"),
            question.title,
            "Your complaint",
            (fact, not_sure) if question.kind == "day" else (fact,),
            question.hint,
            lead="apply/last_day.html" if is_words else "",
            question=question,
        )


def is_acting(said: Said) -> bool:
    """Whether whoever fills the form in acts for the person who complained."""
    return said.get("whose_complaint") in ACTING


def has_letter(said: Said) -> bool:
    """Whether there is, or may be, a letter that says how the complaint ended."""
    return said.get("outcome_letter") in (YES, NOT_SURE)


def _has(said: Said, prefix: str) -> bool:
    return any(said.get(f"{prefix}{way}") for way in ("email", "telephone", "address"))


def _contact_wanted(said: Said) -> Refusal | None:
    if _has(said, ""):
        return None
    return Refusal("Give an email address, a telephone number or an address.", "email")


def _representative_wanted(said: Said) -> Refusal | None:
    if _has(said, "representative_"):
        return None
    return Refusal(
        "Give an email address, a telephone number or an address for them.", "representative_email"
    )


_WAYS = {"email": "email", "post": "address", "telephone": "telephone"}


def _way_is_given(said: Said) -> Refusal | None:
    wanted = _WAYS.get(said.get("reached_by", ""))
    if wanted is None or said.get(wanted):
        return None
    noun = {"email": "an email address", "address": "an address", "telephone": "a number"}[wanted]
    return Refusal(f"You have not given us {noun}. Choose another way, or add it.", "reached_by")


def _contact(prefix: str, whose: str) -> tuple[Fact, ...]:
    return (
        Fact(f"{prefix}email", "text", f"{whose} email address"),
        Fact(f"{prefix}telephone", "text", f"{whose} telephone number"),
        Fact(f"{prefix}address", "text", f"{whose} address, with the postcode", is_long=True),
    )


def _yes_no(name: str, label: str) -> Fact:
    choices = (Choice(YES, "Yes"), Choice(NO, "No"))
    return Fact(name, "choice", label, required=True, choices=choices)


_COMPLAINT, _YOU, _HELP, _PAPERS = "Your complaint", "About you", "How we can help", "Papers"
_ACTING = "Who you are acting for"
_AT_RISK = (
    Choice(NO, "No"),
    Choice("complainant", "Yes, I am, or the person I am acting for"),
    Choice("child", "Yes, a child"),
    Choice("adult", "Yes, another adult"),
)

PAGES = (
    Page(
        "name",
        "What is your name?",
        _YOU,
        (Fact("name", "text", "Your full name", required=True),),
    ),
    Page(
        "reach-you",
        "How can we reach you?",
        _YOU,
        _contact("", "Your"),
        "Give us at least one. We only use them for this request.",
        check=_contact_wanted,
    ),
    Page(
        "acting-for",
        "Who are you acting for?",
        _ACTING,
        (
            Fact(
                "complainant",
                "text",
                "Their full name",
                "The person who made the complaint to the police.",
                required=True,
            ),
        ),
        asked_when=is_acting,
    ),
    Page(
        "consent",
        "When did they agree in writing that you act for them?",
        _ACTING,
        (Fact("consent_on", "day", "The day they agreed in writing", required=True),),
        "Give the day written on their letter or email.",
        asked_when=lambda said: said.get("whose_complaint") == "with_consent",
    ),
    Page(
        "consent-paper",
        "Can you add what they wrote?",
        _ACTING,
        hint="For example a signed letter, or an email from them. You can send it later.",
        takes="consent",
        asked_when=lambda said: said.get("whose_complaint") == "with_consent",
    ),
    Page(
        "consent-later",
        "How will they tell us that you may act for them?",
        _ACTING,
        (
            Fact(
                "consent_later",
                "choice",
                "How they will tell us",
                required=True,
                choices=(
                    Choice("letter", "By a letter that they sign"),
                    Choice("email", "By an email from them"),
                    Choice("cannot", "They cannot write", "For example because of their health"),
                    Choice(NOT_SURE, "I am not sure"),
                ),
            ),
        ),
        "We can begin now. We need it before we send you anything about their complaint.",
        asked_when=lambda said: said.get("whose_complaint") == "without_consent",
    ),
    Page(
        "complaint",
        "What was the complaint to the police about?",
        _COMPLAINT,
        (
            Fact(
                "complaint",
                "text",
                "What the complaint was about",
                required=True,
                is_long=True,
            ),
        ),
        "A few sentences are enough: what happened, where, and about when.",
    ),
    Page(
        "letter-details",
        "What does the letter from the police say?",
        _COMPLAINT,
        (
            Fact(
                "force_reference",
                "text",
                "Their reference for the complaint",
                "For example CO/00123/26. It is often at the top of the letter.",
            ),
            Fact("letter_dated_on", "day", "The date on the letter"),
        ),
        "Leave empty what you do not know.",
        asked_when=has_letter,
    ),
    Page(
        "grounds",
        "What do you think is wrong with how the complaint ended?",
        _COMPLAINT,
        (Fact("grounds", "text", "What you think is wrong with how it ended", is_long=True),),
        "You do not have to answer. It helps us to know what matters most to you, for example "
        "something that the police did not look at, or got wrong.",
    ),
    Page(
        "adjustments",
        "Do you need us to do anything differently?",
        _HELP,
        (Fact("adjustments", "text", "What you need us to do differently", is_long=True),),
        "For example large print, calls instead of letters, or more time, because of a "
        "disability or your health. Leave it empty if you need nothing.",
    ),
    Page(
        "reached-by",
        "How would you like to hear from us?",
        _HELP,
        (
            Fact(
                "reached_by",
                "choice",
                "How you would like to hear from us",
                required=True,
                choices=(
                    Choice("email", "By email"),
                    Choice("post", "By post"),
                    Choice("telephone", "By telephone"),
                    Choice("any", "I do not mind"),
                ),
            ),
        ),
        check=_way_is_given,
    ),
    Page(
        "language",
        "Which language would you like to use with us?",
        _HELP,
        (
            Fact(
                "language",
                "choice",
                "The language you would like to use",
                required=True,
                choices=(
                    Choice("english", "English"),
                    Choice("welsh", "Welsh"),
                    Choice("bsl", "British Sign Language"),
                    Choice("other", "Another language"),
                ),
            ),
            Fact("interpreter", "flag", "I would like an interpreter when we talk"),
        ),
    ),
    Page(
        "other-language",
        "Which language is it?",
        _HELP,
        (Fact("other_language", "text", "The language", required=True),),
        asked_when=lambda said: said.get("language") == "other",
    ),
    Page(
        "representative",
        "Would you like somebody to act for you?",
        _HELP,
        (_yes_no("has_representative", "Would you like somebody to act for you?"),),
        "For example a solicitor, an advice worker, a friend or somebody in your family. We "
        "would then write to them about your complaint.",
        asked_when=lambda said: not is_acting(said),
    ),
    Page(
        "representative-details",
        "Who should act for you?",
        _HELP,
        (
            Fact("representative", "text", "Their full name", required=True),
            *_contact("representative_", "Their"),
        ),
        "By giving their details you agree that we talk with them about your complaint.",
        asked_when=lambda said: not is_acting(said) and said.get("has_representative") == YES,
        check=_representative_wanted,
    ),
    Page(
        "risk",
        "Are you or somebody else at risk of harm now?",
        _HELP,
        (
            Fact(
                "at_risk",
                "choice",
                "Is anybody at risk now?",
                required=True,
                choices=_AT_RISK,
            ),
        ),
        lead="apply/risk_advice.html",
    ),
    Page(
        "risk-details",
        "What is the risk?",
        _HELP,
        (Fact("risk", "text", "What the risk is", required=True, is_long=True),),
        "Tell us who is at risk, of what, and whether anybody is helping already.",
        lead="apply/risk_advice.html",
        asked_when=lambda said: said.get("at_risk", NO) != NO,
    ),
    Page(
        "outcome-letter-copy",
        "Can you add the letter from the police?",
        _PAPERS,
        hint="The outcome letter or email: a scan or a photograph will do. If you cannot add it, "
        "continue without: we can ask the police for it.",
        takes="outcome_letter",
        asked_when=has_letter,
    ),
    Page(
        "papers",
        "Do you want to add other papers?",
        _PAPERS,
        hint="You do not have to. We get the file of your complaint from the police.",
        takes="other",
    ),
)


NAMES = frozenset(
    [
        *(question.code.replace("_", "-") for question in QUESTIONS),
        *(page.name for page in PAGES),
    ]
)


PAPER_PAGES = frozenset(page.name for page in PAGES if page.takes)


def own_pages(said: Said) -> tuple[Page, ...]:
    """The pages that are asked after what was said, in order."""
    return tuple(page for page in PAGES if page.asked_when(said))
