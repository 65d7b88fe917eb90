"""The only place where stored files come in with a form, and go out as an answer.

A form that sends files may be as large as some of the largest files together, so that one that
is too large is told of in a sentence, with all that was typed, and does not end in a broken line.
"""

from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from flask import Flask, Response, abort, current_app, request, send_file
from flask_login import current_user

from casework.files.kinds import Kind
from casework.files.store import FileMissing, Store

FILES_AT_ONCE = 4
"""A form may send this many files of the largest size, or any number of smaller ones."""
GONE = 410
ALONE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The policy of a file that is handed over: it runs nothing, sends nothing and fetches nothing."""

View = TypeVar("View", bound=Callable[..., Any])


def files() -> Store:
    """The store of this installation."""
    return Store.of(current_app.extensions["casework"])


def takes_files_of(most: Callable[[], int]) -> Callable[[View], View]:
    """Let the form of this view be larger than others by so many bytes as `most` says of a request."""

    def decorate(view: View) -> View:
        view.most_of_files = most  # type: ignore[attr-defined]
        return view

    return decorate


def takes_files(view: View) -> View:
    """Let the form of this view be as large as files need, for people who are signed in."""
    return takes_files_of(_most_of_staff)(view)


def _most_of_staff() -> int:
    return FILES_AT_ONCE * files().largest if current_user.is_authenticated else 0


def init_app(app: Flask) -> None:
    """Measure each form by what its view takes, before anything reads it."""
    app.url_value_preprocessor(_measure)


def _measure(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    view = current_app.view_functions.get(endpoint or "")
    most = getattr(view, "most_of_files", None)
    # A form of words alone would be read as a whole.
    if most is not None and request.mimetype == "multipart/form-data":
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + most()


def opened(sha256: str) -> BinaryIO:
    """A stored file to hand over; 410 with a sentence when it is not there as it was kept."""
    try:
        return files().open(sha256)
    except FileMissing:
        current_app.logger.error("The stored file %s is missing or altered.", sha256)
        abort(
            GONE,
            "The file is not in the office’s store as it was kept. Nothing was handed over. Tell "
            "whoever looks after the server, who can bring it back from a backup.",
        )


def handed_over(file: BinaryIO, kind: Kind, name: str, *, shown: bool) -> Response:
    """The answer that is a file: shown in the browser when its kind may be, otherwise saved.

    Whatever it turns out to hold, it stands alone (`ALONE`) and is taken for nothing but its kind.
    """
    is_shown = shown and kind.is_shown
    answer = send_file(
        file,
        kind.media_type,
        as_attachment=not is_shown,
        download_name=name,
        conditional=False,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = ALONE
    return answer
