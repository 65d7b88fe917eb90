"""The only place for the rules about work given to a contractor: instructed, returned, accepted.

A contractor sees a case while an instruction on it is open, and the case stays with whoever it is
assigned to. Regulation 50 keeps out constables, other local policing bodies' staff, and anybody
whose impartiality could reasonably be doubted: whoever instructs declares that it is none of these.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from workflows.definition import (
    STAYS,
    Fact,
    Guard,
    Prompt,
    Refusal,
    Situation,
    Standing,
    State,
    Step,
    Wait,
    Workflow,
)
from workflows.roles import CONTRACTOR, OFFICE, STAFF

INSTRUCTED, RETURNED = "instructed", "returned"
OPEN = (INSTRUCTED, RETURNED)
"""The states in which the contractor sees the case."""
REMIND_AFTER = timedelta(days=7)
"""How long after a reminder a list suggests the next."""
RETURN_BY = Fact("return_by", "day", "Wanted back by", required=True, is_ahead=True)
NOTE = Fact("note", "text", "Note", is_long=True)


def _is_whose(situation: Situation) -> Refusal | None:
    actor = situation.actor
    if actor is None or CONTRACTOR not in actor.roles:
        return None
    if situation.before.values.get("person") in (None, actor.token):
        return None
    return Refusal("This is another contractor’s instruction. Only they or the office return it.")


def _wanted_later(situation: Situation) -> Refusal | None:
    day = situation.entry.facts.get("return_by")
    if day is None or day >= situation.entry.effective_on:
        return None
    return Refusal("The work is wanted back before it is asked for. Check both days.", "return_by")


def due(standing: Standing) -> date | None:
    """The day by which the work is wanted back; None once it is."""
    return_by: date | None = standing.values.get("return_by")
    return return_by if standing.state == INSTRUCTED else None


def _finish(standing: Standing) -> date | None:
    asked = standing.last("instruct", "send_back")
    return asked.effective_on if standing.state == INSTRUCTED and asked else None


def awaits(standing: Standing) -> Wait | None:
    """The contractor, until the work is returned."""
    asked_on = _finish(standing)
    return Wait("The contractor", asked_on, "the work") if asked_on else None


def _remind(standing: Standing) -> date | None:
    """From the day after it was due, and again a week after each reminder."""
    return_by, reminded = due(standing), standing.last("instruct", "send_back", "chase_work")
    if return_by is None or reminded is None:
        return None
    again = reminded.effective_on + REMIND_AFTER
    is_reminder = reminded.step == "chase_work" and reminded.effective_on > return_by
    return again if is_reminder else return_by + timedelta(days=1)


def _look(standing: Standing) -> date | None:
    returned = standing.last("return_work")
    return returned.effective_on if standing.state == RETURNED and returned else None


WANTED_LATER = Guard(
    "wanted_later",
    "The work is wanted back on the day it is asked for, or later.",
    _wanted_later,
)
INSTRUCT = Step(
    "instruct",
    "Instruct a contractor",
    "contractor_instructed",
    "Contractor instructed",
    (("annulled", INSTRUCTED),),
    STAFF,
    facts=(
        Fact(
            "person",
            "choice",
            "Who is instructed",
            "They see this case until the work is accepted or the instruction cancelled.",
            required=True,
            choices="contractors",
        ),
        Fact("asked", "text", "What they are asked to do", required=True, is_long=True),
        RETURN_BY,
        Fact(
            "is_eligible",
            "flag",
            "Regulation 50 allows it",
            "They are not a constable, do not work for another local policing body, and nobody "
            "could reasonably doubt their impartiality.",
            required=True,
        ),
    ),
    guards=(WANTED_LATER,),
    day_label="Day of the instruction",
)
REMIND = Step(
    "chase_work",
    "Remind the contractor",
    "contractor_reminded",
    "Contractor reminded",
    ((INSTRUCTED, STAYS),),
    OFFICE,
    facts=(replace(RETURN_BY, required=False, label="Now wanted back by"), NOTE),
    guards=(WANTED_LATER,),
    day_label="Day of the reminder",
)
RETURN = Step(
    "return_work",
    "Return the work",
    "work_returned",
    "Work returned",
    ((INSTRUCTED, RETURNED),),
    (*OFFICE, CONTRACTOR),
    facts=(NOTE,),
    guards=(
        Guard(
            "is_whose",
            "A contractor returns their own work only.",
            _is_whose,
            about="judgement",
        ),
    ),
    day_label="Day it was returned",
)
ACCEPT = Step(
    "accept_work",
    "Accept the work",
    "work_accepted",
    "Work accepted",
    ((RETURNED, "accepted"),),
    STAFF,
    facts=(NOTE,),
    day_label="Day it was accepted",
)
SEND_BACK = Step(
    "send_back",
    "Send the work back",
    "work_sent_back",
    "Work sent back",
    ((RETURNED, INSTRUCTED),),
    STAFF,
    facts=(
        Fact("reasons", "text", "What is still to be done, and why", required=True, is_long=True),
        replace(RETURN_BY, label="Now wanted back by"),
    ),
    guards=(WANTED_LATER,),
    day_label="Day it was sent back",
)
CANCEL = Step(
    "cancel_instruction",
    "Cancel the instruction",
    "instruction_cancelled",
    "Instruction cancelled",
    ((INSTRUCTED, "cancelled"), (RETURNED, "cancelled")),
    STAFF,
    facts=(Fact("why", "text", "Why", is_long=True),),
    day_label="Day it was cancelled",
)

INSTRUCTION = Workflow(
    name="instruction",
    title="Instruction to a contractor",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(INSTRUCTED, "Instructed", colour="blue"),
        State(RETURNED, "Returned", colour="yellow"),
        State("accepted", "Accepted", is_closed=True, colour="green"),
        State("cancelled", "Cancelled", is_closed=True),
    ),
    steps=(INSTRUCT, REMIND, RETURN, ACCEPT, SEND_BACK, CANCEL),
    sources=(Path(__file__),),
    noun="instruction",
    due=due,
    awaits=awaits,
    prompts=(
        Prompt("accept_work", "Look at the contractor’s work", _look, roles=STAFF),
        Prompt("chase_work", "Remind the contractor", _remind, roles=OFFICE),
        Prompt("return_work", "Finish the work and return it", _finish, roles=(CONTRACTOR,)),
    ),
)
