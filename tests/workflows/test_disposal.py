"""What may become of a case at the end of its retention, held against the rules said once more."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor, Entry, OfficeRules, Standing
from workflows.disposal import DISPOSAL, fell_due
from workflows.ending import Kept
from workflows.engine import steps_open_to, take_step
from workflows.retention import OUTCOMES, Rule

CLOSED = date(2020, 5, 10)
SUPERVISOR = Actor("u_s", frozenset({"supervisor"}))
CHIEF = Actor("u_c", frozenset({"chief_executive"}))
OTHER = Actor("u_o", frozenset({"chief_executive", "supervisor"}))
SYSTEM = Actor("system", frozenset({"system"}))
REVIEWER = Actor("u_r", frozenset({"reviewer", "contractor", "panel", "administrator"}))
ITEMS = {
    "nothing": ("", ""),
    "hold": ("held", "lifted"),
    "pre_action": ("issued", "over"),
    "recommendation": ("accepted", "implemented"),
    "information_request": ("open", "answered"),
    "correspondence": ("reply_owed", "filed"),
    "letter": ("issued", "sent"),
    "instruction": ("returned", "accepted"),
    "safeguarding": ("raised", "ended"),
    "passed_part": ("passed", "told"),
}
"""Kinds of which one in the first state bars an erasure, and one in the second does not."""


@dataclass(frozen=True)
class World:
    """How a case stands that is to be erased, who proposed it, and who acts when."""

    is_closed: bool
    years: int
    days_late: int
    kind: str
    is_open: bool
    proposer: Actor
    actor: Actor
    step: str
    came_since: bool = False

    @property
    def today(self) -> date:
        """The day of the step: so many days after the case fell due, or before."""
        due = CLOSED.replace(year=CLOSED.year + self.years) + timedelta(days=1)
        return due + timedelta(days=self.days_late)

    @property
    def office(self) -> OfficeRules:
        """A schedule of one rule for all."""
        rules = (Rule(each.code, "closed", self.years, from_year_end=False) for each in OUTCOMES)
        return OfficeRules(retention=tuple(rules))

    @property
    def case(self) -> Standing:
        """The case, closed long ago or open again since."""
        closure = Entry(0, "withdraw", CLOSED, {}, "u")
        if self.is_closed:
            return Standing("withdrawn", (closure,), closure=closure)
        return Standing("received", (closure, Entry(1, "reopen", CLOSED, {}, "u")))

    @property
    def kept(self) -> dict[str, tuple[Standing, ...]]:
        """One thing kept on it, that bars or does not."""
        state = ITEMS[self.kind][0 if self.is_open else 1]
        begun = Entry(2, "begin", CLOSED, {}, "u")
        item = Standing(state, (begun,), {"kind": "litigation"})
        return {self.kind: (item,)} if state else {}

    @property
    def log(self) -> tuple[Entry, ...]:
        """What happened to the disposal so far."""
        proposed = Entry(3, "propose_erasure", CLOSED, {}, self.proposer.token)
        approved = Entry(4, "approve_erasure", CLOSED, {}, OTHER.token)
        return {
            "propose_erasure": (),
            "approve_erasure": (proposed,),
            "refuse_erasure": (proposed,),
            "erase_case": (proposed, approved),
        }[self.step]

    @property
    def facts(self) -> dict[str, Any]:
        """What the step is told."""
        otherwise = {"due_on": CLOSED, "rule": "upheld", "trigger": "closed", "years": 1}
        said = fell_due(self.case, self.kept, self.office.retention) or otherwise
        until = self.today + timedelta(days=30)
        return {
            "erase_case": {**said, "details": 4, "files": 1},
            "refuse_erasure": {"reason": "Wanted.", "keep_until": until},
        }.get(self.step, {})

    @property
    def may(self) -> bool:
        """Whether the step is allowed, as the documentation says it."""
        roles = {
            "propose_erasure": {"supervisor", "chief_executive"},
            "approve_erasure": {"chief_executive"},
            "refuse_erasure": {"supervisor", "chief_executive"},
            "erase_case": {"system"},
        }[self.step]
        if not self.actor.roles & roles:
            return False
        if self.step == "refuse_erasure":
            return True
        is_barred = self.is_open and self.kind != "nothing"
        if self.step == "approve_erasure" and self.actor == self.proposer:
            return False
        if self.step == "erase_case" and (self.proposer == OTHER or self.came_since):
            return False
        return self.is_closed and self.days_late >= 0 and not is_barred

    def take(self, **facts: Any) -> bool:
        """Whether the engine takes the step."""
        return not self.refusal(self.today, self.kept, **facts)

    def refusal(self, on: date, kept: Kept, **facts: Any) -> str:
        """Why the engine refuses the step on a day; empty where it takes it."""
        told = {**self.facts, **facts}
        attempt = Attempt(self.step, on, told, self.actor, case=self.case, kept=kept)
        attempt = replace(attempt, latest=5 if self.came_since else 2)
        try:
            take_step(DISPOSAL, self.log, attempt, self.office, on)
        except StepRefused as refused:
            return refused.sentence
        return ""


ACTORS = st.sampled_from([SUPERVISOR, CHIEF, OTHER, SYSTEM, REVIEWER])
WORLDS = st.builds(
    World,
    st.booleans() | st.just(True),
    st.integers(2, 9),
    st.sampled_from([-400, -1, 0, 1, 900]),
    st.sampled_from(sorted(ITEMS)),
    st.booleans(),
    st.sampled_from([SUPERVISOR, CHIEF, OTHER]),
    ACTORS,
    st.sampled_from([step.name for step in DISPOSAL.steps]),
)


@given(WORLDS, st.booleans())
@settings(max_examples=300)
def test_a_step_is_taken_exactly_when_it_is_allowed(world: World, came_since: bool) -> None:
    world = replace(world, came_since=came_since)
    assert world.take() == world.may


@given(WORLDS)
def test_a_button_is_offered_exactly_where_the_step_would_be_taken(world: World) -> None:
    before = take_all(world)
    known = (world.actor, world.office, world.today, world.case, world.kept)
    offered = {
        each.step.name for each in steps_open_to(DISPOSAL, before, *known) if not each.barred
    }
    assert (world.step in offered) == world.may


def take_all(world: World) -> Standing:
    """How the disposal stands before the step."""
    state = {0: "annulled", 1: "proposed", 2: "approved"}[len(world.log)]
    return Standing(state, world.log)


@given(WORLDS.map(lambda world: replace(world, step="erase_case", actor=SYSTEM)))
def test_an_erasure_says_the_day_and_rule_that_hold(world: World) -> None:
    assert not world.take(due_on=world.today - timedelta(days=950))
    assert not world.take(years=world.years + 1)
    assert not world.take(rule="invalid")
    assert not world.take(from_year_end=True)


PROPOSING = World(True, 6, 10, "nothing", False, SUPERVISOR, SUPERVISOR, "propose_erasure")


def test_a_case_has_one_disposal_and_none_while_it_was_decided_to_keep_it() -> None:
    until = PROPOSING.today + timedelta(days=3)

    def why_not(on: date, state: str) -> str:
        other = Standing(state, (Entry(9, "x", CLOSED, {}, "u"),), {"keep_until": until})
        return PROPOSING.refusal(on, {"disposal": (other,)})

    assert "already proposed" in why_not(until, "proposed")
    assert "already proposed" in why_not(until, "approved")
    assert "already erased" in why_not(until, "erased")
    assert "decided to keep this case until" in why_not(until, "refused")
    assert why_not(until + timedelta(days=1), "refused") == ""


def test_a_mail_on_its_way_bars_an_erasure_until_it_is_settled() -> None:
    queued = Entry(5, "queue_letter", CLOSED, {}, "u")
    sent = Entry(6, "send_letter", CLOSED, {"way": "mail"}, "u")

    def why_not(*entries: Entry) -> str:
        return PROPOSING.refusal(PROPOSING.today, {"letter": (Standing("sent", entries),)})

    assert why_not(queued, sent) == ""
    assert "waiting with the mail" in why_not(queued, sent, queued)
    assert why_not(queued, replace(sent, step="fail_mail", facts={})) == ""
