"""The only place that makes an application of what was answered, and has it received."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.applications import APPLICANT, Attached, receive
from casework.apply import waiting
from casework.apply.flow import Brought, Journey
from casework.apply.pages import NO, YES, is_acting
from casework.apply.receipt import put_receipt
from casework.apply.waiting import Unfound, Waiting, mark_found
from casework.audit.record import Origin
from casework.files.names import stem_of
from casework.files.store import note
from casework.index.entries import TextOf, keep_files
from casework.items import items_on
from casework.progress import case_ref
from casework.web.uploads import Upload
from workflows import eligibility
from workflows.attempt import Attempt
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.paper import FILE, PAPER
from workflows.safeguarding import SAFEGUARDING

LOG = COMPLAINT_REVIEW.begins_with.name
_CONTACT = ("email", "telephone", "address")


def send(session: Session, token: str, found: Waiting, journey: Journey, copy: Upload) -> None:
    """Have an application received: the case, all that came with it, and a receipt.

    Within the caller's write transaction, in which it was `found`; the caller commits. The key
    of the request was fixed when the application began: sent again, it is the same one. `copy`
    is the paper that the application is.
    """
    papers = (*_papers_of(journey), Brought("application", copy))
    for each in papers:
        note(session, each.upload.kept)
    moved = receive(
        session,
        Attempt(LOG, journey.today, facts_of(journey), APPLICANT),
        Origin("form", APPLICANT.token, found.req),
        attached=(*kept_beside(journey), *(_paper(each) for each in papers)),
    )
    recipient = journey.answers.said.get("email")
    if recipient:
        put_receipt(session, moved, recipient)
    sent = {each.upload.kept.sha256 for each in papers}
    waiting.finish(session, token, moved.reference, sent)


def facts_of(journey: Journey) -> dict[str, Any]:
    """What was said of the complaint and the application, by the names of the case's facts."""
    said = _counting(journey)
    acting = is_acting(said)
    contact = {} if acting else {f"complainant_{way}": said.get(way) for way in _CONTACT}
    own = ("complaint", "force_reference", "letter_dated_on", "grounds")
    return {
        **eligibility.facts(journey.answers.said, journey.office, journey.today),
        **{name: said.get(name) for name in own},
        **contact,
        "complainant_name": said.get("complainant" if acting else "name"),
        "channel": "web",
    }


def kept_beside(journey: Journey) -> Iterator[Attached]:
    """What is kept on the case beside the application and its papers."""
    said = _counting(journey)
    if said.get("at_risk", NO) != NO:
        yield Attached(SAFEGUARDING.name, {"at_risk": said["at_risk"], "risk": said["risk"]})
    yield from _people(said, journey.today)
    yield Attached("contact_plan", _plan(said))


def _papers_of(journey: Journey) -> tuple[Brought, ...]:
    """The papers that were brought on pages that are asked."""
    takes = {page.takes for page in journey.pages}
    return tuple(each for each in journey.answers.papers if each.kind in takes)


def _paper(brought: Brought) -> Attached:
    told = {"kind": brought.kind, "origin": "applicant", "name": stem_of(brought.upload.name)}
    return Attached(PAPER.name, {**told, FILE.name: brought.upload.kept.sha256})


def _counting(journey: Journey) -> dict[str, Any]:
    """What was said on the pages that are asked: an answer to any other does not count."""
    asked = {fact.name for page in journey.pages for fact in page.facts}
    return {name: value for name, value in journey.answers.said.items() if name in asked}


def _people(said: Mapping[str, Any], on: date) -> Iterator[Attached]:
    """Who acts for the complainant: whoever applied, or whom they name, and so consent to in writing."""
    if is_acting(said):
        contact = {way: said.get(way) for way in _CONTACT}
        known = {"name": said["name"], "consent_on": said.get("consent_on"), **contact}
    elif said.get("has_representative") == YES:
        contact = {way: said.get(f"representative_{way}") for way in _CONTACT}
        known = {"name": said["representative"], "consent_on": on, **contact}
    else:
        return
    yield Attached("party", {"kind": "representative", **known})


_CHANNELS = {"email": "email", "post": "post", "telephone": "telephone"}
_LANGUAGES = {"english": "English", "welsh": "Welsh", "bsl": "British Sign Language"}


def _plan(said: Mapping[str, Any]) -> dict[str, Any]:
    """How whoever applied is best reached, in which language, and what they need."""
    language = _LANGUAGES.get(said["language"]) or said["other_language"]
    wanted = ". An interpreter is wanted" if said.get("interpreter") else ""
    return {
        "whom": "representative" if is_acting(said) else "complainant",
        "channel": _CHANNELS.get(said["reached_by"]),
        "language": f"{language}{wanted}",
        "adjustments": said.get("adjustments"),
    }


def let_be_found(session: Session, unfound: Unfound, text_of: TextOf) -> None:
    """Keep the words of a file that was sent, for the search: once, after the case is there.

    A long file takes a second. Within a write transaction of its own, that makes nobody wait long.
    """
    ref = case_ref(session, unfound.reference)
    if ref is None or not mark_found(session, unfound):
        return
    for kept in items_on(session, ref.token):
        for entry in kept.standing.entries if kept.workflow is PAPER else ():
            if entry.facts.get(FILE.code) == unfound.sha256:
                brought = [unfound.sha256]
                keep_files(session, ref.token, entry.seq, PAPER.name, brought, text_of)
