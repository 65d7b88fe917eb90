"""The only place that says in which states a complaint review can be, and how its moves are written."""

from workflows.definition import STAYS

OPEN = ("received", "valid", "reviewed")
DECIDED = ("upheld", "not_upheld")
CLOSED = ("invalid", "forwarded", "withdrawn", *DECIDED)


def moves(*sources: str, to: str = STAYS) -> tuple[tuple[str, str], ...]:
    """The moves from each of these states to one, or to where the case is."""
    return tuple((source, to) for source in sources)
