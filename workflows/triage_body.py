"""The only place that says of the relevant review body what is answered, limb by limb, and what points to it.

The complaint as it was made to the force decides (para 30, reg 32); what is new in the
application does not. Nothing here answers a limb: pointers say where to look.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.complaint_review_choices import CATEGORIES, LIMBS
from workflows.definition import Standing
from workflows.triage_content import Kept

LPB, IOPC = "lpb", "iopc"
_ROUTE_OF = {"6A": "otherwise", "25": "investigation"}
_SERIOUS = ("B4", "B5", "G", "J")
"""Categories under which the force will have had to ask itself about Articles 2 and 3, or proceedings."""
_CATEGORIES = {choice.code: choice.label for choice in CATEGORIES}


@dataclass(frozen=True)
class Limb:
    """One limb of the test: the answer so far (yes, no, not_known, or empty), and where to look."""

    code: str
    label: str
    hint: str
    answer: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class ReviewBody:
    """The three answers, by code, and the limbs. `found` is the office's finding while it stands.

    `is_returned`: the IOPC sent the case back after the finding, so it has to be made anew.
    """

    letter: str | None
    paragraph: str | None
    psd: str | None
    found: str | None
    is_returned: bool
    limbs: tuple[Limb, ...]
    paragraph_differs: bool

    @property
    def differ(self) -> bool:
        """Whether those who named a body named different ones."""
        return {LPB, IOPC} <= {self.letter, self.psd, self.found}

    @property
    def answers(self) -> dict[str, str]:
        """What was answered so far, by the names of the facts that a finding asks for."""
        said = {
            "review_body_letter": self.letter,
            "letter_paragraph": self.paragraph,
            "review_body_psd": self.psd,
            **{f"limb_{limb.code}": limb.answer for limb in self.limbs},
        }
        return {name: code for name, code in said.items() if code}

    @property
    def met(self) -> str | None:
        """The first limb that is answered with yes."""
        return next((limb.code for limb in self.limbs if limb.answer == "yes"), None)


def review_body(standing: Standing, kept: Kept) -> ReviewBody:
    """What a case that stands so knows of its review body."""
    values = standing.values
    found, is_returned = values.get("review_body"), _is_returned(standing)
    paragraph = values.get("letter_paragraph")
    handled = _ROUTE_OF.get(paragraph or "")
    return ReviewBody(
        letter=values.get("review_body_letter"),
        paragraph=paragraph,
        psd=values.get("review_body_psd"),
        found=None if is_returned else found,
        is_returned=is_returned,
        limbs=tuple(
            Limb(
                limb.code,
                limb.label,
                limb.hint,
                values.get(f"limb_{limb.code}", ""),
                tuple(_points(limb.code, standing, kept)),
            )
            for limb in LIMBS
        ),
        paragraph_differs=handled is not None and values.get("route") not in (None, handled),
    )


def _is_returned(standing: Standing) -> bool:
    """Whether the IOPC sent it back, and nobody found since that it is the Commissioner's."""
    last = standing.last("reopen", "find_review_body", "find_valid")
    return last is not None and last.facts.get("reopen_reason") == "returned_by_iopc"


def _points(limb: str, standing: Standing, kept: Kept) -> Iterator[str]:
    values = standing.values
    if limb == "senior_officer" and values.get("about_senior_officer") in ("yes", "no"):
        told = "was" if values["about_senior_officer"] == "yes" else "was not"
        yield f"The application says that the complaint to the force {told} about one."
    if limb == "proceedings_or_article_2_or_3":
        serious = [code for code in values.get("categories", ()) if code.startswith(_SERIOUS)]
        if serious:
            named = "; ".join(_CATEGORIES.get(code, code) for code in serious)
            yield f"Recorded under {named}. Look for what the force decided about this."
        if values.get("review_body_letter") == IOPC and not values.get(f"limb_{limb}"):
            yield "The outcome letter names the IOPC. Look for the reason it gives."
    if limb == "referred" and values.get("review_body_psd") == IOPC:
        yield "Professional Standards names the IOPC. Ask whether it was referred, and when."
    if limb == "part_caught" and kept.get("passed_part"):
        yield (
            "A part of the application was passed on. It counts here only if the complaint to "
            "the force had it too."
        )
