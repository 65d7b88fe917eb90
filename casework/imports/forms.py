"""The only place for the forms of an import: the register that is sent, and the answer to its check."""

import secrets
import shlex
from io import BytesIO
from typing import IO

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.files.names import safe_name
from casework.imports.checking import Checked
from casework.imports.rows import count_rows

FILE = "file"
MOST_BYTES = 10_000_000
MOST_ROWS = 500
"""Rows that are imported in the browser: more would keep everybody else from saving for too long."""


class SendForm(FlaskForm):  # type: ignore[misc]
    """A register to be checked; `command` imports one that is too long to be imported here."""

    most_rows = MOST_ROWS
    most_megabytes = MOST_BYTES // 1_000_000
    file = HiddenField()
    command: str | None = None

    def sent(self) -> tuple[str, bytes] | None:
        """What the file is called, and its bytes; None, with a sentence, when it is not taken."""
        sent = request.files.get(FILE)
        if sent is None or not sent.filename:
            self.refuse("Choose the register.")
            return None
        name, content = safe_name(sent.filename), _read(sent.stream)
        if len(content) > MOST_BYTES:
            self.refuse(
                f"The register is larger than {MOST_BYTES // 1_000_000} MB, the most that is taken "
                "here. Nothing was kept. Take out sheets and pictures that are not needed, or "
                "split it into parts."
            )
        elif count_rows(BytesIO(content), MOST_ROWS + 1) > MOST_ROWS:
            self.refuse(
                f"The register has more than {MOST_ROWS:,} rows, the most that are imported here, "
                "as nobody else can save anything meanwhile. Nothing was kept. Split it into "
                "parts, or have it imported on the server."
            )
            self.command = f"casework import {shlex.quote(name)}"
        else:
            return name, content
        return None

    def refuse(self, sentence: str) -> None:
        """Put a sentence at the file."""
        self.file.errors = [sentence]

    def error_list(self) -> list[dict[str, str]]:
        """Every fault with the field it leads to, as the error summary takes them."""
        return [{"text": error, "href": f"#{FILE}"} for error in self.file.errors]


def _read(stream: IO[bytes]) -> bytes:
    return stream.read(MOST_BYTES + 1)


class ImportForm(FlaskForm):  # type: ignore[misc]
    """The answer to a check: import this register, named by the hash of its bytes, or do not."""

    req = HiddenField()
    register = HiddenField()

    @classmethod
    def of(cls, sha256: str) -> "ImportForm":
        """The form as it was posted, or about the register with this hash."""
        return cls(data={"req": secrets.token_hex(16), "register": sha256})


def may_import(checked: Checked) -> bool:
    """Whether there is something to import, and nothing wrong with any row."""
    return bool(checked.new) and not checked.errors
