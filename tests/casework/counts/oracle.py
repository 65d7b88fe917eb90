"""The only place that counts the slow, obvious way: raw events folded in plain Python.

Written from the published definitions alone. It shares no code with what it judges: it reads
the exact bytes of the log and answers with the report's plain shape, all but its sentences.
"""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from tests.casework.counts import oracle_of_matters as matters
from tests.casework.counts import oracle_of_times as times
from tests.casework.counts.oracle_of_cases import CLOSING, Story
from tests.casework.counts.oracle_of_days import rounded, spread, working_days
from tests.casework.counts.oracle_of_items import recommendations

DECIDED = ("upheld", "not_upheld")


def report(
    bodies: list[bytes], first: date, last: date, status_on: date, year: str | None = None
) -> dict[str, Any]:
    """The whole report over exactly these events, all but its narrative."""
    events = [json.loads(body) for body in bodies]
    office = settings(events)
    cases = [
        Story([event for event in events if event["case"] == case])
        for case in dict.fromkeys(event["case"] for event in events if event["case"])
    ]
    counted = {
        "report": "annual" if year else "period",
        "period": {"from": first.isoformat(), "to": last.isoformat()},
        "status_on": status_on.isoformat(),
        "log_size": len(events),
        "log_root": root(
            [hashlib.sha256(b"\x00casework-event/v1\n" + body).digest() for body in bodies]
        ).hex(),
        "office": office.get("office_name", "Office of the Police and Crime Commissioner"),
        "clock_start": office.get("clock_start", "received"),
        **blocks(cases, first, last, status_on, office),
        "previous": year_before(cases, first, last, status_on, office),
    }
    if year:
        of_years = {
            "characteristics": counted_by_characteristic(cases, first, last, status_on, office)
        }
        counted |= of_years | {"year": year, **columns(cases, first, last, status_on)}
        counted["previous"]["year"] = f"{first.year - 1}-{first.year % 100:02}"
    return counted


def blocks(
    cases: list[Story], first: date, last: date, status_on: date, office: dict[str, Any]
) -> dict[str, Any]:
    """Every part of a report but its quarters and year-to-date columns; nothing is withheld."""
    extra = extra_holidays(office)
    received = in_cohort(cases, first, last, status_on)
    made = decisions(cases, first, last, status_on)
    decide_target = office.get("decide_target", 28)
    return {
        "cohort": cohort(cases, first, last, status_on),
        "activity": activity(cases, first, last, status_on),
        "timeliness": timeliness(cases, first, last, status_on, office),
        "by_route": by_route(cases, first, last, status_on),
        "by_category": by_category(cases, first, last, status_on),
        "recommendations": recommendations(cases, first, last, status_on),
        "durations": times.durations(made, last, status_on, extra),
        "open_cases": times.open_cases(cases, last, status_on, extra, decide_target),
        "acknowledgement": times.acknowledgement(
            received, status_on, extra, office.get("acknowledge_target", 5)
        ),
        "found_invalid": matters.found_invalid(cases, first, min(status_on, last)),
        "late": matters.late(received, status_on),
        "reopenings": matters.reopenings(cases, first, last, status_on),
        "learning": matters.learning(cases, first, last, status_on),
        "not_known": matters.not_known(received, status_on),
        "by_force": matters.by_force(received, made, last, status_on),
    }


def counted_by_characteristic(
    cases: list[Story], first: date, last: date, status_on: date, office: dict[str, Any]
) -> dict[str, Any]:
    """In a year's own report alone: two reports of days that overlap would give away what is small."""
    return {
        "withheld_under": office.get("small_number", 5),
        "rows": matters.characteristics(in_cohort(cases, first, last, status_on), status_on),
    }


def extra_holidays(office: dict[str, Any]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in office.get("extra_holidays", []))


def year_before(
    cases: list[Story], first: date, last: date, status_on: date, office: dict[str, Any]
) -> dict[str, Any]:
    """The same of a year earlier, by how the cases stood a year before the status day."""
    first, last, status_on = before(first), end_before(last), end_before(status_on)
    return {
        "period": {"from": first.isoformat(), "to": last.isoformat()},
        "status_on": status_on.isoformat(),
        **blocks(cases, first, last, status_on, office),
    }


def before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return date(day.year - 1, day.month, day.day)


def end_before(day: date) -> date:
    """A day that ends something; what ends with February does so the year before too."""
    next_day = day + timedelta(days=1)
    if (next_day.month, next_day.day) == (3, 1):
        return date(day.year - 1, 3, 1) - timedelta(days=1)
    return before(day)


def columns(cases: list[Story], first: date, last: date, status_on: date) -> dict[str, Any]:
    starts = [first, date(first.year, 7, 1), date(first.year, 10, 1), date(last.year, 1, 1)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    return {
        "quarters": [
            {
                "quarter": f"Q{number}",
                "from": start.isoformat(),
                "to": end.isoformat(),
                "cohort": cohort(cases, start, end, status_on),
                "activity": activity(cases, start, end, status_on),
            }
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        ],
        "year_to_date": [
            {"to": end.isoformat(), "activity": activity(cases, first, end, status_on)}
            for end in ends
        ],
    }


def settings(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        event["stat"]["setting"]: event["stat"]["value"]
        for event in events
        if event["action"] == "setting_changed"
    }


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


def percent(part: int, whole: int) -> float | None:
    return rounded(100 * part, whole)


def cohort(cases: list[Story], first: date, last: date, status_on: date) -> dict[str, Any]:
    received = in_cohort(cases, first, last, status_on)
    states = [story.state(status_on) for story in received]
    valid = [story.at_end_of(status_on)["valid"] is not None for story in received]
    both = list(zip(states, valid, strict=True))
    reasons: dict[str, int] = {}
    for story in received:
        closure = story.at_end_of(status_on)["closure"]
        if closure and closure["what"] == "found_invalid":
            reason = closure["its invalid_reason"]
            reasons[reason] = reasons.get(reason, 0) + 1
    upheld, not_upheld = states.count("upheld"), states.count("not_upheld")
    return {
        "received": len(received),
        "valid": valid.count(True),
        "invalid": states.count("invalid"),
        "forwarded": states.count("forwarded"),
        "undetermined": both.count(("open", False)),
        "withdrawn_undetermined": both.count(("withdrawn", False)),
        "withdrawn": states.count("withdrawn"),
        "upheld": upheld,
        "not_upheld": not_upheld,
        "ongoing": both.count(("open", True)),
        "percent_upheld": percent(upheld, upheld + not_upheld),
        "invalid_by_reason": reasons,
    }


def in_cohort(cases: list[Story], first: date, last: date, status_on: date) -> list[Story]:
    days = [(story, story.received_on()) for story in cases]
    return [story for story, day in days if day and first <= day <= last and day <= status_on]


def activity(cases: list[Story], first: date, last: date, status_on: date) -> dict[str, Any]:
    s = min(status_on, last)
    b = min(s, first - timedelta(days=1))
    counts = dict.fromkeys(
        (
            *("brought_forward", "received", "reopened", "found_valid", "found_invalid"),
            *("forwarded", "withdrawn", "completed", "upheld", "not_upheld", "carried_forward"),
        ),
        0,
    )
    for story in cases:
        received_on = story.received_on()
        before, after = story.at_end_of(b), story.at_end_of(s)
        counts["brought_forward"] += story.is_open(b)
        counts["carried_forward"] += story.is_open(s)
        counts["received"] += received_on is not None and first <= received_on <= s
        if after["valid"] and first <= after["valid"]["on"] <= s:
            counts["found_valid"] += 1
        if before["closure"] and (
            not after["closure"] or after["closure"]["seq"] != before["closure"]["seq"]
        ):
            counts["reopened"] += 1
        if after["closure"] and first <= after["closure"]["on"] <= s:
            code = CLOSING[after["closure"]["what"]]
            counts["found_invalid" if code == "invalid" else code] += 1
            counts["completed"] += code in DECIDED
    upheld, not_upheld = counts["upheld"], counts["not_upheld"]
    return {**counts, "percent_upheld": percent(upheld, upheld + not_upheld)}


def decisions(
    cases: list[Story], first: date, last: date, status_on: date
) -> list[tuple[Story, dict[str, Any]]]:
    s = min(status_on, last)
    closures = [(story, story.at_end_of(s)["closure"]) for story in cases]
    return [
        (story, closure)
        for story, closure in closures
        if closure and CLOSING[closure["what"]] in DECIDED and first <= closure["on"] <= s
    ]


def timeliness(
    cases: list[Story], first: date, last: date, status_on: date, office: dict[str, Any]
) -> list[dict[str, Any]]:
    extra = extra_holidays(office)
    target = office.get("decide_target", 28)
    made = decisions(cases, first, last, status_on)
    decided, notified = [], []
    for story, closure in made:
        received = next(one for one in story.happened if one["what"] == "logged")
        letter = story.first_letter(closure, status_on)
        if not received["guessed"] and not closure["guessed"]:
            decided.append(working_days(received["on"], closure["on"], extra))
        if not received["guessed"] and letter and not letter["guessed"]:
            notified.append(working_days(received["on"], letter["on"], extra))
    within = sum(days <= target for days in decided)
    return [
        spread("decided", len(made), decided)
        | {"within_target": within, "target_working_days": target},
        spread("notified", len(made), notified)
        | {"within_target": None, "target_working_days": None},
    ]


def by_route(cases: list[Story], first: date, last: date, status_on: date) -> dict[str, Any]:
    routes: dict[str, list[str]] = {"otherwise": [], "investigation": [], "unknown": []}
    for story, closure in decisions(cases, first, last, status_on):
        route = story.at_end_of(min(status_on, last)).get("route", "unknown")
        routes[route].append(CLOSING[closure["what"]])
    return {
        route: {
            "completed": len(ends),
            "upheld": ends.count("upheld"),
            "percent_upheld": percent(ends.count("upheld"), len(ends)),
        }
        for route, ends in routes.items()
    }


def by_category(cases: list[Story], first: date, last: date, status_on: date) -> dict[str, Any]:
    letters: dict[str, dict[str, int]] = {}
    for story in in_cohort(cases, first, last, status_on):
        true = story.at_end_of(status_on)
        for letter in {code[0] for code in true.get("categories", [])} or {"none"}:
            row = letters.setdefault(letter, {"received": 0, "valid": 0, "upheld": 0})
            row["received"] += 1
            row["valid"] += true["valid"] is not None
            row["upheld"] += story.state(status_on) == "upheld"
    return letters
