"""The only place that asks somebody to sign in again before they change how they sign in."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import render_template, request
from flask_login import login_required

from casework import clock
from casework.web.identity import me

FRESH = timedelta(minutes=15)


def requires_fresh(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for who signed in within the last quarter of an hour, so no screen left open will do."""

    @wraps(view)
    @login_required  # type: ignore[untyped-decorator]
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if clock.now() - me().held.began_at >= FRESH:
            return render_template("account/again.html", onward=request.path), 403
        return view(*args, **kwargs)

    return guarded
