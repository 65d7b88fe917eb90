"""The only place for what tests of commands share: a console on a fresh office."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casework.cli import main

TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Console:
    """Runs commands in this process, in the environment of one installation."""

    environment: dict[str, str]

    def __call__(
        self, *arguments: str, stdin: str | bytes = "", code: int = 0, **environment: str
    ) -> Result:
        """Run `casework` with these arguments; its exit code must be `code`."""
        done = CliRunner().invoke(
            main, arguments, input=stdin, env={**self.environment, **environment}
        )
        assert TRACEBACK not in done.output
        assert done.exit_code == code, done.output
        assert bool(done.stderr) or code != 2 or "--json" in arguments
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What a command prints as JSON; nothing else may be on stdout."""
        return json.loads(self(*arguments, "--json", code=code).stdout)

    def lines(self, *actions: dict[str, Any] | str, code: int = 0) -> list[dict[str, Any]]:
        """Apply actions, and give the answers."""
        text = "\n".join(a if isinstance(a, str) else json.dumps(a) for a in actions)
        done = self("case", "apply", "-", stdin=text, code=code)
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def casework(environment: dict[str, str]) -> Console:
    """A console on a fresh migrated database: once SQLite, once PostgreSQL."""
    return Console(environment)


@pytest.fixture
def staffed(casework: Console) -> Console:
    """A console on an office with a reviewer, a supervisor and somebody of the panel."""
    for name, role in (("ria", "reviewer"), ("sue", "supervisor"), ("pam", "panel")):
        casework("user", "add", f"{name}@office.example", "--name", name.title(), "--role", role)
    return casework


Action = Callable[..., dict[str, Any]]


@pytest.fixture
def ria() -> Action:
    """Makes actions of the reviewer on the case CR/1."""

    def action(step: str, on: str | None = None, **more: Any) -> dict[str, Any]:
        day = {"on": on} if on else {}
        return {"as": "ria@office.example", "reference": "CR/1", "step": step, **day, **more}

    return action
