"""The only place for the life of an oversight or learning point: noted, then fed back.

Not statutory, possible on any review whatever its outcome, and kept apart from
recommendations: nobody owes a response.
"""

from pathlib import Path

from workflows.definition import STAYS, Choice, Fact, Mark, State, Step, Workflow
from workflows.roles import CONTRACTOR, STAFF

ADDRESSEES = (
    Choice("professional_standards", "The force’s professional standards department"),
    Choice("chief_constable", "The chief constable"),
    Choice("team_or_officer", "A team or an officer, through the force"),
    Choice("office", "This office"),
    Choice("other", "Somebody else"),
)
THEMES = (
    Choice("timeliness", "Timeliness"),
    Choice("communication", "Keeping the complainant informed"),
    Choice("outcome_letter", "The outcome letter"),
    Choice("rights", "Rights of review and how they were explained"),
    Choice("handling", "How the complaint was handled or recorded"),
    Choice("enquiries", "Enquiries made, and evidence kept or lost"),
    Choice("explanation", "Explaining decisions and policies"),
    Choice("policing", "Policing practice, policy or training"),
    Choice("equality", "Equality and vulnerability"),
    Choice("data", "Information and records"),
    Choice("good_practice", "Good practice"),
    Choice("other", "Another theme"),
)
POINT = Fact("point", "text", "The point", required=True, is_long=True)

STATES = (
    State("noted", "Noted", colour="blue"),
    State("fed_back", "Fed back", is_closed=True, colour="green"),
)

OBSERVE = Step(
    "observe",
    "Note a learning point",
    "learning_point_noted",
    "Learning point noted",
    (("annulled", "noted"),),
    (*STAFF, CONTRACTOR),
    facts=(
        Fact("to", "choice", "Who it is for", required=True, choices=ADDRESSEES),
        Fact("themes", "choices", "Themes", choices=THEMES, is_counted=True),
        POINT,
    ),
    begins=(Mark("learning_point"),),
    day_label="Day it was noted",
)
REWORD = Step(
    "reword",
    "Change the words",
    "learning_point_reworded",
    "Learning point put in other words",
    (("noted", STAYS),),
    (*STAFF, CONTRACTOR),
    facts=(POINT,),
    day_label="Day the words were changed",
)
FEED_BACK = Step(
    "feed_back",
    "Record it as fed back",
    "learning_point_fed_back",
    "Learning point fed back",
    (("noted", "fed_back"),),
    STAFF,
    facts=(Fact("note", "text", "How it was fed back", is_long=True),),
    begins=(Mark("learning_point_fed_back"),),
    day_label="Day it was sent",
)
HEAR_BACK = Step(
    "hear_back",
    "Record what came of it",
    "learning_point_answered",
    "Learning point answered",
    (("fed_back", STAYS),),
    STAFF,
    facts=(Fact("reply", "text", "What came of it", required=True, is_long=True),),
    day_label="Day the office heard",
)

OBSERVATION = Workflow(
    name="observation",
    title="Learning point",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=STATES,
    steps=(OBSERVE, REWORD, FEED_BACK, HEAR_BACK),
    sources=(Path(__file__),),
    noun="learning point",
)
