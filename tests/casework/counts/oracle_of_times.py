"""The only place that counts days the slow way: one at a time, asking of each who was waited for."""

from datetime import date
from itertools import pairwise
from typing import Any

from tests.casework.counts.oracle_of_days import rounded, spread, working_days

STARTS = ("received", "validated", "acknowledged", "papers")
ENDS = ("decided", "notified")
PARTIES = ("applicant", "force", "iopc", "legal")


def durations(
    made: list[tuple[Any, dict[str, Any]]], last: date, status_on: date, extra: frozenset[date]
) -> list[dict[str, Any]]:
    """How long the decisions of a period took, from each start to each end, and who was waited for."""
    return [duration(start, end, made, last, status_on, extra) for end in ENDS for start in STARTS]


def duration(
    start: str,
    end: str,
    made: list[tuple[Any, dict[str, Any]]],
    last: date,
    status_on: date,
    extra: frozenset[date],
) -> dict[str, Any]:
    took: list[int] = []
    waited: dict[str, list[int]] = {party: [] for party in PARTIES}
    for story, closure in made:
        begun = begin(story, start, min(last, status_on))
        over = closure if end == "decided" else story.first_letter(closure, status_on)
        if not begun or not over or begun["guessed"] or over["guessed"]:
            continue
        if begun["on"] > over["on"]:
            continue
        took.append(working_days(begun["on"], over["on"], extra))
        for party, days in waiting_days(story, begun["on"], over["on"], extra).items():
            waited[party].append(days)
    found = spread(end, len(made), took) | {"from": start}
    means = {
        party: {
            "cases": sum(n > 0 for n in days),
            "mean_working_days": rounded(sum(days), len(took)),
        }
        for party, days in waited.items()
    }
    return found | {"waiting": means}


def begin(story: Any, start: str, day: date) -> dict[str, Any] | None:
    if start == "validated":
        return story.at_end_of(day)["valid"]
    if start == "papers":
        return first_complete_file(story)
    what = {"received": "logged", "acknowledged": "acknowledged"}[start]
    entries = [one for one in story.happened if one["what"] == what]
    return min(entries, key=lambda one: (one["on"], one["guessed"]), default=None)


def first_complete_file(story: Any) -> dict[str, Any] | None:
    """What came on the first day at whose end nothing of the file was said to be missing."""
    came = [one for one in story.happened if one["what"] == "file_received"]
    for one in sorted(came, key=lambda one: (one["on"], one["guessed"])):
        if extent(story, one["on"]) != "part":
            return one
    return None


def extent(story: Any, day: date) -> str | None:
    """What was last said of how much of the file is there, by the end of a day."""
    said = [one.get("its extent") for one in story.happened if one["on"] <= day]
    return next((each for each in reversed(said) if each), None)


def waiting_days(story: Any, start: date, end: date, extra: frozenset[date]) -> dict[str, int]:
    """The working days after the start up to the end on whose eve a party was waited for."""
    counts = dict.fromkeys(PARTIES, 0)
    eventful = {one["on"] for one in story.happened if start < one["on"] < end}
    for day, next_day in pairwise(sorted({start, *eventful, end})):
        for party in story.waited_for(day):
            counts[party] += working_days(day, next_day, extra)
    return counts


def waited_for(story: Any, day: date) -> set[str]:
    """Whom the office waits for when a day is over: as it recorded, and the force for its file."""
    said, asked, came, written, closed = None, False, False, False, False
    for one in story.happened:
        if one["on"] > day:
            break
        what = one["what"]
        said = one.get("its waiting_for") or said
        asked = asked or what == "file_requested"
        came = came or what == "file_received"
        if what in ("waiting_ended", *CLOSINGS):
            said = None
        if what == "review_written":
            written = True
        if what in ("review_returned", "forwarded", "upheld", "not_upheld"):
            written = False
        if what in (*CLOSINGS, "reopened"):
            closed = what != "reopened"
    is_there = came and extent(story, day) != "part"
    awaits_file = asked and not is_there and not written and not closed
    return {party for party in (said, "force" if awaits_file else None) if party}


CLOSINGS = ("found_invalid", "forwarded", "withdrawn", "upheld", "not_upheld")


def open_cases(
    cases: list[Any], last: date, status_on: date, extra: frozenset[date], target: int
) -> dict[str, Any]:
    """What is open at the end of what is counted, how long already, and who is waited for."""
    day = min(last, status_on)
    open_ones = [story for story in cases if story.is_open(day)]
    received = [next(one for one in s.happened if one["what"] == "logged") for s in open_ones]
    known = [one["on"] for one in received if not one["guessed"]]
    ages = [working_days(on, day, extra) for on in known]
    stages = [stage(story, day) for story in open_ones]
    return {
        "open": len(open_ones),
        **{name: stages.count(name) for name in ("undetermined", "valid", "reviewed")},
        "known": len(known),
        "over_target": sum(age > target for age in ages),
        "target_working_days": target,
        "oldest_received_on": min(known).isoformat() if known else None,
        "oldest_working_days": max(ages, default=None),
        "waiting": {
            party: sum(party in story.waited_for(day) for story in open_ones) for party in PARTIES
        },
    }


def stage(story: Any, day: date) -> str:
    """How far an open case has come by the end of a day."""
    found = "undetermined"
    before = found
    for one in story.happened:
        if one["on"] > day:
            break
        what = one["what"]
        if what in ("found_valid", "review_returned"):
            found = "valid"
        elif what == "review_written":
            found = "reviewed"
        elif what in CLOSINGS:
            before = {"upheld": "valid", "not_upheld": "valid", "withdrawn": found}.get(
                what, "undetermined"
            )
        elif what == "reopened":
            found = before
    return found


def acknowledgement(
    cohort: list[Any], status_on: date, extra: frozenset[date], target: int
) -> dict[str, Any]:
    """How soon the applications received in a period were acknowledged."""
    firsts = [
        (begin(s, "received", status_on), begin(s, "acknowledged", status_on)) for s in cohort
    ]
    done = [(start, end) for start, end in firsts if end and end["on"] <= status_on]
    took = [
        working_days(start["on"], end["on"], extra)
        for start, end in done
        if start and not start["guessed"] and not end["guessed"]
    ]
    return {
        "received": len(cohort),
        "acknowledged": len(done),
        "not_acknowledged": len(cohort) - len(done),
        "known": len(took),
        "within_target": sum(days <= target for days in took),
        "target_working_days": target,
    }
