"""The only place that says to who gives a role what it gives."""

from workflows.definition import Choice

ROLES = (
    Choice("reviewer", "Reviewer", "takes in applications, writes reviews and letters"),
    Choice(
        "supervisor",
        "Supervisor",
        "what a reviewer does; also shares out the work, imports the register, and decides where "
        "the office’s rule says so",
    ),
    Choice(
        "chief_executive",
        "Chief Executive",
        "decides, approves reports and erasures, reads the whole audit trail, and agrees to what "
        "administrators propose here",
    ),
    Choice(
        "casework_administrator",
        "Casework administrator",
        "logs, acknowledges, chases and posts; finds and decides nothing",
    ),
    Choice(
        "contractor",
        "Contractor",
        "writes reviews of the cases that they are given and sees no others; goes with no other role",
    ),
    Choice(
        "auditor",
        "Auditor",
        "reads every case, report and the audit trail, and changes nothing; goes with no other role",
    ),
    Choice("panel", "Panel member", "reads published reports"),
    Choice("administrator", "Administrator", "keeps accounts and settings; sees no case by it"),
)
LABELS = {choice.code: choice.label for choice in ROLES}


def in_words(roles: frozenset[str] | tuple[str, ...]) -> str:
    """Roles as a list of them reads: "Reviewer, Supervisor"; empty for none."""
    return ", ".join(LABELS[code] for code in LABELS if code in roles)
