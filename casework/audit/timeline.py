"""The only place that tells events as people read them: one event, one `Line`.

Titles, labels and choices come from the workflow's definition; a code that neither it nor the
office knows any more is shown as it is. Nothing is hidden: a corrected entry shows how it
stands and what was entered first, an annulled one stays and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.audit.events import ITEM, ITEM_STATE, ITEM_VERSION, PINNED, Event, entries
from casework.audit.items import items_in
from casework.audit.versions import Version, Versions, versions_of
from casework.audit.words import label_of, role_of, title_of, value_in_words, who
from workflows.amendments import REASON
from workflows.calendar import Calendar, in_words, london_day
from workflows.complaint_review_guards import MAY_DECIDE
from workflows.definition import Entry, Fact, OfficeRules, Step, Workflow
from workflows.history import EFFECTIVE_ON
from workflows.recommendation_rules import MAY_RECOMMEND

Pairs = tuple[tuple[str, str], ...]
Changes = tuple[tuple[str, str, str], ...]
ERASED = "The words were erased."
NOTHING = "Nothing"
GUESSED = "Best guess, not a known day"
WORKING_DAYS_TO_ENTER = 1
_SIGNED_OFF = (MAY_DECIDE, MAY_RECOMMEND)
# What says which item an event is about, and under which definition it or its case was begun,
# is not told as a fact: pages show it in their headings.
_UNTOLD = frozenset({ITEM, ITEM_STATE, ITEM_VERSION, *PINNED})


@dataclass(frozen=True)
class Line:
    """One event in words.

    `effective_on`, `facts` and `texts` are as they now stand after corrections; `as_entered`
    are the (label, old value) pairs that corrections replaced. `changes` are a correction's
    own (label, before, after). `target` is the entry that is corrected, annulled or reopened.
    `at` is in UTC. `is_late`: the day was entered more than one working day after it; a
    register's import is not called late. `is_decision`: the sign-off rule says who may.
    `is_withheld`: its words are of another case, which who reads may not see.
    `item` is the token of the item that the event is about, None where it is the case itself.
    """

    seq: int
    action: str
    step: str | None
    title: str
    effective_on: date | None
    at: datetime
    who: str
    role: str
    via: str
    state_label: str | None
    facts: Pairs = ()
    texts: Pairs = ()
    as_entered: Pairs = ()
    changes: Changes = ()
    target: int | None = None
    is_late: bool = False
    corrected_by: int | None = None
    annulled_by: int | None = None
    is_erased: bool = False
    is_withheld: bool = False
    is_decision: bool = False
    item: str | None = None


def lines(
    workflow: Workflow,
    events: Sequence[Event],
    names: Mapping[str, str],
    choices: OfficeRules,
) -> tuple[Line, ...]:
    """Events in log order as lines, one for each, in the same order.

    Give every event of one case, so that corrections find what they name; events without a
    case are told by any workflow. `names` are people's by token; `choices` holds the office's
    lists and its calendar.
    """
    words = {event.seq: event.words or {} for event in events}
    history = versions_of(entries(workflow, events), words)
    teller = _Teller(workflow, names, choices, history)
    tellers = {
        item.token: _Teller(item.workflow, names, choices, item.versions)
        for item in items_in(events)
    }
    return tuple(tellers.get(event.stat.get(ITEM, ""), teller).line(event) for event in events)


def is_entered_late(calendar: Calendar, effective_on: date, recorded_on: date) -> bool:
    """Whether more than one working day passed between a day and the London day it was entered."""
    try:
        latest_on = calendar.add_working_days(effective_on, WORKING_DAYS_TO_ENTER)
    except ValueError:  # beyond the years whose bank holidays are known
        return (recorded_on - effective_on).days > WORKING_DAYS_TO_ENTER
    return recorded_on > latest_on


@dataclass(frozen=True)
class _Teller:
    """Everything that words are found in."""

    workflow: Workflow
    names: Mapping[str, str]
    choices: OfficeRules
    history: Versions

    def line(self, event: Event) -> Line:
        """One event as a line."""
        name = event.stat.get(ITEM_STATE, event.state)
        state = self.workflow.states_by_name.get(name or "")
        entry = self.history.first.get(event.seq)
        return Line(
            seq=event.seq,
            action=event.action,
            step=entry.entry.step if entry else None,
            at=event.at,
            who=who(event.actor, self.names, event.role),
            role=role_of(event.role),
            via=event.via,
            state_label=state.label if state else name,
            item=event.stat.get(ITEM),
            target=event.target,
            corrected_by=self.history.corrected_by.get(event.seq),
            annulled_by=self.history.annulled_by.get(event.seq),
            is_erased=event.is_erased,
            is_withheld=event.is_withheld,
            **self._told(event),
        )

    def _told(self, event: Event) -> dict[str, Any]:
        step = self.workflow.steps_by_event.get(event.action)
        if step is not None:
            return self._step(event, step)
        if event.seq in self.history.first:
            return self._amendment(event)
        return {
            "title": title_of(event.action),
            "effective_on": event.effective_on,
            "facts": tuple(
                (label_of(code), self._plain(code, value))
                for code, value in event.stat.items()
                if code not in _UNTOLD
            ),
            "texts": tuple((label_of(code), text) for code, text in (event.words or {}).items()),
        }

    def _plain(self, code: str, value: Any) -> str:
        letters = {letter.name: letter.label for letter in self.workflow.letters}
        known = letters if code == "letter" else self.names
        return value_in_words(code, value, known)

    def _step(self, event: Event, step: Step) -> dict[str, Any]:
        first, now = self.history.first[event.seq], self.history.now[event.seq]
        entered_on = first.entry.effective_on
        is_late = is_entered_late(self.choices.calendar, entered_on, london_day(event.at))
        return {
            "title": step.done,
            "effective_on": now.entry.effective_on,
            "facts": tuple(self._facts(step, now.entry)),
            "texts": tuple((_label(step, code), text) for code, text in now.texts.items() if text),
            "as_entered": tuple((label, old) for label, old, _ in self._changes(step, first, now)),
            "is_late": is_late and event.via != "import",
            "is_decision": any(guard in _SIGNED_OFF for guard in step.guards),
        }

    def _amendment(self, event: Event) -> dict[str, Any]:
        """A correction or an annulment: what it names, and what it changed there."""
        target = self.history.first.get(event.target) if event.target is not None else None
        step = self.workflow.steps_by_name.get(target.entry.step) if target else None
        changes: Changes = ()
        if step and event.seq in self.history.before:
            before, after = self.history.before[event.seq], self.history.after[event.seq]
            changes = tuple(self._changes(step, before, after))
        reason = (event.words or {}).get(REASON.name)
        return {
            "title": f"{title_of(event.action)}: {step.done if step else 'an earlier correction'}",
            "effective_on": event.effective_on,
            "changes": changes,
            "texts": ((REASON.label, reason),) if reason else (),
        }

    def _changes(
        self, step: Step, before: Version, after: Version
    ) -> Iterator[tuple[str, str, str]]:
        old_on, new_on = before.entry.effective_on, after.entry.effective_on
        if old_on != new_on:
            yield step.day_label, in_words(old_on), in_words(new_on)
        for code in _codes(step, before.entry, after.entry):
            old, new = before.entry.facts.get(code), after.entry.facts.get(code)
            if old != new:
                fact = step.facts_by_code.get(code)
                yield _label(step, code), self._value(fact, code, old), self._value(fact, code, new)
        for code in dict.fromkeys((*before.texts, *after.texts)):
            was, is_now = before.texts.get(code, ""), after.texts.get(code, "")
            if was != is_now:
                yield _label(step, code), was or NOTHING, is_now or NOTHING

    def _facts(self, step: Step, entry: Entry) -> Iterator[tuple[str, str]]:
        for code in _codes(step, entry):
            fact = step.facts_by_code.get(code)
            yield _label(step, code), self._value(fact, code, entry.facts[code])
        if entry.estimated:
            yield GUESSED, "; ".join(_label(step, code) for code in sorted(entry.estimated))

    def _value(self, fact: Fact | None, code: str, value: Any) -> str:
        if value is None:
            return NOTHING
        if isinstance(value, date):
            return in_words(value)
        choices = self.choices.choices_of(fact) if fact else ()
        labels = {choice.code: choice.label for choice in choices}
        if isinstance(value, tuple):
            return "; ".join(labels.get(part, str(part)) for part in value) or NOTHING
        if isinstance(value, str) and value in labels:
            return labels[value]
        return value_in_words(code, value, self.names)


def _codes(step: Step, *of: Entry) -> Iterator[str]:
    """The codes that any of these entries holds: in the definition's order, then unknown ones."""
    held = dict.fromkeys(code for entry in of for code in entry.facts if code not in _UNTOLD)
    yield from (code for code in step.facts_by_code if code in held)
    yield from (code for code in held if code not in step.facts_by_code)


def _label(step: Step, code: str) -> str:
    if code == EFFECTIVE_ON:
        return step.day_label
    fact = step.facts_by_code.get(code) or step.facts_by_name.get(code)
    return fact.label if fact else label_of(code)
