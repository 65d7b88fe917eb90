"""The only place that writes a published report's proof pack, as `docs/export-format.md` has it.

The same release writes the same bytes each time: the days in the archive are fixed, and nothing in
it is compressed, which machines do differently.
"""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from casework import verifier
from casework.audit.record import instant
from casework.checkpoints.changes import KeyChange
from casework.files.kinds import Kind
from casework.publishing.proof import Proof
from casework.publishing.proof_words import readme

FORMAT = "casework-report-pack/v1"
ZIP = Kind("zip", "Proof pack (ZIP)", "application/zip", (".zip",))
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that an archive can hold."""
_READABLE = 0o644 << 16


def name_of(proof: Proof) -> str:
    """What a pack is saved as."""
    return f"{proof.published.cited_as.replace('/', '-')}-proof{ZIP.suffix}"


def packed(proof: Proof) -> bytes:
    """The pack as a ZIP archive."""
    contents = dict(_files(proof))
    packing = BytesIO()
    with ZipFile(packing, "w", ZIP_STORED) as archive:
        for name, content in {"README.txt": readme(proof, contents).encode(), **contents}.items():
            info = ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, _READABLE  # the same on every system
            archive.writestr(info, content)
    return packing.getvalue()


def _files(proof: Proof) -> Iterator[tuple[str, bytes]]:
    yield "report.json", proof.published.figures
    yield "event.json", proof.event.body
    yield "checkpoint.txt", proof.event.checkpoint.note.encode()
    if proof.earlier is not None:
        yield "earlier-checkpoint.txt", proof.earlier.note.encode()
    if proof.countersigned is not None:
        yield "countersigned.json", proof.countersigned.body
        yield "countersigned-checkpoint.txt", proof.countersigned.checkpoint.note.encode()
    yield "proof.json", _json(_proofs(proof))
    yield "keys.json", _json(_keys(proof.keys))
    yield verifier.PROGRAM, verifier.program()


def _proofs(proof: Proof) -> dict[str, Any]:
    also = proof.countersigned
    return {
        "format": FORMAT,
        "inclusion": _hex(proof.event.path),
        "counted": _hex(proof.counted),
        "consistency": _hex(proof.since_earlier),
        "countersigned": _hex(also.path if also else None),
    }


def _keys(changes: Sequence[KeyChange]) -> list[dict[str, Any]]:
    return [
        {
            "key": change.key.encoded,
            "from_seq": change.seq,
            "from_at": instant(change.at),
            "until_seq": until.seq if until else None,
            "until_at": instant(until.at) if until else None,
            "is_lost": until.is_lost if until else False,
        }
        for change, until in zip_longest(changes, changes[1:])
    ]


def _hex(path: Sequence[bytes] | None) -> list[str] | None:
    return [each.hex() for each in path] if path is not None else None


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"
