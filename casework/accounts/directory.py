"""The only place that says who of us somebody is whom the directory vouches for (single sign-on).

A person is known to the directory by its issuer and a subject that never changes, never by an
e-mail address, which may be given to somebody else. What writes does so within the caller's
write transaction.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.accounts import links, sessions
from casework.audit import record
from casework.models import DirectoryLink, Person
from casework.models.directory import LONGEST_SUBJECT
from config import SingleSignOn


def is_subject(given: str) -> bool:
    """Whether a directory can know somebody by this: OpenID Connect Core 1.0, section 2."""
    return 0 < len(given) <= LONGEST_SUBJECT and given.isascii() and given.isprintable()


def linked(session: Session, issuer: str, subject: str) -> Person | None:
    """The person whom a directory knows by this subject."""
    known = DirectoryLink.issuer == issuer, DirectoryLink.subject == subject
    query = select(Person).join(DirectoryLink, DirectoryLink.person_id == Person.id)
    return session.execute(query.where(*known)).scalar_one_or_none()


def is_linked(session: Session, person: Person) -> bool:
    """Whether a directory knows this person by some subject."""
    return session.get(DirectoryLink, person.id) is not None


def link(
    session: Session, person: Person, issuer: str, subject: str, origin: record.Origin
) -> None:
    """Let a directory vouch for a person who has no link; what they had by password ends.

    Raises IntegrityError when they have one, or the directory knows somebody else by this subject.
    """
    session.add(DirectoryLink(person_id=person.id, issuer=issuer, subject=subject))
    session.flush()
    links.end_links(session, person)
    stat, words = {"person": person.token}, {"issuer": issuer, "subject": subject}
    event = record.NewEvent("person_linked", record.SYSTEM, stat=stat, texts=words)
    _tell(session, person, event, origin)


def unlink(session: Session, person: Person, origin: record.Origin) -> bool:
    """Let no directory vouch for a person any more; False when none did."""
    if not is_linked(session, person):
        return False
    session.execute(delete(DirectoryLink).where(DirectoryLink.person_id == person.id))
    stat = {"person": person.token}
    _tell(session, person, record.NewEvent("person_unlinked", record.SYSTEM, stat=stat), origin)
    return True


def _tell(session: Session, person: Person, event: record.NewEvent, origin: record.Origin) -> None:
    """Tell the log. How somebody signs in from now on is another way than their open sessions had."""
    sessions.end_all(session, person.token, "link_changed")
    record.append(session, event, origin)


def may_use_password(session: Session, person: Person, settings: SingleSignOn | None) -> bool:
    """Whether a password lets this person in where these settings hold; None is no single sign-on.

    Whom the directory vouches for it alone lets in, or leaving it would not keep them out. The
    office's accounts for emergencies always have a password to use.
    """
    if settings is None or person.email in settings.break_glass:
        return True
    return not settings.is_only and not is_linked(session, person)


def note_password(session: Session, person: Person, settings: SingleSignOn | None) -> None:
    """Tell the log that a password opened an account for emergencies, where nobody else’s opens any."""
    if settings is not None and settings.is_only:
        stat = {"person": person.token}
        event = record.NewEvent("emergency_sign_in", record.SYSTEM, stat=stat)
        record.append(session, event, record.Origin("web"))
