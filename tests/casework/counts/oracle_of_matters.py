"""The only place that counts the slow way what arose in a case: lateness, reopening, learning."""

from datetime import date
from typing import Any

CHARACTERISTICS = ("F", *(f"F{number}" for number in range(1, 11)))


def found_invalid(cases: Any, first: date, last: date) -> dict[str, Any]:
    """Closed as invalid in the period and still so at its end, by the reason that closed them."""
    closures = [story.at_end_of(last)["closure"] for story in cases]
    reasons = [
        closure["its invalid_reason"]
        for closure in closures
        if closure and closure["what"] == "found_invalid" and first <= closure["on"] <= last
    ]
    return {"found": len(reasons), "by_reason": {each: reasons.count(each) for each in reasons}}


def late(cohort: list[Any], status_on: date) -> dict[str, int]:
    """The applications of the cohort that came late: let in all the same, or not."""
    counts = {"accepted": 0, "refused": 0}
    for story in cohort:
        is_extended = said(story, "extra_time", status_on) == "extended"
        is_extended = is_extended or bool(said(story, "time_extended", status_on))
        closure = story.at_end_of(status_on)["closure"]
        counts["accepted"] += bool(story.at_end_of(status_on)["valid"]) and is_extended
        if closure and closure["what"] == "found_invalid":
            counts["refused"] += closure["its invalid_reason"] == "out_of_time"
    return counts


def said(story: Any, name: str, day: date) -> Any:
    """What was last said of something by the end of a day."""
    values = [one.get(f"its {name}") for one in story.happened if one["on"] <= day]
    return next((value for value in reversed(values) if value is not None), None)


def reopenings(cases: list[Any], first: date, last: date, status_on: date) -> dict[str, Any]:
    """Cases reopened in the period, once for each day, by the last reason of that day."""
    reasons: list[str] = []
    for story in cases:
        by_day = {
            one["on"]: one["its reopen_reason"]
            for one in story.happened
            if one["what"] == "reopened" and first <= one["on"] <= min(last, status_on)
        }
        reasons += by_day.values()
    return {
        "reopened": len(reasons),
        "returned_by_iopc": reasons.count("returned_by_iopc"),
        "by_reason": {reason: reasons.count(reason) for reason in set(reasons)},
    }


def learning(cases: list[Any], first: date, last: date, status_on: date) -> dict[str, Any]:
    """The learning points noted in the period: those told, by outcome, and by theme."""
    counts = {"noted": 0, "fed_back": 0}
    outcomes = dict.fromkeys(("upheld", "not_upheld", "open", "other"), 0)
    themes: dict[str, int] = {}
    stated = {"upheld": 0, "not_upheld": 0}
    for story in cases:
        closure = story.at_end_of(status_on)["closure"]
        if closure and closure["what"] not in stated:
            closure = None
        if closure and first <= closure["on"] <= min(last, status_on):
            stated[closure["what"]] += closure.get("its observations") or 0
        for point in story.to_items if story.received_on() else ():
            if point["what"] != "learning_point_noted":
                continue
            if not first <= point["on"] <= min(last, status_on):
                continue
            counts["noted"] += 1
            counts["fed_back"] += any(
                one["what"] == "learning_point_fed_back" and one["on"] <= status_on
                for one in story.of_item(point["about"])
            )
            state = story.state(status_on)
            outcomes[state if state in outcomes else "other"] += 1
            for theme in set(point.get("its themes") or ["none"]):
                themes[theme] = themes.get(theme, 0) + 1
    return {
        **counts,
        "by_outcome": outcomes,
        "by_theme": themes,
        "stated": sum(stated.values()),
        "stated_by_outcome": stated,
    }


def not_known(cohort: list[Any], status_on: date) -> dict[str, int]:
    """The gaps in what is recorded of the cohort."""
    names = ("received", "validated", "decided", "notified", "route", "categories", "force")
    counts = dict.fromkeys(names, 0)
    for story in cohort:
        true = story.at_end_of(status_on)
        closure = true["closure"] if story.state(status_on) in ("upheld", "not_upheld") else None
        counts["received"] += true["received"]["guessed"]
        counts["validated"] += bool(true["valid"] and true["valid"]["guessed"])
        counts["decided"] += bool(closure and closure["guessed"])
        counts["notified"] += bool(closure and not story.first_letter(closure, status_on))
        counts["route"] += bool(true["valid"] and not said(story, "route", status_on))
        counts["categories"] += not said(story, "categories", status_on)
        counts["force"] += not said(story, "force", status_on)
    return counts


def by_force(
    cohort: list[Any], made: list[tuple[Any, Any]], last: date, status_on: date
) -> dict[str, Any]:
    """The cohort by police force, and beside it the decisions of the period."""
    forces: dict[str, dict[str, int]] = {}

    def row(story: Any, day: date) -> dict[str, int]:
        names = ("received", "valid", "upheld", "not_upheld", "completed")
        return forces.setdefault(said(story, "force", day) or "unknown", dict.fromkeys(names, 0))

    for story in cohort:
        count(row(story, status_on), story, status_on)
    for story, _ in made:
        row(story, min(last, status_on))["completed"] += 1
    return forces


def count(counts: dict[str, int], story: Any, status_on: date) -> None:
    counts["received"] += 1
    counts["valid"] += story.at_end_of(status_on)["valid"] is not None
    for outcome in ("upheld", "not_upheld"):
        counts[outcome] += story.state(status_on) == outcome


def characteristics(cohort: list[Any], status_on: date) -> dict[str, dict[str, int]]:
    """The cohort's cases with discriminatory behaviour alleged: any, and by characteristic."""
    names = ("received", "valid", "upheld", "not_upheld")
    rows = {code: dict.fromkeys(names, 0) for code in ("any", *CHARACTERISTICS)}
    for story in cohort:
        alleged = {code for code in said(story, "categories", status_on) or [] if code[0] == "F"}
        for code in {*alleged, "any"} if alleged else ():
            count(rows[code], story, status_on)
    return rows
