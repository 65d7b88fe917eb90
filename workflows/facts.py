"""The only place that reads what a person or script gave for a step's facts.

In: strings as typed, or typed values. Out: coded values for the log (days as `date`, lists
as tuples of codes) and texts for beside it; and the same values to and from an event's `stat`.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.attempt import Move, StepRefused
from workflows.calendar import COVERED_FROM, in_words
from workflows.definition import Fact, OfficeRules, Refusal, Step
from workflows.history import EFFECTIVE_ON

SHA_256 = re.compile("[0-9a-f]{64}")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_TEXT = 100_000
LARGEST_NUMBER = 9_999


def read_facts(
    step: Step, given: Mapping[str, Any], office: OfficeRules, today: date, *, is_strict: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Coded values by `Fact.code` and texts by name; unknown and blank ones are left out.

    With `is_strict` required facts must be given. Raises StepRefused with every fault.
    """
    refusals = [
        Refusal(f"“{step.label}” has no fact called {name!r}. Its facts: {_names_of(step)}.")
        for name in given
        if name not in step.facts_by_name
    ]
    facts: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for fact in step.facts:
        try:
            value = read_fact(fact, given.get(fact.name), office, today)
        except ValueError as fault:
            refusals.append(Refusal(str(fault), fact.name))
            continue
        if value is None:
            if fact.required and is_strict:
                refusals.append(Refusal(missing(fact), fact.name))
        elif fact.is_personal:
            texts[fact.name] = value
        else:
            facts[fact.code] = value
    if refusals:
        raise StepRefused(*refusals)
    return facts, texts


def _names_of(step: Step) -> str:
    return ", ".join(fact.name for fact in step.facts if not fact.is_for_import) or "none"


def missing(fact: Fact) -> str:
    """The sentence that asks for a required fact."""
    if fact.label.endswith("?"):
        return f"Answer “{fact.label}”."
    verb = "Select" if fact.kind in ("choice", "choices", "flag") else "Enter"
    return f"{verb} {fact.label[0].lower()}{fact.label[1:]}."


def read_fact(fact: Fact, given: Any, office: OfficeRules, today: date) -> Any:
    """One value, None when blank. Raises ValueError with a sentence."""
    if given is None or given == "" or given == [] or given == ():
        return None
    if fact.kind == "day":
        return _day(fact, given, today)
    if fact.kind == "text":
        return _text(fact, given)
    if fact.kind == "flag":
        return _flag(fact, given)
    if fact.kind == "number":
        return _number(fact, given)
    if fact.kind == "file":
        return _file(fact, given)
    codes = {choice.code for choice in office.choices_of(fact)}
    if fact.kind == "choice":
        return _choice(fact, given, codes)
    if not isinstance(given, list | tuple):
        raise ValueError(f"{fact.label} takes a list of codes.")
    return tuple(_choice(fact, code, codes) for code in given)


def _iso_day(given: str) -> date:
    """The one form that the log and scripts write; Python alone would take 20260403 too."""
    if ISO_DAY.fullmatch(given) is None:
        raise ValueError(given)
    return date.fromisoformat(given)


def _day(fact: Fact, given: Any, today: date) -> date:
    try:
        day = given if isinstance(given, date) else _iso_day(given)
    except (TypeError, ValueError):
        raise ValueError(f"{fact.label} must be a real day, such as {today.isoformat()}.") from None
    if day > today and not fact.is_ahead:
        raise ValueError(f"{fact.label} ({in_words(day)}) is in the future.")
    return day


def _text(fact: Fact, given: Any) -> str | None:
    if not isinstance(given, str):
        raise ValueError(f"{fact.label} must be words.")
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").strip())
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"{fact.label} has a character that cannot be kept. Delete it.")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{fact.label} must be {LONGEST_TEXT:,} characters or fewer.")
    return text or None


def _flag(fact: Fact, given: Any) -> bool | None:
    if given not in (True, False) or not isinstance(given, bool):
        raise ValueError(f"{fact.label} must be true or false.")
    return given or None


def _number(fact: Fact, given: Any) -> int:
    is_digits = isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 9
    if isinstance(given, bool) or not (isinstance(given, int) or is_digits):
        raise ValueError(f"{fact.label} must be a whole number.")
    number = int(given)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(f"{fact.label} must be between 0 and {LARGEST_NUMBER:,}.")
    return number


def _file(fact: Fact, given: Any) -> str:
    if not isinstance(given, str) or SHA_256.fullmatch(given) is None:
        raise ValueError(
            f"{fact.label} must be a stored file, named by its SHA-256 in hexadecimal."
        )
    return given


def _choice(fact: Fact, given: Any, codes: set[str]) -> str:
    if not isinstance(given, str) or given not in codes:
        accepted = ", ".join(sorted(codes)) or "nothing: the office has none yet"
        raise ValueError(f"{fact.label} must be one of: {accepted}.")
    return given


def day_or_refuse(day: date | None, today: date) -> date:
    """The day a step is said to have happened; StepRefused if none, to come, or before records."""
    if day is None:
        raise StepRefused.because("Enter the day it happened.", EFFECTIVE_ON)
    if day > today:
        raise StepRefused.because(
            f"{in_words(day)} is in the future. Enter the day it happened, "
            f"today ({in_words(today)}) at the latest.",
            EFFECTIVE_ON,
        )
    if day < COVERED_FROM:
        raise StepRefused.because(
            f"{in_words(day)} is too early: working days are known from {COVERED_FROM.year} on. "
            "Check the year.",
            EFFECTIVE_ON,
        )
    return day


def to_stat(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Coded values as an event's `stat` holds them: days as text, tuples as lists."""
    return {code: _plain(value) for code, value in facts.items()}


def stat_of(move: Move) -> dict[str, Any]:
    """What the event of a move holds: its coded values, and which of its days are a best guess."""
    stat = to_stat(move.facts)
    return {**stat, "estimated": sorted(move.estimated)} if move.estimated else stat


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_stat(step: Step | None, stat: Mapping[str, Any]) -> dict[str, Any]:
    """Coded values from an event's `stat`; the inverse of `to_stat` for the step's facts."""
    kinds = {code: fact.kind for code, fact in step.facts_by_code.items()} if step else {}
    return {code: _typed(kinds.get(code), value) for code, value in stat.items()}


def _typed(kind: str | None, value: Any) -> Any:
    if kind == "day" and isinstance(value, str):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
