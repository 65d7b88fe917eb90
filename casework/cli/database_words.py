"""The only place that says in a sentence why a database refused, without showing its password."""

from sqlalchemy.exc import DBAPIError

_SENTENCES = (
    (
        ("database is locked", "lock timeout", "lock_timeout"),
        "Somebody else is writing to the database and did not finish in time. Nothing was kept; "
        "try again.",
    ),
    (
        ("disk is full", "disk full", "no space left", "disk i/o error"),
        "The disk is full or cannot be written to, so nothing was kept. Make room and try again.",
    ),
    (
        ("readonly database", "read-only", "unable to open database file"),
        "The database or its folder cannot be written to. Nothing was kept; change the "
        "permissions of the folder and try again.",
    ),
    (
        ("permission denied", "insufficient privilege"),
        "The database lets this user do too little. Nothing was kept; grant the rights that "
        "the installation guide lists.",
    ),
    (
        ("file is not a database", "malformed"),
        "The database file is damaged or is not a database. Nothing was changed; restore a backup.",
    ),
    (
        ("no such table", "undefinedtable", "no such column", "undefinedcolumn"),
        "The database is not ready for this version. Run: casework init",
    ),
    (
        ("does not exist", "authentication", "connection", "could not translate"),
        "The database cannot be reached. Nothing was kept; check CASEWORK_DATABASE_URL, and that "
        "the database is running and lets this user in.",
    ),
)


def sentence_of(error: DBAPIError) -> str:
    """Why the database refused, and what to do."""
    said = f"{type(error.orig).__name__} {error.orig}".casefold()
    for signs, sentence in _SENTENCES:
        if any(sign in said for sign in signs):
            return sentence
    return (
        f"The database refused ({type(error.orig).__name__}). Nothing was kept. Set "
        "CASEWORK_DEBUG=1 and try again to see what it said."
    )
