"""The only place that reads routes.toml: what each address answers each role, and about whose case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SIGNED_OUT = "signed_out"
METHODS = ("GET", "POST")
Otherwise = Literal["restricted_to_others", "conflicted", "not_instructed", "erased", "not_there"]
"""What an address may be about other than a case that whoever asks may see."""
_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("routes.toml").read_text())
ROLES: list[str] = _READ.pop("roles")


def sees_others(role: str) -> bool:
    """Whether the role sees more than the cases it is instructed on."""
    return role != "contractor"


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

    def about(self, otherwise: Otherwise) -> int:
        """The status where the address is about that instead."""
        if not self.is_let_in or (otherwise == "not_instructed" and sees_others(self.role)):
            return self.status
        usual = 410 if otherwise == "erased" and sees_others(self.role) else 404
        told = _READ[self.rule].get(otherwise, {}) if sees_others(self.role) else {}
        return int(told.get(self.method, usual))


MATRIX: dict[str, dict[str, list[int]]] = {
    rule: {method: statuses for method, statuses in read.items() if method in METHODS}
    for rule, read in _READ.items()
}
"""What each role is answered by each method of each address."""


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
