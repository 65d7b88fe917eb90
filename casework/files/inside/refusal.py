"""The only place for how a look into a file says no."""

from pathlib import PurePosixPath

from casework.files.kinds import PROGRAMS


class Refused(Exception):
    """The file is not taken; the message are sentences that begin with "It"."""

    @property
    def why(self) -> str:
        """The first sentence: what is wrong, without what to do about it."""
        return f"{str(self).partition('. ')[0].removesuffix('.')}."


DAMAGED = Refused(
    "It cannot be read: it is damaged, or not what its first bytes say. Ask whoever sent it for "
    "another copy."
)
HIDES_ANOTHER = Refused(
    "It is two kinds of file in one, which is how harmful files hide. Open it and save it anew, or "
    "print it to a PDF."
)
_MACHINE_CODE = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def refuse_program(name: str, head: bytes) -> None:
    """Refused when something within a file is a program, by its name or its first bytes."""
    if PurePosixPath(name.strip().lower()).suffix in PROGRAMS or head.startswith(_MACHINE_CODE):
        raise Refused(
            "It holds a program or a document with macros. Save it without what is attached to it "
            "or embedded in it, and choose it again."
        )
