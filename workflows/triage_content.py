"""The only place that says of an application what regulation 29(5) asks for and how to mend what is missing.

The office may go on in spite of it (reg 29(6)), and grounds are not required at all. Beside the
law's five stand what practice needs: consent, who the applicant is, the letter itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.complaint_review_choices import CONTENT
from workflows.definition import Standing

Kept = Mapping[str, Sequence[Standing]]
"""How each thing kept on a case stands, by kind."""

APPLICANT, FORCE, OFFICE = "applicant", "force", "office"
BY_LAW = ("in_writing", "complaint", "complaint_made_on", "force", "outcome_provided_on")
NOT_WITHOUT = ("outcome_provided_on", "consent", "identity", "circumstances")
"""What the office asks for before it goes on; without the rest it can (reg 29(6))."""
NOT_WRITTEN = ("telephone", "in_person")
ACTING = ("representative", "other")
NAME, COMPLAINT = "complainant_name", "complaint"
"""The names of the application's texts that are asked about here."""
_LABELS = {choice.code: choice.label for choice in CONTENT}
_READ_LETTER = "The outcome letter is on file: read it there."
_ASK = "Ask the applicant."
_ASK_EITHER = "The applicant has to say it; Professional Standards knows it too."


@dataclass(frozen=True)
class Element:
    """One thing an application should say or bring: `from_whom` it is missing, none when it is there.

    `how` tells where it is, or how to mend it. `is_law` is what regulation 29(5) itself asks for.
    """

    code: str
    from_whom: tuple[str, ...]
    how: str

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self.code]

    @property
    def is_missing(self) -> bool:
        """Whether it has still to come from somebody."""
        return bool(self.from_whom)

    @property
    def is_law(self) -> bool:
        """Whether the law asks for it, and not only practice."""
        return self.code in BY_LAW


def content_of(standing: Standing, kept: Kept, words: Collection[str]) -> tuple[Element, ...]:
    """What the application says and brings: the law's five, then what practice needs.

    `words` are the names of the texts that are known of the application.
    """
    return (
        *_by_law(standing, kept, words),
        _identity(words),
        *_consent(standing, kept),
        _letter(kept),
    )


def _by_law(standing: Standing, kept: Kept, words: Collection[str]) -> Iterator[Element]:
    values, has_letter = standing.values, has_paper(kept, "outcome_letter")
    mend = ((OFFICE,), _READ_LETTER) if has_letter else ((APPLICANT, FORCE), _ASK_EITHER)
    yield _in_writing(values.get("channel"), has_paper(kept, "application"))
    if COMPLAINT in words:
        yield Element("complaint", (), "The application says it.")
    elif has_letter or has_paper(kept, "complaint"):
        yield Element("complaint", (), "The papers on file say it.")
    else:
        yield Element("complaint", *mend)
    for code in ("complaint_made_on", "force"):
        yield Element(code, (), "It is recorded.") if values.get(code) else Element(code, *mend)
    if values.get("outcome_provided_on"):
        yield Element("outcome_provided_on", (), "It is recorded.")
    elif kept.get("outcome_day"):
        yield Element("outcome_provided_on", (OFFICE,), "Days were named: find which one it was.")
    else:
        how = "Ask the applicant and Professional Standards, and record each day that is named."
        yield Element("outcome_provided_on", (APPLICANT, FORCE), how)


def _in_writing(channel: str | None, has_application: bool) -> Element:
    if has_application:
        return Element("in_writing", (), "The application is among the papers.")
    if channel in NOT_WRITTEN:
        how = "It was made by word of mouth. Write it down with the applicant, and let them confirm it."
        return Element("in_writing", (APPLICANT,), how)
    if channel is None:
        how = "How it reached the office is not recorded. Keep the application among the papers."
        return Element("in_writing", (OFFICE,), how)
    return Element("in_writing", (), "It came in writing.")


def _identity(words: Collection[str]) -> Element:
    if NAME in words:
        return Element("identity", (), "The complainant’s name is recorded.")
    return Element("identity", (APPLICANT,), "Nothing is disclosed before it is known. " + _ASK)


def _consent(standing: Standing, kept: Kept) -> Iterator[Element]:
    """Only where somebody acts for the complainant."""
    acting = [p for p in kept.get("party", ()) if p.values.get("kind") == "representative"]
    if standing.values.get("applicant") not in ACTING and not acting:
        return
    if has_paper(kept, "consent") or any(party.values.get("consent_on") for party in acting):
        yield Element("consent", (), "It is recorded.")
    else:
        how = "Somebody acts for the complainant. Ask for their signed consent."
        yield Element("consent", (APPLICANT,), how)


def _letter(kept: Kept) -> Element:
    if has_paper(kept, "outcome_letter"):
        return Element("outcome_letter", (), "It is among the papers.")
    how = "Not required by law. Professional Standards has it; the applicant may send a copy."
    return Element("outcome_letter", (APPLICANT, FORCE), how)


def has_paper(kept: Kept, kind: str) -> bool:
    """Whether a paper of this kind is on file or known to be held elsewhere."""
    return any(paper.values.get("kind") == kind for paper in kept.get("paper", ()))
