"""The only place for the rules about a case that only people named may see: restricted, lifted.

While it stands, `casework.permissions` keeps the case from everybody else, whatever their role:
for a complaint about somebody of the office, somebody well known, or a risk that too many eyes
would make greater. What a declared conflict keeps from somebody, being named does not give back.
"""

from pathlib import Path

from workflows.definition import (
    STAYS,
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import IN_CHARGE, SYSTEM

RESTRICTED, LIFTED = "restricted", "lifted"
PEOPLE = Fact(
    "people",
    "choices",
    "Who may see the case",
    "Nobody else will, in charge or not. Name yourself too, and somebody who can stand in for you.",
    required=True,
    choices="readers",
)
WHY = Fact("why", "text", "Why", required=True, is_long=True)


def _names_oneself(situation: Situation) -> Refusal | None:
    actor, left = situation.actor, situation.before
    if actor is None or SYSTEM in actor.roles or left.state != RESTRICTED:
        return None
    if actor.token in left.values.get(PEOPLE.code, ()):
        return None
    return Refusal(
        "Name yourself too: whoever is not named can neither see the case nor lift the restriction.",
        PEOPLE.name,
    )


def _is_only_one(situation: Situation) -> Refusal | None:
    others = situation.kept.get(RESTRICTION.name, ())
    if not any(each.state == RESTRICTED for each in others):
        return None
    return Refusal("The case is restricted already. Change who may see it.")


def _stays_only_one(situation: Situation) -> Refusal | None:
    left = situation.before
    own = {entry.seq for entry in left.entries}
    others = situation.kept.get(RESTRICTION.name, ())
    stand = (each for each in others if own.isdisjoint(entry.seq for entry in each.entries))
    if left.state != RESTRICTED or not any(each.state == RESTRICTED for each in stand):
        return None
    return Refusal("The case would be restricted twice. Lift the restriction that stands first.")


NAMES_ONESELF = Guard(
    "names_oneself", "Whoever names the people is one of them.", _names_oneself, about="left"
)
STAYS_ONLY_ONE = Guard(
    "stays_only_one", "No change makes a case restricted twice.", _stays_only_one, about="left"
)
RESTRICT = Step(
    "restrict_case",
    "Restrict the case to people named",
    "case_restricted",
    "Case restricted to people named",
    (("annulled", RESTRICTED),),
    IN_CHARGE,
    facts=(PEOPLE, WHY),
    guards=(
        Guard("is_only_one", "A case is restricted once at a time.", _is_only_one, about="case"),
        NAMES_ONESELF,
        STAYS_ONLY_ONE,
    ),
    day_label="Day from which it is restricted",
)
NAME = Step(
    "name_readers",
    "Change who may see the case",
    "readers_named",
    "Who may see the case changed",
    ((RESTRICTED, STAYS),),
    (*IN_CHARGE, SYSTEM),
    facts=(PEOPLE, WHY),
    guards=(NAMES_ONESELF,),
    day_label="Day of the change",
)
LIFT = Step(
    "lift_case_restriction",
    "Lift the restriction",
    "case_restriction_lifted",
    "Restriction to people named lifted",
    ((RESTRICTED, LIFTED),),
    IN_CHARGE,
    facts=(Fact("why_lifted", "text", "Why it is no longer needed", required=True, is_long=True),),
    guards=(NAMES_ONESELF, STAYS_ONLY_ONE),
    day_label="Day it was lifted",
)

RESTRICTION = Workflow(
    name="restriction",
    title="Restriction to people named",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(RESTRICTED, "Restricted", colour="purple", flag="Restricted to people named"),
        State(LIFTED, "Lifted", is_closed=True),
    ),
    steps=(RESTRICT, NAME, LIFT),
    sources=(Path(__file__),),
    noun="restriction",
    sees_kept=True,
)
