"""The only place that makes up lives of cases at random, through the door that every case uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from casework import items, office_settings, progress
from casework.audit.items import KeptItem
from casework.audit.record import Origin
from casework.progress import CaseRef
from workflows.attempt import Attempt, StepRefused
from workflows.calendar import COVERED_FROM
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor, Choice, OfficeRules, Workflow
from workflows.observation import OBSERVATION
from workflows.recommendation import RECOMMENDATION

EVERYBODY = Actor("u_" + "1" * 32, frozenset({"reviewer", "supervisor", "chief_executive"}))
FORCES = {"forces": (Choice("force", "The force"), Choice("other_force", "Another force"))}
OFFICE = OfficeRules(sign_off="sole", lists=FORCES)
RECEIVED = [date(2022, 2, 20), *(date(2022, 3, 30) + timedelta(days=n) for n in range(4))]
RECEIVED += [date(2022, 6, 30), date(2022, 7, 1), date(2022, 12, 23), date(2023, 3, 30)]
GAPS = [0, 0, 0, 1, 1, 2, 3, 7, 7, 28, 45, -1, -7]
WEIGHTS = {
    "find_valid": 20,
    "find_invalid": 2,
    "write_review": 20,
    "uphold": 12,
    "not_uphold": 12,
    "notify": 2,
    "reopen": 3,
    "acknowledge": 2,
    "request_file": 3,
    "receive_file": 3,
    "wait": 4,
    "resume": 3,
    "decide_time": 2,
}
KINDS = ["step"] * 17 + ["correct"] * 3 + ["annul", "setting", "learning", "learning"]
AFTERWARDS = ["item"] * 12 + ["correct", "annul", "step"]
ITEM_STEPS = ["respond"] * 5 + ["extend"] * 3 + ["correct", "annul", "copy", "implement", "lapse"]
ITEM_STEPS += ["recommend"] * 2
SECOND = Actor("u_" + "2" * 32, frozenset({"supervisor"}))
LEARNING_STEPS = ["observe", "observe", "feed_back", "feed_back", "correct", "annul"]
RESPONSES = ["accepted", "partly_accepted", "rejected", "unknown"]
TARGETS = [1, 5, 28, 40]


@dataclass(frozen=True)
class Act:
    """One thing somebody tries: the numbers choose what, whose and when as far as it is open."""

    begins: bool
    kind: str
    case: int
    pick: int
    gap: int
    facts: dict[str, Any]
    is_guess: bool


def acts(seed: str, count: int, kinds: Sequence[str] = KINDS) -> list[Act]:
    """The first so many acts of a seed: fewer of them are the beginning of more."""
    chance = Random(seed)
    return [act(chance, kinds) for _ in range(count)]


def act(chance: Random, kinds: Sequence[str]) -> Act:
    made = chance.choice(
        [(), ("apology",), ("apology", "return_property", "apology"), ("notify_dpp", "apology")]
    )
    facts = {
        "route": chance.choice([None, None, "otherwise", "investigation"]),
        "categories": chance.choice(
            [(), ("A1", "A2"), ("B4", "F6", "B1"), ("L",), ("F", "F6", "F10"), ("F8",)]
        ),
        "force": chance.choice([None, "force", "force", "other_force"]),
        "reason": chance.choice(["out_of_time", "no_outcome_letter", "incomplete"]),
        "recommendations": made,
        "responses": tuple(chance.choices(RESPONSES, k=len(made)))[: chance.randrange(4)],
        "observations": chance.choice([None, 0, 1, 3]),
        "reopen": chance.choice(["own_error"] * 5 + ["returned_by_iopc"]),
        "waiting_for": chance.choice(["applicant", "force", "force", "iopc", "legal"]),
        "extent": chance.choice(["complete", "complete", "part", None]),
        "extra_time": chance.choice(["extended", "refused"]),
        "time_extended": chance.choice([None, None, True]),
        "learning": chance.choice(LEARNING_STEPS),
        "themes": chance.choice([(), ("timeliness",), ("rights", "other", "rights")]),
        "item": chance.choice(ITEM_STEPS),
        "response": chance.choice(RESPONSES[:3]),
        "more": chance.choice([1, 20, 29, 40, 80]),
    }
    return Act(
        begins=chance.random() < 0.2,
        kind=chance.choice(kinds),
        case=chance.randrange(6),
        pick=chance.randrange(1000),
        gap=chance.choice(GAPS),
        facts=facts,
        is_guess=chance.random() < 0.15,
    )


@dataclass
class Going:
    """A case under way: how it stands and where its entries are."""

    ref: CaseRef
    state: str
    day: date
    seqs: list[int] = field(default_factory=list)
    steps: dict[int, str] = field(default_factory=dict)


def live(session: Session, received: list[date], tried: list[Act]) -> None:
    """Begin the cases and try the acts, within the session's write; refused ones are skipped."""
    cases: list[Going] = []
    for act in tried:
        if len(cases) < len(received) and (act.begins or not cases):
            cases.append(begin(session, received[len(cases)], act))
            continue
        if act.kind == "setting":
            change_settings(session, act)
            continue
        mover = note if act.kind == "learning" else move
        mover(session, cases[act.case % len(cases)], act)


def live_on(session: Session, upheld: list[date], tried: list[Act]) -> None:
    """Uphold cases received on these days, then try the acts on them and their recommendations."""
    cases = [begin(session, day, act) for day, act in zip(upheld, tried, strict=False)]
    for case, act in zip(cases, tried, strict=False):
        for name in ("find_valid", "write_review", "uphold"):
            definition = COMPLAINT_REVIEW.steps_by_name[name]
            facts = {key: act.facts[key] for key in definition.facts_by_name if key in act.facts}
            follow(session, case, Attempt(name, case.day, facts, EVERYBODY, is_import=True))
    for act in tried[len(upheld) :]:
        case = cases[act.case % len(cases)]
        (move_item if act.kind == "item" else move)(session, case, act)


def begin(session: Session, day: date, act: Act) -> Going:
    facts = {name: act.facts[name] for name in ("route", "categories", "force")}
    attempt = Attempt("log", day, facts, EVERYBODY, estimated=guessed(act), is_import=True)
    moved = progress.begin_case(session, attempt, Origin("import"), office=OFFICE)
    ref = progress.case_ref(session, moved.reference)
    assert ref is not None
    return Going(ref, moved.state, day, [moved.seq], {moved.seq: "log"})


def guessed(act: Act) -> frozenset[str]:
    return frozenset({"effective_on"}) if act.is_guess else frozenset()


def move(session: Session, case: Going, act: Act) -> None:
    follow(session, case, step(case, act) if act.kind == "step" else amendment(case, act))


def follow(session: Session, case: Going, attempt: Attempt) -> None:
    savepoint = session.begin_nested()
    try:
        moved = progress.move_case(session, case.ref, attempt, Origin("import"), office=OFFICE)
        savepoint.commit()
    except StepRefused:
        savepoint.rollback()
        return
    case.seqs.append(moved.seq)
    case.steps[moved.seq] = attempt.step
    case.state = moved.state
    case.ref = progress.case_ref(session, case.ref.reference) or case.ref
    if attempt.effective_on and attempt.step not in ("correct", "annul"):
        case.day = max(case.day, attempt.effective_on)


def move_item(session: Session, case: Going, act: Act) -> None:
    """Something that happens to a recommendation on the case, or a further one that is sent."""
    name = act.facts["item"]
    facts = {"kind": "apology", "wording": "Apologise."}
    begins = facts if name == "recommend" else None
    keep(session, case, act, name, RECOMMENDATION, begins)


def note(session: Session, case: Going, act: Act) -> None:
    """A learning point that is noted, fed back, corrected or annulled."""
    name = act.facts["learning"]
    facts = {"to": "office", "themes": act.facts["themes"], "point": "Write sooner."}
    keep(session, case, act, name, OBSERVATION, facts if name == "observe" else None)


def keep(
    session: Session,
    case: Going,
    act: Act,
    name: str,
    kind: Workflow,
    begins: dict[str, Any] | None,
) -> None:
    """Begin an item of a kind on the case, or take a step on one; a refused one is skipped."""
    day = max(case.day + timedelta(days=act.gap), COVERED_FROM)
    kept = [item for item in items.items_on(session, case.ref.token) if item.is_kept]
    kept = [item for item in kept if item.workflow is kind]
    savepoint = session.begin_nested()
    try:
        if begins:
            attempt = Attempt(name, day, begins, SECOND)
            items.begin_item(session, case.ref.token, kind, attempt, Origin("command"))
        elif kept:
            item = kept[act.pick % len(kept)]
            ref = items.item_ref(session, item.token)
            assert ref is not None
            items.move_item(session, ref, on_item(item, name, day, act), Origin("command"))
        savepoint.commit()
    except StepRefused:
        savepoint.rollback()
        return
    case.day = max(case.day, day)


def on_item(item: KeptItem, name: str, day: date, act: Act) -> Attempt:
    """A step on an item, or a correction or annulment of one of its own entries."""
    if name in ("correct", "annul"):
        seqs = [event.seq for event in item.events] or [entry.seq for entry in item.history]
        change = {} if name == "annul" else {"effective_on": day}
        target = seqs[act.pick % len(seqs)]
        return Attempt(name, None, {**change, "reason": "A slip"}, SECOND, target=target)
    facts = {
        "respond": {"response": act.facts["response"]},
        "extend": {"respond_by": day + timedelta(days=act.facts["more"]), "reason": "Asked."},
        "copy": {"copied": ["recommendation"], "copied_to": ["complainant"]},
        "lapse": {"reason": "Overtaken."},
    }
    return Attempt(name, day, facts.get(name, {}), SECOND)


def step(case: Going, act: Act) -> Attempt:
    """A step that the state allows, those that lead on more often than the rest."""
    allowed = [each.name for each in COMPLAINT_REVIEW.steps if each.leads_from(case.state)]
    names = [name for each in allowed for name in [each] * WEIGHTS.get(each, 1)]
    name = names[act.pick % len(names)]
    day = max(case.day + timedelta(days=act.gap), COVERED_FROM)
    definition = COMPLAINT_REVIEW.steps_by_name[name]
    given = dict(act.facts)
    given["reason"] = given["reopen" if name == "reopen" else "reason"]
    if name == "not_uphold":
        given |= {"recommendations": (), "responses": ()}
    facts = {key: given[key] for key in definition.facts_by_name if key in given}
    return Attempt(name, day, facts, EVERYBODY, estimated=guessed(act), is_import=True)


def amendment(case: Going, act: Act) -> Attempt:
    target = case.seqs[act.pick % len(case.seqs)]
    if act.kind == "annul":
        return Attempt("annul", None, {"reason": "A slip"}, EVERYBODY, target=target)
    step = COMPLAINT_REVIEW.steps_by_name.get(case.steps[target])
    known = {"invalid_reason": act.facts["reason"], "reopen_reason": act.facts["reopen"]}
    known |= act.facts
    changes: list[dict[str, Any]] = [
        {code: known[code]} for code in (step.facts_by_code if step else ()) if code in known
    ]
    changes += [{"effective_on": case.day + timedelta(days=act.gap)}] * 2
    change = changes[act.case % len(changes)]
    return Attempt("correct", None, {**change, "reason": "A slip"}, EVERYBODY, target=target)


def change_settings(session: Session, act: Act) -> None:
    now = office_settings.settings_at(session)
    changed = office_settings.OfficeSettings(
        office_name=["The Office", "MOPAC"][act.case % 2],
        decide_target=TARGETS[act.case % len(TARGETS)],
        acknowledge_target=TARGETS[act.pick % len(TARGETS)],
        small_number=[1, 2, 5][act.pick % 3],
        clock_start=["received", "validated", "acknowledged"][act.case % 3],
        extra_holidays=(*now.extra_holidays, date(2022, 4, 4) + timedelta(days=act.case)),
    )
    office_settings.change_settings(
        session, changed, role="chief_executive", origin=Origin("command")
    )


@dataclass(frozen=True)
class Question:
    """A report to ask for: a year when `year` says so, else its days; the log's share in eighths."""

    year: int | None
    first: date
    last: date
    status_on: date
    eighths: int


def questions(chance: Random, days: list[date], count: int) -> list[Question]:
    """Questions about days on which something happened, about the edges, and about any days."""
    edges = [day + timedelta(days=n) for day in days for n in (0, 0, 1, -1, 28, 29)]
    edges += RECEIVED + [date(2022, 1, 1) + timedelta(days=n) for n in range(0, 700, 50)]
    found = []
    for _ in range(count):
        first, last = sorted(chance.choices(edges, k=2))
        status_on = chance.choice([chance.choice(edges), chance.choice(edges), date(2025, 1, 1)])
        year = chance.choice([2022, None, None, 2021, 2023])
        found.append(Question(year, first, last, status_on, chance.choice([8, 8, 8, 7, 5, 3])))
    return found
