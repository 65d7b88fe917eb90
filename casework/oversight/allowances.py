"""The only place that looks at what was allowed, kept apart and taken out of the office."""

from sqlalchemy.orm import Session

from casework.oversight.reading import MonthRead, as_told, particulars, reasons
from casework.oversight.section import Section, Topic
from workflows.complaint_review_validity import DECIDE_TIME
from workflows.conflict import DECLARE
from workflows.recommendation import EXTEND

EXTENDED = Topic(
    "extended",
    "Time limits extended",
    "Late applications that were accepted (regulation 29(4)), and time for the force to respond "
    "to a recommendation that was extended (regulation 30).",
    "Each is a discretion, and like cases are to be treated alike.",
    "Do the reasons say why this case was different?",
    "No time limit was extended.",
    ("What", "Decision or new last day", "Reasons"),
)
CONFLICTS = Topic(
    "conflicts",
    "Conflicts declared",
    "Conflicts of interest that were declared. From then on the person is kept out of the case.",
    "Declaring a conflict is right. What the person did on the case before may have to be looked "
    "at, and whoever has many may need other work.",
    "Had they a part in the case before?",
    "No conflict was declared.",
    ("Whose", "What the conflict is"),
)
TAKEN = Topic(
    "taken",
    "Lists of cases taken away",
    "Lists of cases that somebody took out of the system as a file.",
    "A file outside the system is protected only by whoever has it.",
    "What was it needed for, and was it deleted?",
    "No list of cases was taken away.",
    ("What was taken", "What it holds"),
    is_about_cases=False,
)
LOCKED = Topic(
    "locked",
    "Sign-ins locked",
    "Accounts that had to wait after ten wrong passwords in a row. Addresses that no account has "
    "are not recorded.",
    "Mostly somebody has forgotten a password. It can also be somebody else who tries.",
    "Was it you?",
    "No sign-in was locked.",
    ("Whose",),
    is_about_cases=False,
)


def extended(session: Session, seen: MonthRead) -> Section:
    """Extra time that was accepted, and responses for which more time was given."""
    events = [
        event
        for event in seen.of(DECIDE_TIME.event, EXTEND.event)
        if event.action == EXTEND.event or event.stat["extra_time"] == "extended"
    ]
    return as_told(
        session,
        seen,
        EXTENDED,
        events,
        lambda line: (line.title, particulars(line), reasons(line)),
    )


def conflicts(session: Session, seen: MonthRead) -> Section:
    """Conflicts that were declared, and whose."""
    events = seen.of(DECLARE.event)
    return as_told(
        session, seen, CONFLICTS, events, lambda line: (particulars(line), reasons(line))
    )


def taken(session: Session, seen: MonthRead) -> Section:
    """Lists of cases that were taken as files."""
    events = seen.of("list_exported", "restatement_taken")
    return as_told(session, seen, TAKEN, events, lambda line: (line.title, particulars(line)))


def locked(session: Session, seen: MonthRead) -> Section:
    """Sign-ins that had to wait."""
    return as_told(
        session, seen, LOCKED, seen.of("sign_in_locked"), lambda line: (particulars(line),)
    )
