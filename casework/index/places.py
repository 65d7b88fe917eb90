"""The only place that says under which heading the words of an entry are found."""

from collections.abc import Iterable, Mapping

from workflows import ITEMS

REFERENCES, NAMES, GROUNDS, REVIEWS, NOTES = "references", "names", "grounds", "reviews", "notes"
CORRESPONDENCE, PAPERS, LETTERS = "correspondence", "papers", "letters"
LABELS = {
    REFERENCES: "References",
    NAMES: "Names and addresses",
    GROUNDS: "Grounds",
    REVIEWS: "Reviews, decisions and recommendations",
    NOTES: "Notes",
    CORRESPONDENCE: "Correspondence",
    PAPERS: "Papers",
    LETTERS: "Letters",
}
"""What people read, by code, in the order in which they choose."""
_OF_TEXT = {
    "reference": REFERENCES,
    "force_reference": REFERENCES,
    "complainant_name": NAMES,
    "complainant_email": NAMES,
    "complainant_telephone": NAMES,
    "complainant_address": NAMES,
    "complaint": GROUNDS,
    "grounds": GROUNDS,
    "why_late": GROUNDS,
    "reasons": REVIEWS,
    "proposals": REVIEWS,
    "comments": REVIEWS,
    "special_circumstances": REVIEWS,
    "explanation": REVIEWS,
}
_READ = {name: number for number, name in enumerate(_OF_TEXT)}
OF_ITEM = {
    "party": NAMES,
    "allegation": REVIEWS,
    "recommendation": REVIEWS,
    "observation": REVIEWS,
    "correspondence": CORRESPONDENCE,
    "information_request": CORRESPONDENCE,
    "pre_action": CORRESPONDENCE,
    "no_further_reply": CORRESPONDENCE,
    "telling": CORRESPONDENCE,
    "paper": PAPERS,
    "letter": LETTERS,
}


def place_of(item: str) -> str:
    """Where the words of a kind of item are found, those of its files too."""
    return OF_ITEM.get(item, NOTES)


def placed(workflow: str, texts: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The texts of one entry, as (name, text), by the code of the place they are found under.

    Texts of a case that no rule names, and of an item of a kind without a heading, are notes.
    Texts of one place stand below one another.
    """
    found: dict[str, list[str]] = {}
    for name, text in sorted(texts, key=_reading_order):
        place = place_of(workflow) if workflow in ITEMS else _OF_TEXT.get(name, NOTES)
        if text:
            found.setdefault(place, []).append(text)
    return {place: "\n".join(parts) for place, parts in found.items()}


def _reading_order(text: tuple[str, str]) -> tuple[int, str]:
    """The log gives texts by their names' alphabet, a form as they were asked for: here alike."""
    name, _ = text
    return _READ.get(name, len(_READ)), name
