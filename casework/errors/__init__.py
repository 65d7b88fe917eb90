"""The only place for the pages that say what went wrong, what was kept and what to do."""

from typing import Any

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from casework.errors.outages import Outage, outage_of, outage_of_files
from casework.extensions import db
from casework.web.frame import public_place
from casework.web.incoming import MOST_FIELDS

NOT_TYPED = frozenset({"csrf_token", "req", "version", "next", "code", "offered"})
RETRY_SECONDS = 30


def init_app(app: Flask) -> None:
    """Answer every error with a page of the office's own, for the public in words for them."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(OSError, _disk_error)


def typed_texts() -> list[tuple[str, str]]:
    """What was typed in the form that failed, by field, so that a page can give it back.

    Never a password; nothing when the form was too large to be read, or to be given back.
    """
    try:
        typed = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    if len(typed) > MOST_FIELDS:
        return []
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in typed
        if name not in NOT_TYPED and "password" not in name and value.strip()
    ]


def _http_error(error: HTTPException) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, DBAPIError) and (outage := outage_of(cause)):
        return _unavailable(outage)
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    _let_go()
    # A page for a fault of ours must not meet that fault again in its own frame.
    g.is_database_lost = code >= 500
    name = "csrf" if isinstance(error, CSRFError) else str(code)
    said = error.description if error.description != type(error).description else None
    return _page(name, code, error.get_headers(request.environ), error=error, said=said)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    outage = outage_of(error)
    if outage is None:
        raise error
    return _unavailable(outage)


def _disk_error(error: OSError) -> ResponseReturnValue:
    outage = outage_of_files(error)
    if outage is None:
        raise error
    return _unavailable(outage)


def _unavailable(outage: Outage) -> Response:
    _let_go()
    g.is_database_lost = True
    current_app.logger.error("database unavailable: %s", outage.name)
    headers = [("Retry-After", str(RETRY_SECONDS))]
    return _page("503", 503, headers, outage=outage)


def _page(name: str, code: int, headers: list[tuple[str, str]], **context: Any) -> Response:
    place = public_place()
    own = [f"{place[1:]}/errors/{name}.html"] if place else []
    template = current_app.jinja_env.get_or_select_template(
        [*own, f"errors/{name}.html", "errors/other.html"]
    )
    response = make_response(render_template(template, typed=typed_texts(), **context), code)
    kept = [(key, value) for key, value in headers if key.lower() != "content-type"]
    response.headers.extend(kept)
    return response


def _let_go() -> None:
    """End the transaction that failed: nothing of it is kept."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.close()
