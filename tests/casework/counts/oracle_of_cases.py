"""The only place that tells what happened to one case, from raw events, in the order it happened."""

from datetime import date
from functools import cache, partial
from typing import Any

from tests.casework.counts import oracle_of_times as times

CLOSING = {
    "found_invalid": "invalid",
    "forwarded": "forwarded",
    "withdrawn": "withdrawn",
    "upheld": "upheld",
    "not_upheld": "not_upheld",
}


def annulled(events: list[dict[str, Any]]) -> set[int]:
    """The positions of what never happened; an annulled annulment has no effect."""
    never: set[int] = set()
    for event in reversed(events):
        if event["action"] == "annulled" and event["seq"] not in never:
            never.add(event["target"])
    return never


def told(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": event["seq"],
        "token": event["id"],
        "about": event["stat"].get("item"),
        "what": event["action"],
        "on": date.fromisoformat(event["effective_on"]),
        "guessed": "effective_on" in event["stat"].get("estimated", []),
        **{f"its {name}": value for name, value in event["stat"].items()},
    }


def mend(one: dict[str, Any], stat: dict[str, Any]) -> None:
    for name, value in stat.items():
        if name == "effective_on":
            one["on"], one["guessed"] = date.fromisoformat(value), False
        else:
            one[f"its {name}"] = value


class Story:
    """What happened to one case, after corrections and annulments, in the order it happened."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        never = annulled(events)
        happened = {
            event["seq"]: told(event)
            for event in events
            if event["effective_on"] is not None and event["seq"] not in never
        }
        for event in events:
            if event["action"] != "corrected" or event["seq"] in never:
                continue
            if event["target"] in happened:
                mend(happened[event["target"]], event["stat"])
        in_order = sorted(happened.values(), key=lambda one: (one["on"], one["seq"]))
        self.happened = [one for one in in_order if one["about"] is None]
        self.to_items = [one for one in in_order if one["about"] is not None]
        self.at_end_of = cache(self._at_end_of)
        self.waited_for = cache(partial(times.waited_for, self))

    def _at_end_of(self, day: date) -> dict[str, Any]:
        """Everything that is true of the case when the day is over."""
        true: dict[str, Any] = {"received": None, "valid": None, "closure": None}
        for one in self.happened:
            if one["on"] > day:
                break
            what = one["what"]
            if what == "logged":
                true["received"] = one
            elif what == "found_valid":
                true["valid"] = one
            elif what in CLOSING:
                true["closure"] = one
                if what in ("found_invalid", "forwarded"):
                    true["valid"] = None
            elif what == "reopened":
                true["closure"] = None
            for name in ("route", "categories"):
                if one.get(f"its {name}") is not None:
                    true[name] = one[f"its {name}"]
        return true

    def received_on(self) -> date | None:
        first = next((one for one in self.happened if one["what"] == "logged"), None)
        return first["on"] if first else None

    def state(self, day: date) -> str:
        closure = self.at_end_of(day)["closure"]
        return CLOSING[closure["what"]] if closure else "open"

    def recommended(
        self, closure: dict[str, Any], by: date
    ) -> list[tuple[str, date, str, str | None]]:
        """What a decision recommends and what was sent under it by a day: with any known answer."""
        answers = closure.get("its responses") or []
        made = [
            (
                f"{closure['token']}.{place}",
                closure["on"],
                kind,
                dict(enumerate(answers)).get(place),
            )
            for place, kind in enumerate(closure.get("its recommendations") or [])
        ]
        later = [
            (one["about"], one["on"], one["its recommendations"], None)
            for one in self.to_items
            if one["what"] == "recommendation_made" and one["on"] <= by
            if self.closure_at(one) == closure["seq"]
        ]
        return made + later

    def closure_at(self, one: dict[str, Any]) -> int | None:
        """The position of the closure that stood when something happened."""
        closed = None
        for other in self.happened:
            if (other["on"], other["seq"]) > (one["on"], one["seq"]):
                break
            if other["what"] in CLOSING:
                closed = other["seq"]
            elif other["what"] == "reopened":
                closed = None
        return closed

    def of_item(self, token: str) -> list[dict[str, Any]]:
        return [one for one in self.to_items if one["about"] == token]

    def is_open(self, day: date) -> bool:
        true = self.at_end_of(day)
        return true["received"] is not None and true["closure"] is None

    def reopened_on(self, closure: dict[str, Any]) -> date | None:
        later = self.happened[self.happened.index(closure) :]
        return next((one["on"] for one in later if one["what"] == "reopened"), None)

    def first_letter(self, closure: dict[str, Any], by: date) -> dict[str, Any] | None:
        """The first letter about a closure that stood and was sent by a day."""
        after = self.happened[self.happened.index(closure) :]
        letters = []
        for one in after:
            if one["what"] == "reopened":
                break
            if one["what"] == "decision_notified" and one["on"] <= by:
                letters.append(one)
        ended_on = self.reopened_on(closure)
        stood = [letter for letter in letters if letter["on"] != ended_on]
        return min(stood, key=lambda letter: (letter["on"], letter["guessed"]), default=None)
