"""Somebody fills the form in as they like: what is sent is what the last page showed them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.apply import robots
from casework.audit.events import Event, events_of
from casework.models import Case
from casework.web.files import files
from tests.applicant import USUAL, Applicant, grow_older, place

WORDS = st.sampled_from(
    [
        "",
        "Nobody rang.",
        "=1+1 <b>bold</b> {{7*7}}",
        "Café “naïve” 𝔘\r\nsecond line",
        "Line\x85two\xa0three\x0c",
    ]
)
SOMETHING = WORDS.filter(bool)
LINE = st.sampled_from(["Zoe Pike", "O’Neill <x> & Co", "  Dr  José\tÁlvarez "])
EMAIL = st.sampled_from(["", "zoe@example.org", "z+1@example.org"])


def one(name: str, *codes: str) -> st.SearchStrategy[dict[str, str]]:
    return st.sampled_from([{name: code} for code in codes])


def day(name: str) -> st.SearchStrategy[dict[str, str]]:
    days = st.dates(date(2026, 2, 1), date(2026, 11, 1))
    parts = ("day", "month", "year")
    return days.map(lambda d: {f"{name}-{part}": str(getattr(d, part)) for part in parts})


def contact(prefix: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            f"{prefix}email": EMAIL,
            f"{prefix}telephone": st.just("01632 1"),
            f"{prefix}address": WORDS,
        }
    )


ANSWERS: dict[str, st.SearchStrategy[Mapping[str, str]]] = {
    "outcome-letter": one("outcome_letter", "yes", "ended_unwritten", "not_sure"),
    "whose-complaint": one("whose_complaint", "own", "with_consent", "without_consent"),
    "outcome-day": st.just({"outcome_day_not_sure": "y"}) | day("outcome_day"),
    "senior-officer": one("senior_officer", "no", "only_new"),
    "about-office": one("about_office", "no", "part"),
    "why-late": st.builds(dict, why_late=SOMETHING),
    "name": st.builds(dict, name=LINE),
    "reach-you": contact(""),
    "acting-for": st.builds(dict, complainant=LINE),
    "complaint": st.builds(dict, complaint=SOMETHING),
    "letter-details": st.builds(dict, force_reference=LINE) | day("letter_dated_on"),
    "grounds": st.builds(dict, grounds=WORDS),
    "adjustments": st.builds(dict, adjustments=WORDS),
    "reached-by": one("reached_by", "any", "telephone"),
    "language": one("language", "welsh", "other"),
    "representative": one("has_representative", "yes", "no"),
    "representative-details": st.tuples(
        st.fixed_dictionaries({"representative": LINE}), contact("representative_")
    ).map(lambda both: both[0] | both[1]),
    "risk": one("at_risk", "no", "child"),
    "risk-details": st.builds(dict, risk=SOMETHING),
}
SAID_ON = {
    "complaint": "What was the complaint to the police about?",
    "grounds": "What do you think is wrong with how the complaint ended?",
    "force_reference": "Their reference for the complaint",
    "why_late": "Why could you not ask sooner?",
    "adjustments": "Do you need us to do anything differently?",
    "risk": "What is the risk?",
}
"""Words on the case, by fact, and the question under which somebody sees them before sending."""


@pytest.mark.one_database
@settings(
    max_examples=settings().max_examples // 10,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices=st.data())
def test_what_is_sent_is_what_was_shown(
    applicant: Applicant, db: Session, monkeypatch: pytest.MonkeyPatch, choices: st.DataObject
) -> None:
    for name in ("BEGIN", "UPLOAD", "SEND"):
        monkeypatch.setattr(robots, name, replace(getattr(robots, name), most=1_000_000))
    before = set(db.scalars(select(Case.token)))
    if choices.draw(st.booleans(), "begins anew"):
        applicant.post("forget")
    else:
        applicant.ready(db)
    for _ in range(8):
        page = choices.draw(st.sampled_from([*ANSWERS, applicant.where()]))
        applicant.post(page, **choices.draw(ANSWERS.get(page, st.just(USUAL.get(page, {})))))
    assert applicant.fill({page: choices.draw(given) for page, given in ANSWERS.items()}) == "check"
    grow_older(db)
    shown = applicant.rows()
    assert place(applicant.post("check", version=applicant.version())) == "sent"

    (token,) = set(db.scalars(select(Case.token))) - before
    compare(events_of(db, token), shown)
    db.rollback()


def compare(events: Sequence[Event], shown: Mapping[str, str]) -> None:
    """The events of a case say what the last page showed, and so does the paper that it is."""
    said: dict[str, Any] = {}
    for event in events:
        said |= {**(event.words or {})}
    for fact, asked in SAID_ON.items():
        assert said.get(fact, "Not given") == shown.get(asked, "Not given"), fact
    acting = "Who are you acting for?" in shown
    whose = "Who are you acting for?" if acting else "What is your name?"
    assert (events[0].words or {})["complainant_name"] == shown[whose]
    kinds = [event.action for event in events]
    assert ("risk_raised" in kinds) == ("What is the risk?" in shown)
    assert ("party_added" in kinds) == (acting or shown.get(_REPRESENTED) == "Yes")
    copy = next(event for event in events if event.stat.get("kind") == "application")
    with files().open(copy.stat["file"]) as file:
        written = [paragraph.text for paragraph in Document(file).paragraphs]
    assert [text for asked, answered in shown.items() for text in (asked, answered)] == [
        text for text in written[1:] if text not in _HEADINGS
    ]


_REPRESENTED = "Would you like somebody to act for you?"
_HEADINGS = (
    "Your complaint",
    "About you",
    "Who you are acting for",
    "How we can help",
    "Papers",
)
