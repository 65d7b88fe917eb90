"""The only place for the pages that say what went wrong, what was kept and what to do."""

from flask import Flask, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from casework.extensions import db

NOT_KEPT = frozenset({"csrf_token", "req", "version", "password"})


def init_app(app: Flask) -> None:
    """Answer every error with a page of the office's own."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)


def typed_texts() -> list[tuple[str, str]]:
    """What was typed in the form that failed, so that a page can give it back."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NOT_KEPT and value.strip()
    ]


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    page = render_template(
        ["errors/%d.html" % code, "errors/other.html"], error=error, typed=typed_texts()
    )
    return page, code


def _database_error(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    page = render_template("errors/503.html", error=error, typed=typed_texts())
    return page, 503, {"Retry-After": "30"}
