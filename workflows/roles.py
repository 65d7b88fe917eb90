"""The only place that lists the roles, and says which of them does which kind of work on a case.

Whoever holds several roles acts under the first that is listed beside what they do: the log
names it as the authority for it.
"""

from pathlib import Path

REVIEWER, SUPERVISOR, CHIEF_EXECUTIVE = "reviewer", "supervisor", "chief_executive"
CASEWORK_ADMINISTRATOR = "casework_administrator"
"""Somebody who keeps reviews moving and settles nothing: logs, acknowledges, chases, posts."""
CONTRACTOR = "contractor"
"""Somebody from outside who is instructed to review single cases, and sees no others."""
AUDITOR = "auditor"
"""Somebody who reads everything of cases, and takes no step."""
ROLES = (
    *(REVIEWER, SUPERVISOR, CHIEF_EXECUTIVE, CASEWORK_ADMINISTRATOR),
    *(CONTRACTOR, AUDITOR, "panel", "administrator"),
)
"""The roles that an account may hold."""
ALONE = {
    CONTRACTOR: "A contractor sees only the cases that they are given.",
    AUDITOR: "An auditor reads everything, and has done none of it.",
}
"""The roles that nobody holds together with another, and why: another would undo what they keep."""
PUBLIC = "public"
"""Somebody who applies on the web form: a role that no account has."""
SYSTEM = "system"
"""The software, where it carries out what people decided: a role that no account has."""

CASEWORKERS = (REVIEWER, SUPERVISOR)
"""Who works a review from its receipt to the letter that ends it."""
HANDLERS = (*CASEWORKERS, CASEWORK_ADMINISTRATOR)
"""Who moves a case where nothing is found or decided by it."""
STAFF = (*CASEWORKERS, CHIEF_EXECUTIVE)
"""Who settles what belongs to the office alone."""
OFFICE = (*STAFF, CASEWORK_ADMINISTRATOR)
"""Who keeps on a case what belongs to the office alone."""
KEEPERS = (*OFFICE, CONTRACTOR)
"""Who keeps on a case what a review is written from."""
WRITERS = (*CASEWORKERS, CONTRACTOR)
"""Who writes the review."""
RECEIVERS = (*HANDLERS, PUBLIC)
"""Who makes an application known to the office."""
DECIDERS = (CHIEF_EXECUTIVE, SUPERVISOR, REVIEWER)
"""Who decides, as far as the office's rule on signing off lets them."""
IN_CHARGE = (SUPERVISOR, CHIEF_EXECUTIVE)
"""Who answers for others' work."""

SOURCE = Path(__file__)
"""This file: part of every definition, as it says who may take its steps."""
