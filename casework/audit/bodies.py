"""The only place for what the stored bytes of an event must be: the closed schema, in canonical form."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import msgspec
import orjson
from msgspec.json import Decoder, Encoder

from casework.audit.canonical import LARGEST_INTEGER, canonical

_TEXT, _NUMBER = (str,), (int,)
_TEXT_OR_NONE, _NUMBER_OR_NONE = (str, type(None)), (int, type(None))
FIELDS: dict[str, tuple[type, ...]] = {
    "v": _NUMBER,
    "seq": _NUMBER,
    "id": _TEXT,
    "at": _TEXT,
    "prev": _TEXT,
    "actor": _TEXT,
    "role": _TEXT,
    "action": _TEXT,
    "case": _TEXT_OR_NONE,
    "ver": _NUMBER_OR_NONE,
    "state": _TEXT_OR_NONE,
    "req": _TEXT,
    "part": _NUMBER,
    "via": _TEXT,
    "effective_on": _TEXT_OR_NONE,
    "target": _NUMBER_OR_NONE,
    "stat": (dict,),
    "detail_commit": _TEXT_OR_NONE,
    "build": _TEXT,
}
"""The closed schema of an event's body: every field, always, and no other."""

_Whole = Annotated[int, msgspec.Meta(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
_One = bool | _Whole | str | None
_STRICT: dict[type, Any] = {
    int: _Whole,
    dict: dict[str, bool | _Whole | str | list[_One | list[_One]] | None],
}
_TYPES = {
    name: reduce(or_, (_STRICT.get(each, each) for each in types)) for name, types in FIELDS.items()
}
Body: Any = msgspec.defstruct(
    "Body", sorted({**_TYPES, "v": Literal[1]}.items()), forbid_unknown_fields=True, gc=False
)
"""An event's body as it was read: an attribute for each of `FIELDS`, in the order of the bytes."""
_decode = Decoder(Body).decode
_encode = Encoder(order="deterministic").encode


def read_bodies(bodies: Sequence[bytes | None]) -> list[Any]:
    """Each event's `Body`; None unless its bytes are of the closed schema and in canonical form.

    Nearly all are as plain as codes, days and numbers are: what is read strictly by type and
    written as these very bytes again holds no fraction, no text that could be written in two
    ways, and no name twice. Where any is not so plain, each is read with all care.
    """
    try:
        present: Any = bodies  # where one is missing, the next line raises TypeError
        together = b"".join(present)
        reads = list(map(_decode, present))
        is_plain = together.isascii() and b"\\" not in together
        if is_plain and list(map(_encode, reads)) == bodies:
            return reads
    except (msgspec.DecodeError, RecursionError, TypeError):
        pass
    return [read_body(body) if body is not None else None for body in bodies]


def read_body(body: bytes) -> Any:
    """One event's `Body`, read with the care that `canonical` takes; None as in `read_bodies`."""
    try:
        read = orjson.loads(body)
        if not isinstance(read, dict) or read.keys() != FIELDS.keys() or read["v"] != 1:
            return None
        if canonical(read) != body:
            return None
    except ValueError:
        return None
    is_typed = all(
        isinstance(read[name], types) and not isinstance(read[name], bool)
        for name, types in FIELDS.items()
    )
    return Body(**read) if is_typed else None
