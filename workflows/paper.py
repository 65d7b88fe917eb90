"""The only place for the rules about papers: kept as files in versions, or held by somebody else.

A file is never written over: a new version stands beside the old one, and each is in the log
by the hash of its bytes. What is seen but not had, such as body-worn video, is noted with who
saw which minutes of it (IOPC Statutory Guidance 2020, chapter 17: what the decision was made on).
"""

from dataclasses import replace
from pathlib import Path

from workflows.definition import STAYS, Choice, Fact, State, Step, Workflow
from workflows.roles import KEEPERS, PUBLIC

KINDS = (
    Choice("application", "Application for review"),
    Choice("outcome_letter", "Outcome letter"),
    Choice("investigation_report", "Investigation report or case-handler’s report"),
    Choice("force_file", "Other part of the force’s file"),
    Choice("complaint", "Complaint as it was made"),
    Choice("correspondence", "Letter or email"),
    Choice("statement", "Statement or account"),
    Choice("footage", "Footage, recording or photograph"),
    Choice("consent", "Consent or authority to act"),
    Choice("other", "Something else"),
)
ORIGINS = (
    Choice("applicant", "The applicant"),
    Choice("force", "The force"),
    Choice("office", "This office"),
    Choice("other", "Somebody else"),
)
MARKS = (
    Choice("third_party", "About third parties", "Personal information of other people"),
    Choice("force_sensitive", "Force-sensitive", "The force asks that it is not passed on"),
    Choice("privileged", "Legally privileged", "Legal advice, not to be disclosed"),
)
PLACES = (
    Choice("body_worn", "Body-worn video system"),
    Choice("centurion", "Centurion"),
    Choice("force_system", "Another system of the force"),
    Choice("force_premises", "On paper at the force"),
    Choice("iopc", "The IOPC"),
    Choice("other", "Elsewhere"),
)

NAME = Fact("name", "text", "Name of the paper", required=True)
KIND = Fact("kind", "choice", "Kind of paper", required=True, choices=KINDS)
DATED_ON = Fact("dated_on", "day", "Day of the paper", "As it is written on it, if it is.")
ORIGIN = Fact("origin", "choice", "Whom it came from", required=True, choices=ORIGINS)
MARKED = Fact(
    "marks", "choices", "Marks", "Read before anything is copied or disclosed.", choices=MARKS
)
FILE = Fact("file", "file", "File", required=True)
NOTE = Fact("note", "text", "Note", is_long=True)
PLACE = Fact("place", "choice", "Where it is held", required=True, choices=PLACES)
FOUND_UNDER = Fact("found_under", "text", "Its number or name there")
VIEWER = Fact("viewer", "choice", "Who viewed it", required=True, choices="people")
PART_VIEWED = Fact(
    "part_viewed",
    "text",
    "Which minutes or pages",
    "For example, 00:03:10 to 00:07:45 of camera 2. Say if it was all of it.",
    required=True,
)

ON_FILE, ELSEWHERE = "on_file", "elsewhere"

ADD = Step(
    "add",
    "Add papers",
    "paper_added",
    "Paper added",
    (("annulled", ON_FILE),),
    (*KEEPERS, PUBLIC),
    facts=(
        FILE,
        replace(
            NAME,
            required=False,
            hint="Left empty, it is called as its file is. Several are each called as their files "
            "are, after what is entered here.",
        ),
        KIND,
        ORIGIN,
        DATED_ON,
        MARKED,
        NOTE,
    ),
    day_label="Day it reached this office",
    page="papers.add",
)
HOLD = Step(
    "hold",
    "Note a paper held elsewhere",
    "paper_held_elsewhere",
    "Paper held elsewhere noted",
    (("annulled", ELSEWHERE),),
    KEEPERS,
    facts=(NAME, KIND, PLACE, FOUND_UNDER, ORIGIN, DATED_ON, MARKED, NOTE),
    day_label="Day this office learned where it is",
    page="papers.hold",
)
REPLACE = Step(
    "replace",
    "Add a new version",
    "paper_version_added",
    "New version of a paper added",
    ((ON_FILE, STAYS), (ELSEWHERE, ON_FILE)),
    KEEPERS,
    facts=(FILE, NOTE),
    day_label="Day this version reached this office",
    day_hint="The versions before it stay and can be opened.",
    page="papers.replace",
)
DESCRIBE = Step(
    "describe",
    "Change what is said of it",
    "paper_described",
    "Paper described anew",
    ((ON_FILE, STAYS), (ELSEWHERE, STAYS)),
    KEEPERS,
    facts=(
        replace(NAME, required=False, label="Name of the paper, if it changes"),
        KIND,
        ORIGIN,
        DATED_ON,
        MARKED,
        NOTE,
    ),
    ends=(MARKED.code,),
    day_label="Day of the change",
)
VIEW = Step(
    "view",
    "Record that it was viewed",
    "paper_viewed",
    "Paper held elsewhere viewed",
    ((ELSEWHERE, STAYS),),
    KEEPERS,
    facts=(VIEWER, PART_VIEWED, NOTE),
    day_label="Day it was viewed",
)

PAPER = Workflow(
    name="paper",
    title="Papers",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(ON_FILE, "On file", is_closed=True, colour="green"),
        State(ELSEWHERE, "Held elsewhere", is_closed=True, colour="blue"),
    ),
    steps=(ADD, HOLD, REPLACE, DESCRIBE, VIEW),
    sources=(Path(__file__),),
    noun="paper",
)
