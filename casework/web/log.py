"""The only place that says how the server logs: a line for each event, with nobody's data in it.

A line tells of a page by its name, never by its address, and of a fault by its kind and by where it
came from, never by its words: both may quote what somebody typed. What a person is shown of a
fault is the id that is in its lines. Style sheets and scripts, which are the same for everybody,
are answered before a request gets here and have no line (`casework.cli.serving`).
"""

import logging
import secrets
import sys
from collections.abc import Iterator
from http import HTTPMethod
from time import perf_counter
from traceback import walk_tb
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from flask.logging import default_handler
from structlog.typing import EventDict, Processor

from config import Environment

REQUEST_ID = "X-Request-Id"
_SIGNS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""Neither vowels, which make words, nor what is taken for another when it is read out."""
_TOLD = ("method", "page", "status", "milliseconds")
_OURS = ("casework", "gunicorn")
_LOG = logging.getLogger("casework.requests")
_Raised = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]


class Application(Flask):
    """Flask, but for what it writes into the log about a fault."""

    def log_exception(self, exc_info: Any) -> None:
        """Log a fault without the address that was asked for."""
        self.logger.error("fault", exc_info=exc_info)


def request_id() -> str:
    """What this request is called in the log and on a page about an error, such as "7K3F-92QX"."""
    if "request_id" not in g:
        g.request_id = "-".join("".join(map(secrets.choice, [_SIGNS] * 4)) for _ in range(2))
    return str(g.request_id)


def init_app(app: Flask) -> None:
    """Give every request its id, and every answer a line of the log."""
    app.before_request(_begin)
    app.after_request(_end)
    app.add_template_global(request_id)


def _begin() -> None:
    g.began_at = perf_counter()


def _end(answer: Response) -> Response:
    answer.headers[REQUEST_ID] = request_id()
    told = {
        "method": request.method if request.method in HTTPMethod.__members__ else "other",
        "page": request.endpoint,
        "status": answer.status_code,
        "milliseconds": round(1000 * (perf_counter() - g.get("began_at", perf_counter()))),
    }
    _LOG.info("request", extra=told)
    return answer


def begin(environment: Environment) -> None:
    """Let this process log to its stderr.

    In production, lines of JSON (RFC 8259, ASCII alone): `at` (RFC 3339, UTC), `level`, `event`, for
    a request its `request`, `method`, `page`, `status` and `milliseconds`, for a fault its `kind`,
    `frames` and `causes`, for what a library said `library`. Else lines for a person at a terminal,
    of what went wrong alone, with the words that nobody but invented people could have typed.
    """
    is_production = environment == "production"
    shape: tuple[Processor, ...] = (
        (_without_words, structlog.processors.JSONRenderer())
        if is_production
        else (_for_a_terminal(),)
    )
    only_ours = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[*shape[:-1], only_ours, shape[-1]],
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(_TOLD),
                _with_request,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if is_production else logging.WARNING)
    logging.getLogger("casework").removeHandler(default_handler)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = not is_production


def _for_a_terminal() -> Processor:
    plain = structlog.dev.plain_traceback  # whichever libraries are installed
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _with_request(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if has_request_context():
        event["request"] = request_id()
    return event


def _without_words(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Leave out whatever may quote somebody: a fault's message, and all that a library says."""
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in _OURS:
        event["event"] = "said by a library"
        event["library"] = f"{record.name} in {record.module}:{record.lineno}"
    raised: _Raised | None = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if raised and raised[1]:
        fault, *causes = _chain(raised[1])
        event["kind"] = _kind(fault)
        event["frames"] = [_frame(*each) for each in walk_tb(raised[2])]
        event["causes"] = [_kind(each) for each in causes]
    return event


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """A fault, and what it came of, one after the other."""
    found: BaseException | None = fault
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _kind(fault: BaseException) -> str:
    return f"{type(fault).__module__}.{type(fault).__qualname__}"


def _frame(frame: Any, line: int) -> str:
    """Where a frame is: a function, or a template, which is a module by the name of its file."""
    name = str(frame.f_globals.get("__name__")).rpartition("/templates/")[2]
    return f"{name}.{frame.f_code.co_name}:{line}"
