"""The only place that looks in a finished Word file for what was never meant to leave the office."""

from io import BytesIO

from docx import Document

_CHANGES = (
    ".//w:ins | .//w:del | .//w:moveFrom | .//w:moveTo",
    "the tracked changes: accept or reject each in Word",
)
_HIDDEN = (".//w:r/w:rPr/w:vanish", "the hidden text: show it or take it away in Word")
_COMMENTS = (".//w:commentReference", "the comments: take them away in Word")


def leftovers(document: bytes) -> tuple[str, ...]:
    """What a Word file still has of its making, and what to do about it; none in a finished one."""
    body = Document(BytesIO(document)).element.body
    return tuple(what for path, what in (_CHANGES, _HIDDEN, _COMMENTS) if body.xpath(path))
