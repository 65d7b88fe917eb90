"""The only place that says to whom a letter is addressed, and where."""

from dataclasses import dataclass

from casework.audit.items import KeptItem
from casework.letters.queries import CaseLetters
from casework.letters.rendering.body import gap
from workflows.definition import Letter
from workflows.letters_owed import told_by

_FORCE, _IOPC = "appropriate_authority", "iopc"
_TO_OFFICES = (_FORCE, _IOPC)
_IOPC_IN_FULL = "Independent Office for Police Conduct"
_DEPARTMENT = "Professional Standards Department"
_PARTIES = {"interested_persons": "interested", "person_complained_against": "complained_against"}
"""Recipients of letters who are kept on a case as parties, under these codes."""


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to: the code of the recipient, a name, and the lines of an address.

    What is not known is a gap that somebody must complete.
    """

    kind: str
    name: str
    address: tuple[str, ...]

    @property
    def lines(self) -> str:
        """Name and address, as they stand on an envelope."""
        return "\n".join((self.name, *self.address))

    @property
    def greeting(self) -> str:
        """How the letter begins."""
        return "Dear colleague" if self.kind in _TO_OFFICES else f"Dear {self.name}"

    @property
    def their_reference_is(self) -> str:
        """What the force's reference is called in a letter to them."""
        return "Your reference" if self.kind == _FORCE else "The force’s reference"


def addressee(case: CaseLetters, letter: Letter, kind: str) -> Addressee:
    """Who this recipient of the letter is on this case, as far as the case knows."""
    if kind == _FORCE:
        higher = _escalated_to(case, letter)
        return Addressee(kind, higher or _DEPARTMENT, () if higher else (_force(case),))
    if kind == _IOPC:
        lines = case.office.iopc_address or (gap("the address of the IOPC"),)
        return Addressee(kind, _IOPC_IN_FULL, lines)
    if kind in _PARTIES:
        return _party(case, kind)
    row = case.row
    address = lines_of(row.complainant_address) or lines_of(row.complainant_email)
    name = row.complainant_name or gap("the complainant’s name")
    return Addressee(kind, name, address or (gap("the address"),))


def _escalated_to(case: CaseLetters, letter: Letter) -> str | None:
    """Whoever in the force, or above it, what the letter tells was taken to; with their body."""
    entry = told_by(case.workflow, case.standing, letter)
    return case.words.get(entry.seq, {}).get("escalated_to") if entry else None


def _party(case: CaseLetters, kind: str) -> Addressee:
    """The only party of this part in the case; with several somebody says which one is meant."""
    found = [item for item in case.items if _plays(item, _PARTIES[kind])]
    party = found[0] if len(found) == 1 else None
    words = party.words if party else {}
    address = lines_of(words.get("address")) or lines_of(words.get("email"))
    if not address and party and party.values.get("identity") == "via_psd":
        address = (f"through the {_DEPARTMENT}", _force(case))
    return Addressee(kind, words.get("name") or gap("the name"), address or (gap("the address"),))


def _plays(item: KeptItem, part: str) -> bool:
    return item.workflow.name == "party" and item.is_open and item.values.get("kind") == part


def _force(case: CaseLetters) -> str:
    return dict(case.office.forces).get(case.row.force or "") or gap("the police force")


def lines_of(text: str | None) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
