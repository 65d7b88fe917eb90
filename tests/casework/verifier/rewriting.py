"""The only place where tests play an office that hands out an export which it has rewritten as a whole."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from casework.audit.canonical import canonical
from casework.audit.record import LEAF_PREFIX
from casework.audit.tree import completed_by, leaf_hash

Row = dict[str, Any]


def rows(folder: Path, name: str) -> list[Row]:
    """The rows of one file of an export."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def replace_rows(folder: Path, name: str, changed: list[Row]) -> None:
    """Other rows in their place, so that `export.json` lists them."""
    content = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in changed).encode()
    (folder / f"{name}.jsonl").write_bytes(content)
    manifest = json.loads((folder / "export.json").read_text())
    manifest["files"][f"{name}.jsonl"] = {
        "rows": len(changed),
        "sha256": sha256(content).hexdigest(),
    }
    if name == "events":
        manifest["log_size"] = len(changed)
    (folder / "export.json").write_text(json.dumps(manifest))


def rewrite_log(folder: Path, change: Callable[[Row], None], size: int | None = None) -> None:
    """The log as it would be with other entries: every hash after them, and the tree, made anew."""
    events = rows(folder, "events")[:size]
    before, nodes = "", []
    latest: dict[int, bytes] = {}
    for seq, row in enumerate(events):
        body = json.loads(row["body"])
        change(body)
        body["prev"] = before
        written = canonical(body)
        leaf = leaf_hash(LEAF_PREFIX + written)
        row |= {"body": written.decode(), "leaf_hash": leaf.hex()}
        row |= {name: body[name] for name in ("at", "actor", "action")}
        for node in completed_by(seq, leaf, lambda level, _: latest[level]):
            latest[node.level] = node.hash
            nodes.append({"level": node.level, "position": node.index, "hash": node.hash.hex()})
        if seq % 2 == 0:
            latest[0] = leaf
        before = leaf.hex()
    replace_rows(folder, "events", events)
    replace_rows(folder, "nodes", nodes)
    words = [row for row in rows(folder, "words") if row["seq"] < len(events)]
    replace_rows(folder, "words", words)
