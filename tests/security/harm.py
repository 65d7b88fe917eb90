"""The only place that says what an answer to an attack may not show."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from werkzeug.test import TestResponse

from tests.security.payloads import WORKED_OUT
from tests.security.walking import onward, parsed

BETRAYED = re.compile(
    r"Traceback|sqlite3\.|psycopg|sqlalchemy|syntax error|root:x:0|jinja2\.", re.IGNORECASE
)
"""What the office’s own pages never say: of its insides, or of the machine’s."""
ACTING = "iframe object embed base zqmark animate mglyph video form[@action='//zq.example/']"
ELSEWHERE = re.compile(r"javascript:|data:|(0;url=)?[\\/]{2}zq|(0;url=)?https?:/*zq")
LEADING = ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "content")


def harm(path: str, answer: TestResponse) -> list[str]:
    """What is wrong with an answer, whatever was asked; nothing where all is well."""
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if answer.location and not _is_own(path, answer.location):
        found.append(f"leads to {answer.location!r}")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"policy {policy!r}")
    if "X-Zq" in answer.headers or "zq=" in str(answer.headers.getlist("Set-Cookie")):
        found.append("a header that was typed")
    tree = parsed(answer)
    if tree is None:
        return found
    if betrayed := BETRAYED.search(answer.text):
        found.append(f"says {betrayed[0]!r}")
    if WORKED_OUT in answer.text:
        found.append("a template sign was obeyed")
    return found + list(_markup(tree, policy))


def _is_own(path: str, location: str) -> bool:
    is_plain = location.startswith("/") and not location.startswith(("//", "/\\"))
    return is_plain and onward(path, location) is not None


def _markup(tree: Any, policy: str) -> Iterator[str]:
    """Whatever in a page the office did not put there."""
    for acting in ACTING.split():
        if tree.xpath(f"//{acting}"):
            yield f"has {acting}"
    for script in tree.xpath("//script[not(@src)]"):
        digest = b64encode(sha256((script.text or "").encode()).digest()).decode()
        if f"sha256-{digest}" not in policy:
            yield f"script {script.text!r}"
    for name, value in ((n, v) for each in tree.iter() for n, v in each.attrib.items()):
        plain = re.sub(r"[\s\0]", "", value).casefold()
        if name.startswith("on") or name == "style":
            yield f"{name}={value!r}"
        if name in LEADING and ELSEWHERE.match(plain):
            yield f"{name}={value!r}"
