"""The program that starts Casework's processes for the harness: imported once, forked for each.

Each is what the console script runs, under the shim, in a session of its own and with nothing of
the harness in it; only the seconds that importing takes are saved. It reads orders as lines of
JSON and answers each with one.
"""

import ctypes
import json
import os
import select
import signal
import sys
from importlib import import_module
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Answer orders until nobody gives any; then whatever was started is gone as well."""
    _import_all(sys.argv[1])
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _started(asked) if "arguments" in asked else _ended(asked["pid"], asked["seconds"])
        print(json.dumps(answer), flush=True)


def _import_all(templates: str) -> None:
    import casework
    import casework.cli

    for area in casework.AREAS:
        import_module(f"casework.{area}")
    for name in ("gunicorn.app.base", "gunicorn.workers.gthread", "whitenoise", "psycopg"):
        import_module(name)
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(templates)}


def _started(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(asked)
    return pid


def _become(asked: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for wanted, had in enumerate((nothing, said, said)):
            os.dup2(had, wanted)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["environment"]["CASEWORK_DATA_DIR"])
        sys.argv = ["casework", *asked["arguments"]]
        from casework.cli import main

        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int, seconds: float) -> int | None:
    """The exit code of what was started, minus the signal that ended it; None: it goes on."""
    descriptor = os.pidfd_open(pid)
    try:
        if not select.select([descriptor], [], [], seconds)[0]:
            return None
    finally:
        os.close(descriptor)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main()
