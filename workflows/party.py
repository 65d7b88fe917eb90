"""The only place for the rules about people in a case: who they are and how they are reached."""

from dataclasses import replace
from pathlib import Path

from workflows.definition import (
    STAYS,
    Choice,
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import KEEPERS, PUBLIC

ROLES_IN_A_CASE = (
    Choice("representative", "Acting for the complainant, with written consent"),
    Choice("complainant", "Another complainant"),
    Choice("interested", "Interested person"),
    Choice("complained_against", "Person complained against"),
    Choice("other", "Somebody else"),
)
IDENTITIES = (
    Choice("known", "Known to the office"),
    Choice("via_psd", "Known to Professional Standards, and reached through them"),
    Choice("unidentified", "Unidentified"),
    Choice("none", "There is no such person"),
)
KIND = Fact("kind", "choice", "Part in the case", required=True, choices=ROLES_IN_A_CASE)
WHO = (
    Fact("name", "text", "Name"),
    Fact("identity", "choice", "Who they are", choices=IDENTITIES),
    Fact(
        "is_identified",
        "flag",
        "Identity checked",
        "Nothing of the case is disclosed to somebody who may be somebody else.",
    ),
    Fact("email", "text", "Email address"),
    Fact("telephone", "text", "Telephone number"),
    Fact("address", "text", "Address", is_long=True),
    Fact(
        "consent_on",
        "day",
        "Day of the written consent to act",
        "Only for somebody who acts for the complainant.",
    ),
)


def _acts_for_the_complainant(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("consent_on") is None:
        return None
    if situation.value("kind") == "representative":
        return None
    return Refusal("Only somebody who acts for the complainant needs their consent.", "consent_on")


CONSENT = Guard(
    "consent",
    "Consent is for somebody who acts for the complainant.",
    _acts_for_the_complainant,
    about="judgement",
)

ADD = Step(
    "add",
    "Add a person",
    "party_added",
    "Person added to the case",
    (("annulled", "in_case"),),
    (*KEEPERS, PUBLIC),
    facts=(KIND, *WHO),
    guards=(CONSENT,),
    day_label="Day the office learned of them",
)
CHANGE = Step(
    "change",
    "Change what is known of them",
    "party_changed",
    "Person’s details changed",
    (("in_case", STAYS),),
    KEEPERS,
    facts=(replace(KIND, required=False), *WHO),
    guards=(CONSENT,),
    day_label="Day of the change",
)
LEAVE = Step(
    "leave",
    "Take them off the case",
    "party_left",
    "Person no longer in the case",
    (("in_case", "left"),),
    KEEPERS,
    facts=(Fact("why", "text", "Why", is_long=True),),
    day_label="Day it ended",
)

PARTY = Workflow(
    name="party",
    title="Person",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State("in_case", "In the case", colour="blue"),
        State("left", "No longer in the case", is_closed=True),
    ),
    steps=(ADD, CHANGE, LEAVE),
    sources=(Path(__file__),),
    noun="person",
)
