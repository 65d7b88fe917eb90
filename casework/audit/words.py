"""The only place for the words of actions that are no step of a workflow, and of their codes.

What is not listed still reads: an unknown code is shown as itself, with spaces.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.calendar import in_words
from workflows.roles import PUBLIC

TITLES = {
    "annulled": "Annulled",
    "clock_regressed": "Server’s clock went back",
    "corrected": "Corrected",
    "delegation_ended": "Delegation ended",
    "delegation_made": "Delegation made",
    "email_changed": "Email address changed",
    "email_proposed": "Another email address proposed",
    "email_refused": "Other email address refused",
    "emergency_sign_in": "Signed in to an account for emergencies",
    "letter_opened": "Issued letter opened",
    "letter_taken": "Letter taken",
    "letter_template_added": "Letter template added",
    "letter_template_chosen": "Letter template chosen again",
    "list_exported": "List of cases exported",
    "list_finding_settled": "Finding about the force’s list settled",
    "list_reconciled": "Force’s list checked",
    "log_restored": "Office restored from a backup",
    "log_exported": "Export of the log begun",
    "mail_settled": "Mail that was to be sent settled",
    "paper_downloaded": "Paper opened",
    "password_set": "Password set",
    "person_added": "Person added",
    "person_disabled": "Account disabled",
    "person_enabled": "Account enabled again",
    "person_invited": "Link to set a password given",
    "person_linked": "Joined to the directory",
    "person_renamed": "Person renamed",
    "person_unlinked": "No longer joined to the directory",
    "reads_digested": "Reads of cases on a day sealed",
    "recovery_code_used": "Recovery code used in place of a second factor",
    "recovery_codes_renewed": "Recovery codes made anew",
    "register_imported": "Register imported",
    "restatement_taken": "What changed a report taken",
    "restricted_case_read": "Restricted case read",
    "retention_erased_again": "Erased again after a restore",
    "roles_changed": "Roles changed",
    "roles_proposed": "Roles proposed",
    "roles_refused": "Proposed roles refused",
    "second_factor_removed": "Second factor removed",
    "second_factor_set_up": "Second factor set up",
    "sessions_ended": "Signed out everywhere",
    "setting_changed": "Office setting changed",
    "shared_words_erased": "Words about several erased cases erased",
    "sign_in_locked": "Sign-in locked after failed attempts",
    "signing_key_changed": "Key that signs checkpoints changed",
}
LABELS = {
    "email": "Email address",
    "details": "Entries whose words were erased",
    "due_on": "Day on which it fell due",
    "files": "Files erased",
    "first_seq": "Entry by which it was erased before",
    "positions": "Entries whose words were erased",
    "letter_item": "Letter",
    "declared": "Declared",
    "from_on": "From",
    "functions": "What is delegated",
    "instrument": "Written instrument",
    "reason": "Why",
    "proposed_in": "Entry that proposed it",
    "way": "How it was given",
    "issuer": "Directory",
    "subject": "How the directory knows them",
    "until_on": "Last day",
    "failures": "Failed attempts",
    "seconds": "Seconds behind the entry before",
    "rows": "Cases in it",
    "has_words": "With words",
    "imported": "Rows that became cases",
    "unchanged": "Rows imported before",
    "listed": "Reviews listed",
    "matched": "Matched, nothing differs",
    "missing_here": "On the list, not here",
    "close": "Almost the same reference",
    "missing_there": "Here, not on the list",
    "differing": "On both, and told otherwise",
    "uneven": "Not as often on the list as here",
    "unread": "Rows that could not be read, or not wholly",
    "settled_as": "Settled as",
    "publication": "Report",
    "earlier": "Figures of earlier reports that have changed",
    "earlier_table": "Table that tells them",
    "earlier_told_in": "Report that told of changes before",
    "report_before": "Entry that published the report before",
    "content": "SHA-256 of what was approved",
    "figures": "SHA-256 of the figures",
    "edition": "Edition of the measures",
    "made_at": "Backup made at",
    "root": "Root of the log in it",
    "size": "Recorded actions in it",
    "log_size": "Recorded actions counted",
    "log_root": "Root of the log then",
    "status_on": "Status day",
    "to_on": "To",
    "filters": "Narrowed down by",
    "acknowledge_target": "Target for acknowledging, in working days",
    "clock_start": "Where the time for deciding starts",
    "decide_target": "Target for deciding, in working days",
    "answer_target": "Time for an applicant to answer, in working days",
    "iopc_address": "Address of the IOPC",
    "extra_holidays": "Extra bank holidays",
    "forces": "Police forces",
    "accessibility_contact": "Accessibility contact",
    "accessibility_prepared_on": "Day of the accessibility statement",
    "apply_otherwise": "Other ways to apply",
    "contact_details": "Contact details",
    "contact_officer": "Contact officer",
    "contact_officer_details": "How to reach the contact officer",
    "data_protection_contact": "Data protection contact",
    "iopc_statistics_on": "Day of the IOPC’s annual statistics",
    "office_name": "Name of the office",
    "panel_name": "Name of the panel",
    "report_from": "Who reports to the panel",
    "retention_period": "How long cases are kept",
    "retention_schedule": "Retention schedule",
    "checkpoint_days": "Days an entry may wait for a checkpoint outside",
    "second_factor_roles": "Who signs in with a second factor",
    "small_base": "Smallest base of a percentage",
    "small_number": "Smallest number in breaks by personal characteristics",
    "web_form": "Public form",
    "reference_pattern": "Pattern of references",
    "sign_off": "Who signs off decisions",
    "after": "Public key from here on",
    "before": "Public key until then",
    "is_lost": "The key before cannot vouch for it",
    "day": "Day",
    "digest": "SHA-256 of its reads",
    "reads": "Reads of cases",
}
ROLES = {
    "administrator": "administrator",
    "auditor": "auditor",
    "casework_administrator": "casework administrator",
    "chief_executive": "Chief Executive",
    "contractor": "contractor",
    "panel": "panel member",
    "public": "member of the public",
    "reviewer": "reviewer",
    "supervisor": "supervisor",
    "system": "the system",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SIGN_OFF = {
    "sole": "the reviewer may decide alone",
    "second_person": "a second person decides",
    "chief_executive": "the Chief Executive decides",
}
CLOCK_STARTS = {
    "received": "on the day of receipt",
    "validated": "on the day it was found valid",
    "acknowledged": "on the day it was acknowledged",
}
DELEGATED = {
    "decide": "deciding reviews",
    "extend_time": "deciding about extra time",
    "find_validity": "deciding validity",
    "issue_letters": "issuing letters",
    "write_review": "writing reviews",
}
DECLARED = {
    "is_impartial": "impartial",
    "not_constable": "not a constable",
    "not_other_lpb": "not with another local policing body",
}
WAYS = {
    "command": "printed by a command",
    "mail": "by email",
}
# Facts of these names hold codes that are listed here.
_CODES: Mapping[str, Mapping[str, str]] = {
    "setting": LABELS,
    "declared": DECLARED,
    "functions": DELEGATED,
    "role": ROLES,
    "roles": ROLES,
    "value": {**SIGN_OFF, **CLOCK_STARTS, **ROLES},
    "way": WAYS,
}


def title_of(action: str) -> str:
    """The title of an action that is no step: "Letter taken"."""
    return TITLES.get(action, spelt_out(action))


def label_of(code: str) -> str:
    """The label of a code in such an action's `stat`."""
    return LABELS.get(code, spelt_out(code))


def role_of(role: str) -> str:
    """A role as a sentence names it."""
    return ROLES.get(role, role.replace("_", " "))


def who(actor: str, names: Mapping[str, str], role: str = "") -> str:
    """Whoever acted, by name where it is known; the log itself knows tokens only."""
    if role == PUBLIC:
        return "An applicant"
    return "Casework" if actor == "system" else names.get(actor, actor)


def entries_counted(count: int) -> str:
    """So many entries of the log: "1 entry", "1,204 entries"."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def spelt_out(code: str) -> str:
    """A code read as words: "list_exported" is "List exported"."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]


def value_in_words(code: str, value: Any, names: Mapping[str, str]) -> str:
    """A plain value of `stat` in words: tokens become names, days are written out, lists told one by one."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or value in ("", []):
        return "None"
    if isinstance(value, list | tuple):
        return "; ".join(_part_in_words(code, part, names) for part in value)
    if isinstance(value, dict):
        pairs = (
            f"{label_of(key)} {value_in_words(key, held, names)}" for key, held in value.items()
        )
        return "; ".join(pairs)
    text = str(value)
    return names.get(text) or _CODES.get(code, {}).get(text) or _day_in_words(text)


def _day_in_words(text: str) -> str:
    try:
        return in_words(date.fromisoformat(text)) if _DAY.fullmatch(text) else text
    except ValueError:
        return text


def _part_in_words(code: str, part: Any, names: Mapping[str, str]) -> str:
    if isinstance(part, list | tuple):
        return ": ".join(value_in_words(code, held, names) for held in part)
    return value_in_words(code, part, names)
