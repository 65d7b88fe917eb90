"""The only place that reads the environment: the settings of one installation.

Everything is prefixed `CASEWORK_`; a `.env` file in the working folder is read too. What
staff change in the office (its name, targets, sign-off) is not here but in the log.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from dotenv import dotenv_values

Environment = Literal["production", "demo", "test"]
ENVIRONMENTS = ("production", "demo", "test")
SHORTEST_SECRET = 32


class SettingsError(Exception):
    """The environment does not say what is needed; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """Where an installation keeps its data and how it runs."""

    environment: Environment
    data_dir: Path
    database_url: str
    secret_key: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `CASEWORK_ENV`, `_DATA_DIR`, `_DATABASE_URL`, `_SECRET_KEY`; SettingsError if wrong."""
        if environ is None:
            from_file = {key: value or "" for key, value in dotenv_values(".env").items()}
            environ = {**from_file, **os.environ}
        name = environ.get("CASEWORK_ENV", "production")
        if name not in ENVIRONMENTS:
            raise SettingsError(
                f"CASEWORK_ENV is {name!r}. Set it to one of: {', '.join(ENVIRONMENTS)}."
            )
        data_dir = Path(environ.get("CASEWORK_DATA_DIR") or "var").absolute()
        url = environ.get("CASEWORK_DATABASE_URL") or f"sqlite:///{data_dir / 'casework.sqlite3'}"
        return cls(
            cast("Environment", name), data_dir, url, environ.get("CASEWORK_SECRET_KEY") or None
        )

    @property
    def is_secure(self) -> bool:
        """Whether cookies and headers insist on HTTPS: in production always."""
        return self.environment == "production"

    def secret_for_serving(self) -> str:
        """The key that signs sessions; SettingsError in production when none was set.

        A demonstration keeps one of its own in the data folder, readable by its owner alone.
        """
        if self.secret_key is not None and len(self.secret_key) >= SHORTEST_SECRET:
            return self.secret_key
        if self.environment == "production":
            raise SettingsError(
                "CASEWORK_SECRET_KEY must be set to at least 32 characters before Casework can "
                "serve. Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return self.secret_key or _kept_secret(self.data_dir / "secret_key")


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
