"""The only place that asks somebody to sign in again before they change how they sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, render_template, request
from flask_login import login_required

from casework.web.identity import me
from config import Settings


def requires_fresh(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for whose session is fresh; others are asked to sign in again, as they did before."""

    @wraps(view)
    @login_required  # type: ignore[untyped-decorator]
    def guarded(*args: Any, **kwargs: Any) -> Any:
        held = me().held
        if held.is_fresh:
            return view(*args, **kwargs)
        settings: Settings = current_app.extensions["casework"]
        by = None if held.signed_in_by == "password" else settings.single_sign_on
        page = render_template("account/again.html", onward=request.path, single_sign_on=by)
        return page, 403

    return guarded
