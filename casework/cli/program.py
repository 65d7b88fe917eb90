"""The only place that turns whatever goes wrong in a command into one sentence and an exit code.

Exit codes: 0 done, 1 the thing checked is wrong, 2 usage or input refused.
"""

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from casework.cli.database_words import sentence_of
from casework.cli.loading import LazyGroup
from config import SettingsError

DONE, WRONG, REFUSED = 0, 1, 2
INTERRUPTED = 130
READER_LEFT = 141
"""What a shell reports of a program whose reader went away, as in `casework ... | head`."""


class Refused(click.ClickException):
    """Input that cannot be accepted; the message is one sentence or two to the user."""

    exit_code = REFUSED


class Program(LazyGroup):
    """The console script: like any click group, but it never shows a traceback or a usage block."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **settings: Any) -> NoReturn:
        """Run one command and exit with its code."""
        sys.exit(self._run(args, {**settings, "standalone_mode": False}))

    def _run(self, args: Sequence[str] | None, settings: dict[str, Any]) -> int:
        try:
            code = super().main(args, **settings)
            sys.stdout.flush()
        except BrokenPipeError:
            _let_go_of_stdout()
            return READER_LEFT
        except (click.Abort, KeyboardInterrupt):
            return _say("Stopped. What was not finished was not kept.", INTERRUPTED)
        except click.exceptions.NoArgsIsHelpError as asked:
            click.echo(asked.format_message(), err=True)
            return REFUSED
        except Exception as error:  # whatever happens, a user gets a sentence
            if os.environ.get("CASEWORK_DEBUG") == "1":
                raise
            _settle_stdout()
            return _say(_sentence(error), REFUSED)
        return code if isinstance(code, int) else DONE


def _say(sentence: str, code: int) -> int:
    click.echo(f"casework: {' '.join(sentence.split())}", err=True)
    return code


def _sentence(error: Exception) -> str:
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "casework"
        return f"{_ended(error.format_message())} See: {command} --help"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, SettingsError):
        return str(error)
    if isinstance(error, DBAPIError):
        return sentence_of(error)
    if isinstance(error, OSError):
        return sentence_of_file(error)
    return (
        f"Something went wrong that was not foreseen ({type(error).__name__}). What was not "
        "finished was not kept. Set CASEWORK_DEBUG=1 and try again to see where it happened."
    )


def sentence_of_file(error: OSError) -> str:
    """What is wrong with a file or folder, and what to do."""
    name = f" {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full, so{name or ' the output'} was not kept. Make room and try again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"There is no permission to use{name}. Change its permissions, or name another place."
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"There is no {_missing(error)}. Check the name."
    return f"The system refused to use{name}: {error.strerror or error}. Nothing more was kept."


def _missing(error: OSError) -> str:
    """What is not there: the folder that a name is in, where that is missing already."""
    if not isinstance(error.filename, str):
        return "such file"
    path = Path(error.filename)
    if not path.parent.is_dir():
        return f"folder {path.parent}"
    return f"{'folder' if error.errno == errno.ENOTDIR else 'file'} {error.filename}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _settle_stdout() -> None:
    """Write what is left to write; where that cannot be, let it go."""
    try:
        sys.stdout.flush()
    except OSError:
        _let_go_of_stdout()


def _let_go_of_stdout() -> None:
    """Give stdout somewhere to go, or Python complains once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
