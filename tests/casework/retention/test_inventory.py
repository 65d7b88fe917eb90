"""Every column that could hold words: gone with an erased case, or of no case, and why."""

from sqlalchemy import JSON, LargeBinary, String

from casework.models import Base
from casework.models.base import TOKEN
from casework.models.search import FoldedWords
from casework.retention.residue import TABLES

ERASED = {
    "audit_detail": "salt body",
    "case": "force_reference complainant_name complainant_email complainant_telephone "
    "complainant_address grounds reference_key name_key email_key telephone_key address_key",
    "draft": "form title fields",
    "item": "words",
    "letter_draft": "letter told text docx pdf template replaces issued",
    "list_check": "respelt",
    "list_finding": "subject listed differences",
    "outbox_mail": "message_id letter told recipient subject body attachments status last_error",
    "register_row": "digest",
    "search_entry": "place file body",
    "search_words": "about said",
    "stored_file": "sha256 media_type scan",
    "waiting_application": "token_hash sealed req reference",
    "waiting_file": "token_hash sha256",
}
"""Columns of which nothing is left of an erased case; `test_erasing` looks for their bytes."""
OF_NO_CASE = {
    "access_read": {},
    "audit_event": {
        "id at action req body leaf_hash": "the log: closed codes, days, random tokens, hashes"
    },
    "audit_node": {"hash": "hashes of the log"},
    "case": {
        "reference": "the office's own number, told again to whoever asks for it; a neutral one "
        "where whoever approved said that it could name somebody",
        "workflow workflow_version workflow_hash state force route waiting_for": "codes",
    },
    "checkpoint": {"root note": "hashes of the log, signed"},
    "checkpoint_copy": {"kind place": "where the office keeps checkpoints"},
    "directory_link": {"issuer subject": "people who work here, as their directory knows them"},
    "erasure": {"files": "hashes of files that are still to be deleted, then none"},
    "held_file": {
        "kind content told": "sealed under a key that only a session has, and gone within a day"
    },
    "item": {
        "token workflow workflow_version workflow_hash state kind": "codes and tokens",
        "codes": "the codes that the log has: choices, days, people's tokens, hashes of files",
    },
    "letter_template": {"letter sha256": "the office's own templates"},
    "list_check": {
        "force": "a code",
        "counts findings met": "figures and random tokens",
        "unread": "rows and columns of a list by number and code, and codes of what was wrong",
    },
    "list_finding": {
        "force kind settled_as": "codes",
        "cases": "random tokens",
    },
    "limited_use": {"whose_hash what": "gone within days, by a key that is of one window only"},
    "list_reading": {"force header columns day_order": "titles of the columns of a force's lists"},
    "milestone": {"item kind code": "codes, and tokens of items"},
    "milestone_source": {"fingerprint": "a hash of the definitions"},
    "office_setting": {"name value": "what the office says of itself"},
    "person": {"email name password_hash": "people who work here; the log knows their tokens"},
    "person_role": {"role": "people who work here"},
    "publication": {
        "kind figures state year": "codes and hashes",
        "words": "what the office published about all its cases, and what anybody may read",
        "written_by": "people's tokens",
    },
    "reference_counter": {"prefix": "what references begin with"},
    "register_row": {
        "reference": "as the case's; with a neutral one the row is deleted",
    },
    "recovery_code": {"code_hash": "people who work here"},
    "second_factor": {"sealed": "people who work here"},
    "set_password_link": {"secret_hash": "people who work here"},
    "sign_in_attempt": {"email_hash": "people who work here"},
    "staff_session": {
        "secret_hash signed_in_by device awaits ended_why": "people who work here",
    },
}
"""Columns that say nothing of a person in a case, by why."""


def test_every_column_that_can_hold_words_is_erased_or_of_no_case() -> None:
    held = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON | LargeBinary | FoldedWords)
        or (isinstance(column.type, String) and column.type.length != TOKEN)
    }
    erased = {(table, name) for table, names in ERASED.items() for name in names.split()}
    of_no_case = {
        (table, name)
        for table, whys in OF_NO_CASE.items()
        for names in whys
        for name in names.split()
    }
    assert held - erased - of_no_case == set()
    assert (erased | of_no_case) - held == set()
    assert not erased & of_no_case


def test_what_is_written_anew_is_every_table_of_which_anything_goes() -> None:
    assert set(TABLES) == {*ERASED}
