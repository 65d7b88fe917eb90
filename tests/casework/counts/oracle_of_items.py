"""The only place that counts recommendations the slow way: each case's, as they stood on a day."""

from datetime import date, timedelta
from typing import Any


def recommendations(cases: list[Any], first: date, last: date, status_on: date) -> dict[str, Any]:
    counts: dict[str, Any] = dict.fromkeys(
        (
            *("made", "accepted", "partly_accepted", "rejected", "awaiting", "unknown", "overdue"),
            *("extended", "responded_late", "implemented", "lapsed", "observations"),
        ),
        0,
    )
    kinds: dict[str, int] = {}
    for story in cases:
        closure = story.at_end_of(status_on)["closure"]
        if not closure:
            continue
        for token, made_on, kind, answer in story.recommended(closure, status_on):
            if not first <= made_on <= min(status_on, last):
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            for name in ("made", *became(story.of_item(token), made_on, kind, answer, status_on)):
                counts[name] += 1
        if first <= closure["on"] <= min(status_on, last):
            counts["observations"] += closure.get("its observations") or 0
    return {**counts, "by_kind": kinds}


def became(
    since: list[dict[str, Any]], made_on: date, kind: str, answer: str | None, status_on: date
) -> list[str]:
    """Which figures a recommendation is in, from what happened to it by the end of a day."""
    due_on = made_on + timedelta(days=28)
    names = set()
    is_answered = answer not in (None, "unknown")
    for one in since:
        if one["on"] > status_on:
            break
        if one["what"] == "response_time_extended":
            due_on = date.fromisoformat(one["its response_due"])
            names.add("extended")
        elif one["what"] == "response_received":
            if not is_answered and one["on"] > due_on:
                names.add("responded_late")
            answer, is_answered = one["its responses"], True
        elif one["what"] in ("recommendation_implemented", "recommendation_lapsed"):
            names.add(one["what"].removeprefix("recommendation_"))
    is_over = bool(names & {"implemented", "lapsed"})
    names.add(answer or ("unknown" if is_over else "awaiting"))
    if not answer and not is_over and kind != "notify_dpp" and due_on < status_on:
        names.add("overdue")
    return list(names)
