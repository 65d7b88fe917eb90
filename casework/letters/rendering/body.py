"""The only place for what a letter is made of, and for the plain text in which people edit it.

The text is what one sees in a simple e-mail. A line that begins with "# " is the letter's title,
with "## " a heading, with "- " an item of a list; an empty line ends a paragraph, any other line
break stays one. A backslash in front of such a sign makes it an ordinary character. Nothing else
is markup: no text can become a link, a picture or an instruction.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

UNTITLED = "Letter"
_GAP = re.compile(r"\[to be completed: ([^\]]*)\]")
_LINE_BREAK = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_NOT_PRINTABLE = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGN = re.compile(r"\\*(?:##? |- )")


@dataclass(frozen=True)
class Heading:
    """The letter's title (level 1) or the heading of a part (level 2)."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together: an address, the references, a paragraph of one line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list, one line an item."""

    lines: tuple[str, ...]


Block = Heading | Paragraph | Items


@dataclass(frozen=True)
class Body:
    """A letter from the addressee to the signature, in reading order."""

    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """What the letter is called: its first title."""
        titles = (each.text for each in self.blocks if isinstance(each, Heading))
        return next(titles, UNTITLED)

    @property
    def sign_off(self) -> Block | None:
        """Who signs: the last paragraph, above which there is room for a signature."""
        last = self.blocks[-1] if self.blocks else None
        return last if isinstance(last, Paragraph) else None

    @property
    def closing(self) -> tuple[Block, ...]:
        """What no page may part from the signature: the closing words and "Yours sincerely"."""
        return self.blocks[-3:-1] if self.sign_off else ()


def parse(text: str) -> Body:
    """The letter that this text is. Every text is one; what no page can hold is left out."""
    lines = (line.strip() for line in printable(text).split("\n"))
    return Body(tuple(_blocks(lines)))


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    for kind, group in groupby(lines, _kind):
        found = tuple(group)
        if kind == "- ":
            yield Items(tuple(line[2:].strip() for line in found))
        elif kind.startswith("#"):
            yield from (Heading(len(kind) - 1, line[len(kind) :].strip()) for line in found)
        elif kind:
            yield Paragraph(tuple(map(_unescaped, found)))


def _kind(line: str) -> str:
    """The sign a line begins with, "text" for none, "" for an empty line."""
    if not line:
        return ""
    return next((sign for sign in ("# ", "## ", "- ") if line.startswith(sign)), "text")


def literal(line: str) -> str:
    """A line as the text has it when it must be read as it stands; see `parse`."""
    return f"\\{line}" if _SIGN.match(line) else line


def _unescaped(line: str) -> str:
    return line[1:] if line.startswith("\\") and _SIGN.match(line) else line


def printable(text: str) -> str:
    """Text with one kind of line break, without what neither Word nor a page can hold."""
    return _NOT_PRINTABLE.sub("", _LINE_BREAK.sub("\n", text))


def gaps(text: str) -> tuple[str, ...]:
    """What the letter leaves to be completed, in order; it is not ready while there is any."""
    return tuple(_GAP.findall(text))


def gap(what: str) -> str:
    """The note that somebody must complete this: "[to be completed: the police force]"."""
    return f"[to be completed: {what}]"
