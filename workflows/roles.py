"""The only place that lists the roles, and says which of them does which kind of work on a case.

Whoever holds several roles acts under the first that is listed beside what they do: the log
names it as the authority for it.
"""

from pathlib import Path

REVIEWER, SUPERVISOR, CHIEF_EXECUTIVE = "reviewer", "supervisor", "chief_executive"
CONTRACTOR = "contractor"
"""Somebody from outside who is instructed to review single cases, and sees no others."""
ROLES = (REVIEWER, SUPERVISOR, CHIEF_EXECUTIVE, CONTRACTOR, "panel", "administrator")
"""The roles that an account may hold."""
PUBLIC = "public"
"""Somebody who applies on the web form: a role that no account has."""
SYSTEM = "system"
"""The software, where it carries out what people decided: a role that no account has."""

CASEWORKERS = (REVIEWER, SUPERVISOR)
"""Who works a review from its receipt to the letter that ends it."""
STAFF = (*CASEWORKERS, CHIEF_EXECUTIVE)
"""Who keeps on a case what belongs to the office alone."""
KEEPERS = (*STAFF, CONTRACTOR)
"""Who keeps on a case what a review is written from."""
WRITERS = (*CASEWORKERS, CONTRACTOR)
"""Who writes the review."""
RECEIVERS = (*CASEWORKERS, PUBLIC)
"""Who makes an application known to the office."""
DECIDERS = (CHIEF_EXECUTIVE, SUPERVISOR, REVIEWER)
"""Who decides, as far as the office's rule on signing off lets them."""
IN_CHARGE = (SUPERVISOR, CHIEF_EXECUTIVE)
"""Who answers for others' work."""

SOURCE = Path(__file__)
"""This file: part of every definition, as it says who may take its steps."""
