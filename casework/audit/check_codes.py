"""The only place for check codes: a SHA-256 in so few digits that people read them out."""

SHOWN = 16
"""Hexadecimal digits of a check code: enough that nobody finds something else with the same one."""


def check_code(digest: str) -> str:
    """The first 16 hexadecimal digits of a SHA-256, in groups of four: "7F3A-91C2-5E60-0B1D"."""
    shown = digest[:SHOWN].upper()
    return "-".join(shown[place : place + 4] for place in range(0, SHOWN, 4))
