"""The only place that reads routes.toml: what each address answers each role, and about whose case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

SIGNED_OUT = "signed_out"
METHODS = ("GET", "POST")
Whose = Literal[
    "theirs", "restricted_to_others", "conflicted", "not_instructed", "erased", "nobodys"
]
"""How whoever asks stands to the case that an address is about."""
WHOSE: tuple[Whose, ...] = get_args(Whose)
_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("routes.toml").read_text())
ROLES: list[str] = _READ.pop("roles")
SEE_NO_OTHERS = {"contractor"}
"""Roles that see the cases they are instructed on, and no others."""


@dataclass(frozen=True)
class Call:
    """A method of an address, a role that asks for it, and the status of the answer."""

    rule: str
    method: str
    role: str
    status: int

    @property
    def is_let_in(self) -> bool:
        """Whether what is answered hangs on more than who asks."""
        return self.status not in (401, 403) and not (
            self.role == SIGNED_OUT and self.status == 302
        )

    def about(self, whose: Whose) -> int:
        """The status where the address is about such a case, and not about one of theirs."""
        if not self.is_let_in or whose == "theirs":
            return self.status
        if whose == "not_instructed" and self.role not in SEE_NO_OTHERS:
            return self.status
        if whose == "erased":
            return int(ERASED.get(self.rule, {}).get(self.method, 410))
        return 404


ERASED: dict[str, dict[str, int]] = {
    rule: read.pop("erased") for rule, read in _READ.items() if "erased" in read
}
"""What is answered about a case that was erased at the end of its retention, where that is not 410."""
MATRIX: dict[str, dict[str, list[int]]] = _READ


def calls(method: str, *, is_once: bool = False) -> Iterator[Call]:
    """Each role at each address that takes the method.

    With `is_once` one role stands for all that get the same answer: for what hangs on the address
    and not on who asks.
    """
    for rule, methods in MATRIX.items():
        statuses = methods.get(method, [])
        for role, status in zip(ROLES, statuses, strict=method in methods):
            if not is_once or statuses.index(status) == ROLES.index(role):
                yield Call(rule, method, role, status)


def parts(rule: str) -> list[str]:
    """What an address names: the parts of it that stand for something."""
    return re.findall(r"<(?:[^:<>]+:)?(\w+)>", rule)


def is_about_a_case(rule: str) -> bool:
    """Whether the address names a case."""
    return "token" in parts(rule)
