"""The only place that says who works on a complaint review and in which states it can be."""

from workflows.definition import PUBLIC, STAYS

CASEWORKERS = ("reviewer", "supervisor")
RECEIVERS = (*CASEWORKERS, PUBLIC)
"""Who makes an application known to the office: staff, or an applicant on the web form."""
# Whoever holds several roles decides under the highest: the log names the authority for it.
DECIDERS = ("chief_executive", "supervisor", "reviewer")
OPEN = ("received", "valid", "reviewed")
CLOSED = ("invalid", "forwarded", "withdrawn", "upheld", "not_upheld")


def moves(*sources: str, to: str = STAYS) -> tuple[tuple[str, str], ...]:
    """The moves from each of these states to one, or to where the case is."""
    return tuple((source, to) for source in sources)
