"""The only place that compares who the directory vouches for with the log.

A row altered there would let somebody in as another.
"""

from collections.abc import Mapping

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.checks_tables import events_called
from casework.audit.findings import Check, Finding
from casework.models import DirectoryLink, Person
from casework.models.base import table_of

_LINKS, _PEOPLE = table_of(DirectoryLink), table_of(Person)
_Link = tuple[object, object] | None
_ERASED: Mapping[str, str] = {}


def check_directory_links(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether the directory vouches for those whom the log says, under the names that it has.

    The log may have grown since the table was read: each later entry may have made the row.
    """
    check = Check("directory links")
    stored = _stored(session)
    given: dict[str, list[tuple[int | None, Mapping[str, str] | None]]] = {}
    for event in events_called(session, "person_linked", "person_unlinked"):
        token = str(event.stat.get("person"))
        says = event.words or _ERASED if event.action == "person_linked" else None
        before = given.get(token, [(None, None)]) if event.seq >= log_size else []
        given[token] = [*before, (event.seq, says)]
    session.rollback()
    for token in sorted(stored.keys() | given.keys()):
        said = given.get(token, [(None, None)])
        if not any(_is_so(stored.get(token), words) for _, words in said):
            what = f"Person {token} is not known to the directory as the log says"
            check.fault(what, said[0][0])
    return check.findings("The directory vouches for those whom the log says, and for nobody else.")


def _stored(session: Session) -> dict[str, _Link]:
    """The rows as they stand, whatever tampering left in them, by the person's token."""
    columns = [type_coerce(_LINKS.c[name], NullType()) for name in ("issuer", "subject")]
    join = _LINKS.outerjoin(_PEOPLE, _PEOPLE.c.id == _LINKS.c.person_id)
    rows = session.execute(select(_PEOPLE.c.token, *columns).select_from(join))
    return {str(token): (issuer, subject) for token, issuer, subject in rows}


def _is_so(stored: _Link, words: Mapping[str, str] | None) -> bool:
    """Whether a row is as an entry's words have it: none without words, any whose words were erased."""
    if stored is None or words is None:
        return stored is None and words is None
    return words is _ERASED or stored == (words.get("issuer"), words.get("subject"))
