"""The only place for a second, plain telling of which steps a review allows and where they lead.

Written from the step table in the contracts and the domain's numbered rules, without the
engine: it replays lists of entries and answers yes or no. It is what the state machine test
holds the application against, so nothing here may import `workflows` or `casework`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

OPEN = ("received", "valid", "reviewed")
CLOSED = ("invalid", "forwarded", "withdrawn", "upheld", "not_upheld")
STAY = tuple((state, state) for state in OPEN)
BACK = "where it was"
TABLE: dict[str, dict[str | None, str]] = {
    "log": {None: "received"},
    "complete_application": dict(STAY),
    "acknowledge": dict(STAY),
    "request_file": dict(STAY),
    "chase_file": dict(STAY),
    "escalate_file": dict(STAY),
    "receive_file": dict(STAY),
    "wait": dict(STAY),
    "resume": dict(STAY),
    "assign": dict(STAY),
    "find_outcome_day": dict(STAY),
    "find_review_body": dict(STAY),
    "decide_time": dict(STAY[:2]),
    "find_valid": {"received": "valid"},
    "find_invalid": {"received": "invalid", "valid": "invalid"},
    "forward": dict.fromkeys(OPEN, "forwarded"),
    "write_review": {"valid": "reviewed"},
    "return_review": {"reviewed": "valid"},
    "uphold": {"reviewed": "upheld"},
    "not_uphold": {"reviewed": "not_upheld"},
    "notify": {state: state for state in CLOSED},
    "withdraw": dict.fromkeys(OPEN, "withdrawn"),
    "reopen": {
        "invalid": "received",
        "forwarded": "received",
        "upheld": "valid",
        "not_upheld": "valid",
        "withdrawn": BACK,
    },
}
SIGNED_OFF = ("return_review", "uphold", "not_uphold")
DECISIONS = ("uphold", "not_uphold")
ONLY_OURS = ("write_review", *DECISIONS)
"""What the office does not do in a case that it found to be the IOPC's."""
AMENDMENTS = ("correct", "annul")
CASEWORKERS = frozenset({"reviewer", "supervisor"})
SETTLES_NOTHING = (
    *("log", "complete_application", "acknowledge", "request_file", "chase_file"),
    *("receive_file", "wait", "resume", "assign", "notify"),
)
"""What a casework administrator may do as well."""
DECIDERS = CASEWORKERS | {"chief_executive"}
WHO = {
    step: DECIDERS if step in (*SIGNED_OFF, "reopen", "decide_time") else CASEWORKERS
    for step in TABLE
} | {"write_review": CASEWORKERS | {"contractor"}}
WHO |= {step: WHO[step] | {"casework_administrator"} for step in SETTLES_NOTHING}
AFTER_INVESTIGATION = {"reinvestigate", "case_to_answer", "performance", "notify_dpp"}
OTHERWISE = {"investigate"}
FAULTS = ("quashed", "conceded", "own_error")


@dataclass(frozen=True)
class Did:
    """Something a person did to the case: `facts` by the keys the log holds them under."""

    seq: int
    step: str
    day: date
    actor: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    target: int | None = None


@dataclass
class Life:
    """How the case stands while its entries are gone through one by one."""

    state: str | None = None
    came_from: str | None = None
    closure: Did | None = None
    is_waiting: bool = False
    was_asked: bool = False
    received_on: date | None = None
    known: dict[str, Any] = field(default_factory=dict)


def annulled(entries: Sequence[Did]) -> set[int]:
    """Positions of what never happened: the newest annulments speak first."""
    gone: set[int] = set()
    for entry in sorted(entries, key=lambda did: -did.seq):
        if entry.step == "annul" and entry.seq not in gone and entry.target is not None:
            gone.add(entry.target)
    return gone


def standing(entries: Sequence[Did]) -> list[Did]:
    """What stands after corrections and annulments, by day and then position."""
    gone = annulled(entries)
    kept = {e.seq: e for e in entries if e.step not in AMENDMENTS and e.seq not in gone}
    for change in sorted(entries, key=lambda did: did.seq):
        if change.step == "correct" and change.seq not in gone and change.target in kept:
            kept[change.target] = _changed(kept[change.target], change)
    return sorted(kept.values(), key=lambda did: (did.day, did.seq))


def _changed(entry: Did, change: Did) -> Did:
    facts = {**entry.facts, **change.facts}
    day = facts.pop("effective_on", entry.day)
    return replace(entry, day=day, facts={k: v for k, v in facts.items() if v is not None})


def live(entries: Iterable[Did]) -> Life | None:
    """The life these entries make, in the order given; None when they cannot all have happened."""
    life = Life()
    for entry in entries:
        dest = TABLE[entry.step].get(life.state)
        if dest is None or not _may_have_happened(life, entry):
            return None
        if life.closure is not None and entry.step == "reopen":
            if entry.target != life.closure.seq:
                return None
            life.is_waiting = False
        _go(life, entry, dest)
    return life


def _may_have_happened(life: Life, entry: Did) -> bool:
    facts, step = entry.facts, entry.step
    received_on = entry.day if step == "log" else life.received_on
    first_days: tuple[str, ...] = ("outcome_provided_on",)
    if step == "log":
        first_days += ("complaint_made_on", "letter_dated_on", "first_received_on")
    if any(facts.get(name, date.min) > (received_on or date.max) for name in first_days):
        return False
    if step == "resume":
        return life.is_waiting
    if step == "reopen":
        only = {"returned_by_iopc": "forwarded", "withdrawal_retracted": "withdrawn"}
        return only.get(facts.get("reopen_reason", ""), life.state) == life.state
    if step in DECISIONS:
        made = set(facts.get("recommendations", ()))
        barred = beyond(life.known.get("route"))
        return not made & barred and (step == "uphold" or made <= {"notify_dpp"})
    return True


def beyond(route: str | None) -> set[str]:
    """What a route does not let the office recommend; nothing while it is not known."""
    return {"otherwise": AFTER_INVESTIGATION, "investigation": OTHERWISE}.get(str(route), set())


def _go(life: Life, entry: Did, dest: str) -> None:
    was = life.state
    life.state = life.came_from if dest == BACK else dest
    if life.state in CLOSED and was not in CLOSED:
        life.came_from, life.closure = was, entry
    elif life.state in OPEN:
        life.came_from, life.closure = None, None
    if entry.step in ("wait", "resume"):
        life.is_waiting = entry.step == "wait"
    life.was_asked |= entry.step == "wait" and entry.facts.get("waiting_for") == "applicant"
    if entry.step == "log":
        life.received_on = entry.day
    life.known.update(entry.facts)


@dataclass(frozen=True)
class Person:
    """Somebody who acts, with the roles held."""

    token: str
    roles: frozenset[str]


def may_sign_off(person: Person, before: Sequence[Did], rule: str) -> bool:
    """Whether the office lets this person decide after these entries.

    Where a second person is needed: a supervisor or the Chief Executive who neither wrote the
    review nor made a decision that was set aside. Where the Chief Executive decides, one who
    made no decision that was set aside.
    """
    if rule == "sole":
        return True
    writers = [did.actor for did in before if did.step == "write_review"]
    set_aside = {
        did.target
        for did in before
        if did.step == "reopen" and did.facts["reopen_reason"] in FAULTS
    }
    deciders = {did.actor for did in before if did.step in DECISIONS and did.seq in set_aside}
    if rule == "chief_executive":
        return "chief_executive" in person.roles and person.token not in deciders
    if person.token in {*writers[-1:], *deciders}:
        return False
    return bool(person.roles & {"supervisor", "chief_executive"})


def may_decide_time(person: Person, rule: str) -> bool:
    """Whether the office lets this person decide about extra time; nothing is delegated."""
    by_rule = {
        "second_person": {"supervisor", "chief_executive"},
        "chief_executive": {"chief_executive"},
    }
    return rule == "sole" or bool(person.roles & by_rule[rule])


def _is_time_to_decide(life: Life, person: Person, rule: str) -> bool:
    """Late, found to be for this office, and for this person to decide about."""
    is_ours = life.known.get("review_body") == "lpb"
    return is_ours and _is_late(life, life.known) and may_decide_time(person, rule)


def is_allowed(
    entries: Sequence[Did], new: Did, texts: Iterable[str], person: Person, rule: str
) -> Did | None:
    """The entry as it would be kept (a reopening names its closure), None when it is refused."""
    if not person.roles & WHO[new.step]:
        return None
    before = [did for did in standing(entries) if did.day <= new.day]
    life = live(before)
    assert life is not None, "what was accepted before must stand by itself"
    if new.step == "reopen" and life.closure is not None:
        new = replace(new, target=life.closure.seq)
    if live([*before, new]) is None:
        return None
    if new.step in SIGNED_OFF and not may_sign_off(person, before, rule):
        return None
    if new.step == "decide_time" and not _is_time_to_decide(life, person, rule):
        return None
    if new.step in ONLY_OURS and life.known.get("review_body") == "iopc":
        return None
    if not _is_judged_right(life, new, set(texts)):
        return None
    return new if live(standing([*entries, new])) is not None else None


def _is_judged_right(life: Life, new: Did, texts: set[str]) -> bool:
    known = {**life.known, **new.facts}
    if new.step == "write_review":
        return not set(new.facts.get("proposed", ())) & beyond(known.get("route"))
    if new.step in DECISIONS and new.facts.get("recommendations"):
        return known.get("route") is not None
    if new.step == "wait":
        return new.facts.get("waiting_for") == "applicant" or not new.facts.get("asked_for")
    if new.step == "find_review_body":
        return _is_found_right(known, new, texts)
    is_late = _is_late(life, known)
    is_ours = is_late and known.get("review_body") == "lpb"
    if new.step == "find_valid":
        is_ruled_out = known.get("review_body") == "iopc"
        return not is_ruled_out and (not is_late or life.known.get("extra_time") == "extended")
    if new.step == "find_invalid" and new.facts.get("invalid_reason") == "out_of_time":
        return is_ours and life.known.get("extra_time") == "refused"
    if new.step == "find_invalid" and new.facts.get("invalid_reason") == "incomplete":
        return life.was_asked
    return True


def _is_found_right(known: Mapping[str, Any], new: Did, texts: set[str]) -> bool:
    """One limb sends the case to the IOPC, and who differs from another's answer says why."""
    met = any(name.startswith("limb_") and said == "yes" for name, said in known.items())
    body = new.facts.get("review_body")
    others = {known.get("review_body_letter"), known.get("review_body_psd")} & {"lpb", "iopc"}
    return met == (body == "iopc") and ("reasons" in texts or not others - {body})


def _is_late(life: Life, known: Mapping[str, Any]) -> bool:
    """Made after 28 days, where the outcome's day is known; the IOPC's receipt counts as ours."""
    provided_on, made_on = known.get("outcome_provided_on"), life.received_on
    if provided_on is None or made_on is None:
        return False
    first_on = life.known.get("first_received_on")
    if life.known.get("first_received_by") == "iopc" and first_on is not None:
        made_on = min(made_on, first_on)
    return bool(made_on > provided_on + timedelta(days=28))


def is_offered(entries: Sequence[Did], step: str, person: Person, rule: str) -> bool:
    """Whether a case's pages take the step as the case now stands, whatever its day.

    A step that moves the case must be open now. One that moves nothing may be entered late.
    """
    now = standing(entries)
    life = live(now)
    assert life is not None, "what was accepted must stand by itself"
    if life.state not in TABLE[step]:
        return all(source == dest for source, dest in TABLE[step].items())
    if step in SIGNED_OFF:
        return may_sign_off(person, now, rule)
    if step in ONLY_OURS and life.known.get("review_body") == "iopc":
        return False
    if step == "decide_time":
        return _is_time_to_decide(life, person, rule)
    return life.is_waiting if step == "resume" else True


def is_amended(entries: Sequence[Did], new: Did, person: Person, rule: str) -> bool:
    """Whether a correction or an annulment is accepted."""
    by_seq = {did.seq: did for did in entries}
    target = by_seq.get(new.target if new.target is not None else -1)
    if target is None or target.seq in annulled(entries):
        return False
    if new.step == "correct" and not _changes_something(entries, new, target):
        return False
    behind = target
    while behind.step in AMENDMENTS:
        behind = by_seq[behind.target if behind.target is not None else -1]
    if not person.roles & WHO[behind.step]:
        return False
    before = standing([did for did in entries if did.seq < target.seq])
    if not _might_take(before, behind.step, person, rule):
        return False
    return live(standing([*entries, new])) is not None


def _might_take(before: Sequence[Did], step: str, person: Person, rule: str) -> bool:
    """Whether the rules about who acts let this person take a step after these entries."""
    if step in SIGNED_OFF and not may_sign_off(person, before, rule):
        return False
    return step != "decide_time" or may_decide_time(person, rule)


def _changes_something(entries: Sequence[Did], new: Did, target: Did) -> bool:
    now = next((did for did in standing(entries) if did.seq == target.seq), None)
    if now is None:
        return False
    said = {**now.facts, "effective_on": now.day}
    return any(said.get(code) != value for code, value in new.facts.items())


def state_of(entries: Sequence[Did]) -> str:
    """The state the case must be in; "annulled" when nothing of it stands."""
    life = live(standing(entries))
    assert life is not None, "the log holds a history that could not have happened"
    return life.state or "annulled"
