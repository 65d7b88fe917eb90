"""The only place for the life of a recommendation to the force, before and after the review closes.

Made on the day it was sent; the force responds within 28 days, starting the day after
(reg 30(4) to (7)). Recommendation and response are copied to the complainant and interested
persons. Closing the review never closes a recommendation; setting the decision aside does.
"""

from pathlib import Path

from workflows import recommendation_facts as facts
from workflows import recommendation_rules as rules
from workflows.definition import AS_SAID, STAYS, Mark, State, Step, Workflow
from workflows.recommendation_arising import CARRY_OVER, RECOMMEND, SET_ASIDE, arises
from workflows.recommendation_prompts import PROMPTS, awaits
from workflows.roles import OFFICE, STAFF

ANSWERED = ("accepted", "partly_accepted", "rejected", "unknown")
OPEN = ("made", *ANSWERED)
DONE = ("implemented", "lapsed")

INITIAL = State("annulled", "Entered in error")
STATES = (
    State("made", "Awaiting response", colour="blue"),
    State("accepted", "Accepted", colour="turquoise"),
    State("partly_accepted", "Partly accepted", colour="turquoise"),
    State("rejected", "Rejected", colour="red"),
    State("unknown", "Response not known", colour="grey"),
    State("implemented", "Carried out", is_closed=True, colour="green"),
    State("lapsed", "Not taken further", is_closed=True, colour="grey"),
    State("set_aside", "Set aside with the decision", is_closed=True, colour="orange"),
)


def _from(*sources: str, to: str = STAYS) -> tuple[tuple[str, str], ...]:
    return tuple((source, to) for source in sources)


MAKE = Step(
    RECOMMEND,
    "Make a recommendation",
    "recommendation_made",
    "Recommendation made",
    _from("annulled", to="made"),
    STAFF,
    facts=(facts.KIND, facts.WORDING),
    guards=(
        rules.DECISION_STANDS,
        rules.MAY_RECOMMEND,
        rules.AFTER_THE_DECISION,
        rules.WITHIN_POWERS,
    ),
    day_label="Day it was sent to the force",
    day_hint="The 28 days for the response start the day after (reg 30).",
    page="recommendations.make",
)
TAKE_OVER = Step(
    CARRY_OVER,
    "Take over from the register",
    "recommendation_taken_over",
    "Recommendation made, as the register has it",
    _from("annulled", to=f"{AS_SAID}responses"),
    (),
    facts=(facts.KIND, facts.RESPONSE_ON_REGISTER),
    is_implied=True,
)
DESCRIBE = Step(
    "describe",
    "Set out the recommendation",
    "recommendation_described",
    "Recommendation set out in full",
    _from(*OPEN, *DONE),
    STAFF,
    facts=(facts.WORDING,),
    day_label="Day it was sent to the force in these words",
)
EXTEND = Step(
    "extend",
    "Give the force more time",
    "response_time_extended",
    "More time given for the response",
    _from("made"),
    STAFF,
    facts=(facts.RESPOND_BY, facts.WHY_EXTENDED),
    guards=(rules.RESPONSE_IS_OWED, rules.LATER_THAN_BEFORE),
    day_label="Day the time was extended",
)
REMIND = Step(
    "remind",
    "Remind the force",
    "response_chased",
    "Force reminded of its response",
    _from("made"),
    OFFICE,
    facts=(facts.NOTE,),
    guards=(rules.RESPONSE_IS_OWED,),
    day_label="Day the reminder was sent",
)
RESPOND = Step(
    "respond",
    "Record the force’s response",
    "response_received",
    "Force responded",
    _from(*OPEN, to=f"{AS_SAID}responses"),
    OFFICE,
    facts=(facts.RESPONSE, facts.IN_WRITING, facts.STEPS_OR_REASONS, facts.FOLLOW_UP_ON),
    guards=(rules.RESPONSE_IS_OWED,),
    day_label="Day the written response came",
)
COPY = Step(
    "copy",
    "Record a copy as sent",
    "recommendation_copied",
    "Copy sent",
    _from(*OPEN, *DONE),
    OFFICE,
    facts=(facts.COPIED, facts.COPIED_TO),
    guards=(rules.COPIED_WHAT_THERE_IS,),
    day_label="Day the copy was sent",
)
IMPLEMENT = Step(
    "implement",
    "Record it as carried out",
    "recommendation_implemented",
    "Recommendation carried out",
    _from(*OPEN, to="implemented"),
    STAFF,
    facts=(facts.EVIDENCE,),
    guards=(rules.ANSWERED_FIRST,),
    begins=(Mark("implemented"),),
    day_label="Day it was carried out",
)
LAPSE = Step(
    "lapse",
    "Take it no further",
    "recommendation_lapsed",
    "Recommendation not taken further",
    _from(*OPEN, to="lapsed"),
    STAFF,
    facts=(facts.WHY_LAPSED,),
    begins=(Mark("lapsed"),),
    day_label="Day that was decided",
)
END_WITH_DECISION = Step(
    SET_ASIDE,
    "Set aside",
    "recommendation_set_aside",
    "Set aside with the decision",
    _from(*OPEN, *DONE, to="set_aside"),
    (),
    ends=("recommendations", "responses", "response_due", "implemented", "lapsed"),
    is_implied=True,
)

RECOMMENDATION = Workflow(
    name="recommendation",
    title="Recommendation",
    version="1",
    initial=INITIAL,
    states=STATES,
    steps=(
        MAKE,
        TAKE_OVER,
        RESPOND,
        REMIND,
        EXTEND,
        COPY,
        IMPLEMENT,
        DESCRIBE,
        LAPSE,
        END_WITH_DECISION,
    ),
    sources=tuple(sorted(Path(__file__).parent.glob("recommendation*.py"))),
    noun="recommendation",
    prompts=PROMPTS,
    awaits=awaits,
    due=rules.due,
    arises=arises,
)
