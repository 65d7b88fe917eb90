"""The only place that says who must be told of an application and its decision, and what is owed.

One row for each person: those the law always names, and everybody entered on the case as an
interested person or as complained against. A row is met by what was recorded for it, or by the
decision letter's own entry where that names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from casework.audit.items import KeptItem
from casework.web.opened_case import OpenedCase
from workflows.calendar import in_words
from workflows.complaint_review_guards import DECISIONS
from workflows.definition import Choice
from workflows.letter import LETTER, SEND
from workflows.telling import (
    APPLICATION,
    AUTHORITY,
    COMPLAINANT,
    DECISION,
    HOW,
    MUST_BE_TOLD,
    NOT_TOLD,
    STAGES,
    TELLING,
    WHO,
    WHY_NOT,
    may_be_why,
)

LABELS = {choice.code: choice.label for choice in (*STAGES, *WHO, *HOW)}
REASONS = {choice.code: choice.label for choice in WHY_NOT}
TOLD_BY_LETTER = {
    AUTHORITY: "appropriate_authority",
    COMPLAINANT: "complainant",
    "interested": "interested_persons",
    "complained_against": "person_complained_against",
}
"""Whom the entry of the decision letter names, by the names it has for them."""


@dataclass(frozen=True)
class Row:
    """Somebody who must be told: `done` says what was done in words, None while it is owed.

    `name` is empty where the law names one only, or nobody is entered on the case.
    """

    key: str
    stage: str
    who: str
    name: str
    done: str | None = None
    item: KeptItem | None = None

    @property
    def label(self) -> str:
        """Who it is, in words."""
        return f"{LABELS[self.who]}: {self.name}" if self.name else LABELS[self.who]

    @property
    def whys(self) -> list[Choice]:
        """The reasons there may be for not telling them."""
        return [choice for choice in WHY_NOT if may_be_why(choice.code, self.stage, self.who)]


def rows(opened: OpenedCase) -> list[Row]:
    """Everybody who must be told of the application, and once there is one of the decision."""
    return [
        _met(opened, Row(f"{stage}-{who}-{place}", stage, who, name))
        for stage in _stages(opened)
        for who in MUST_BE_TOLD[stage]
        for place, name in enumerate(_names(opened, who))
    ]


def _stages(opened: OpenedCase) -> Iterator[str]:
    yield APPLICATION
    if decided_on(opened) is not None:
        yield DECISION


def decided_on(opened: OpenedCase) -> date | None:
    """The day of the decision that stands, None when none does."""
    closure = opened.standing.closure
    return closure.effective_on if closure and closure.step in DECISIONS else None


def _names(opened: OpenedCase, who: str) -> list[str]:
    """The names of those who have this part in the case; one nameless where nobody is entered."""
    parties = [item for item in opened.kept("party") if item.is_open]
    names = [each.words.get("name", "") for each in parties if each.values.get("kind") == who]
    return list(dict.fromkeys(names)) or [""]


def _met(opened: OpenedCase, row: Row) -> Row:
    since = decided_on(opened) if row.stage == DECISION else None
    found = [item for item in opened.kept(TELLING.name) if _is_about(item, row, since)]
    if found:
        return replace(row, done=_words(found[-1]), item=found[-1])
    if since is None:
        return row
    return replace(row, done=next(_by_decision_letter(opened, row, since), None))


def _by_decision_letter(opened: OpenedCase, row: Row, since: date) -> Iterator[str]:
    """What the entries of the decision letter say of a row: those sent, and the case's own."""
    code, after = TOLD_BY_LETTER[row.who], set(DECISIONS)
    about = {each.name for each in opened.workflow.letters if after & set(each.after)}
    for letter in opened.kept(LETTER.name):
        for entry in letter.standing.entries if letter.values.get("letter") in about else ():
            is_later = entry.step == SEND.name and entry.effective_on >= since
            if is_later and entry.facts.get("told") == code and not row.name:
                number = letter.values.get("number")
                yield f"Told on {in_words(entry.effective_on)}, by letter {number}"
    notified = opened.standing.last("notify")
    if notified and notified.effective_on >= since and code in notified.facts.get("told", ()):
        yield f"Told on {in_words(notified.effective_on)}, by the decision letter"


def _is_about(item: KeptItem, row: Row, since: date | None) -> bool:
    """Whether what was recorded is about this row; of a decision, about the one that stands."""
    is_later = since is None or (item.began_on is not None and item.began_on >= since)
    same = (item.values.get("stage"), item.values.get("who")) == (row.stage, row.who)
    return same and is_later and item.words.get("name", "") == row.name


def _words(item: KeptItem) -> str:
    last = item.standing.entries[-1]
    said = f"{item.state.label} on {in_words(last.effective_on)}"
    letter = item.values.get("letter")
    if item.standing.state != NOT_TOLD:
        return f"{said}, by letter {letter}" if letter else said
    why = REASONS.get(item.values.get("why_not", ""), "")
    reason = item.words.get("reason")
    return f"{said}. {why}{f': {reason}' if reason else ''}"


def letters(opened: OpenedCase) -> list[tuple[str, str]]:
    """The letters issued on the case: number and words, the newest first."""
    issued = opened.kept(LETTER.name)
    return [(str(each.values["number"]), each.words.get("title", "")) for each in reversed(issued)]
