"""The only place that says which recommendations a case's decisions make, and what ends them.

A decision and its recommendations are one event: each of them arises from the decision's
entry, at its place in the list, and follows it when it is corrected. Reopening the case sets
aside what stood under the decision, also what was sent later. What its decision never made
never was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.complaint_review_guards import DECISIONS
from workflows.definition import Entry
from workflows.history import EFFECTIVE_ON, standing_entries

RECOMMEND = "recommend"
CARRY_OVER = "carry_over"
SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class _Decision:
    """A decision as corrected, and the reopening that set it aside, None while it stands."""

    entry: Entry
    ended: Entry | None

    def stood_at(self, entry: Entry) -> bool:
        """Whether it stood when an entry took effect."""
        end = self.ended
        return _place(self.entry) <= _place(entry) and (end is None or _place(entry) < _place(end))


def _place(entry: Entry) -> tuple[object, int]:
    return (entry.effective_on, entry.seq)


def arises(
    case: Sequence[Entry], own: Mapping[str, tuple[Entry, ...]]
) -> dict[str, tuple[Entry, ...]]:
    """The history of every recommendation that stands on a case, in log order, by item.

    `case` is the case's log; `own` holds the entries that recommendations have of their own.
    """
    decisions = tuple(_decisions(case))
    found: dict[str, tuple[Entry, ...]] = {}
    for decision in decisions:
        for token, made in _made_by(decision.entry):
            found[token] = _whole((made, *own.get(token, ())), decision)
    for token, entries in own.items():
        decision_then = _decision_behind(decisions, entries)
        if token not in found and decision_then is not None:
            found[token] = _whole(entries, decision_then)
    return found


def _decisions(case: Sequence[Entry]) -> Iterator[_Decision]:
    if not any(entry.step in DECISIONS for entry in case):
        return  # asked at every step of every case, most of which are not decided yet
    entries = standing_entries(case)
    ended_by = {entry.target: entry for entry in entries if entry.step == "reopen"}
    for entry in entries:
        if entry.step in DECISIONS:
            yield _Decision(entry, ended_by.get(entry.seq))


def _made_by(decision: Entry) -> Iterator[tuple[str, Entry]]:
    """What a decision recommends, each with its token; a register's response comes with it."""
    responses = decision.facts.get("responses", ())
    for place, kind in enumerate(decision.facts.get("recommendations", ())):
        answered = {"responses": responses[place]} if place < len(responses) else {}
        yield (
            f"{decision.token}.{place}",
            Entry(
                seq=decision.seq,
                step=CARRY_OVER if answered else RECOMMEND,
                effective_on=decision.effective_on,
                facts={"recommendations": kind, **answered},
                actor=decision.actor,
                token=decision.token,
                estimated=decision.estimated & {EFFECTIVE_ON},
            ),
        )


def _decision_behind(
    decisions: Sequence[_Decision], entries: tuple[Entry, ...]
) -> _Decision | None:
    """The decision under which a recommendation was sent that began with these entries."""
    first = next(iter(standing_entries(entries)), None)
    if first is None or first.step != RECOMMEND:
        return None
    return next((decision for decision in decisions if decision.stood_at(first)), None)


def _whole(entries: tuple[Entry, ...], decision: _Decision) -> tuple[Entry, ...]:
    if decision.ended is None:
        return entries
    end = decision.ended
    ending = Entry(end.seq, SET_ASIDE, end.effective_on, {}, end.actor, end.token)
    return tuple(sorted((*entries, ending), key=lambda entry: entry.seq))
