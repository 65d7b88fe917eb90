"""The only place where what is being typed is kept, by a page's script or by a button."""

from typing import Any

from flask import abort, flash, redirect, request, url_for

from casework import permissions
from casework.audit import record
from casework.database import begin_write
from casework.drafts import blueprint
from casework.extensions import db
from casework.web import drafts
from casework.web.filters import time_of_day
from casework.web.frame import home_url
from casework.web.identity import me, requires
from casework.web.incoming import takes_lists

BY_SCRIPT = "application/json"


@blueprint.post("/drafts")
@takes_lists()
@requires(permissions.WORK_ON_CASES)
def keep() -> Any:
    form = _form_asked()
    case = drafts.case_of(form)
    begin_write(db.session)
    _require_visible(case)
    if record.is_recorded(db.session, request.form.get("req", "")):
        # A page's script was overtaken by the form itself, which needs no keeping now.
        return {"saved": "Recorded"}
    draft = drafts.keep(db.session, form)
    db.session.commit()
    saved = f"Saved at {time_of_day(draft.saved_at)}"
    if request.accept_mimetypes.best == BY_SCRIPT:
        return {"saved": saved}
    flash(f"{saved}. Only you see it. Open “{draft.title}” again to go on.", "success")
    return redirect(_way_back(case))


@blueprint.post("/drafts/discard")
@takes_lists()
@requires(permissions.WORK_ON_CASES)
def discard() -> Any:
    form = _form_asked()
    begin_write(db.session)
    _require_visible(drafts.case_of(form))
    drafts.discard(db.session, form)
    db.session.commit()
    return redirect(form)


def _form_asked() -> str:
    form = request.args.get("form", "")
    try:
        drafts.case_of(form)
    except drafts.NoSuchForm:
        abort(404)
    return form


def _require_visible(case: str) -> None:
    """404 when the form is about a case that this person may not see, or that was erased."""
    if case and not permissions.may_write_on(db.session, me().token, case):
        abort(404)


def _way_back(case: str) -> str:
    return url_for("cases.case", token=case) if case else home_url(me())
