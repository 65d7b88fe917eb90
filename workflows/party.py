"""The only place for the rules about people in a case: who they are and how they are reached."""

from dataclasses import replace
from pathlib import Path

from workflows.definition import STAYS, Choice, Fact, State, Step, Workflow

CASEWORKERS = ("reviewer", "supervisor", "chief_executive")

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

ADD = Step(
    "add",
    "Add a person",
    "party_added",
    "Person added to the case",
    (("annulled", "in_case"),),
    CASEWORKERS,
    facts=(KIND, *WHO),
    day_label="Day the office learned of them",
)
CHANGE = Step(
    "change",
    "Change what is known of them",
    "party_changed",
    "Person’s details changed",
    (("in_case", STAYS),),
    CASEWORKERS,
    facts=(replace(KIND, required=False), *WHO),
    day_label="Day of the change",
)
LEAVE = Step(
    "leave",
    "Take them off the case",
    "party_left",
    "Person no longer in the case",
    (("in_case", "left"),),
    CASEWORKERS,
    facts=(Fact("why", "text", "Why", is_long=True),),
    day_label="Day it ended",
)

PARTY = Workflow(
    name="party",
    title="People",
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
