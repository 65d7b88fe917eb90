"""The only place that answers a form by which a step is taken: once, on the version it was opened on.

The order of the answers: sent twice, it leads on; stale, it gives both texts back (409); not
this person's to take, it says why; refused, it comes back with everything typed (422).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request

from casework.audit import record
from casework.audit.record import Origin
from casework.audit.timeline import Line
from casework.database import begin_write
from casework.extensions import db
from casework.items import StaleItem
from casework.progress import StaleCase
from casework.web import drafts
from casework.web.access import note_read
from casework.web.identity import me, origin
from casework.web.opened_case import OpenedCase
from casework.web.step_forms import REFUSED, StepForm, posted_req, posted_version
from workflows.attempt import StepRefused

Answer = Any


class StepBarred(Exception):
    """A step's page cannot be opened now; `status` is 403 for the person, 409 for the case."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Taking:
    """A form about a case, or about an item kept on it, and what sending it does.

    `version` is that of what the form changes, as read now; None where it begins something.
    `check` raises StepBarred when the form is not this person's to use now. `take` does what
    was asked, within the write transaction it is called in. `since` tells what happened after
    a version. `more` is what the page's template wants beside the form and the opened case. A
    page whose form is more than its step's facts shows itself when stale (`is_own_stale`).
    """

    opened: OpenedCase
    form: StepForm
    version: int | None
    check: Callable[[], None]
    take: Callable[[Origin], object]
    leads_to: str
    since: Callable[[int], list[Line]] = lambda _: []
    noun: str = "case"
    template: str = "cases/step.html"
    more: Mapping[str, Any] = field(default_factory=dict)
    is_own_stale: bool = False

    def page(self, **said: Any) -> str:
        """The page with the form, as it was filled in so far."""
        known = {"opened": self.opened, "form": self.form, **self.more}
        return render_template(self.template, **known, **said)


def answer(read: Callable[[], Taking]) -> Answer:
    """Show a form, or take what was posted. `read` makes the Taking from how things stand now."""
    taking = read()
    if request.method == "POST" and record.is_recorded(db.session, posted_req()):
        return redirect(taking.leads_to)
    if request.method == "POST" and _is_stale(taking):
        return _stale(taking)
    try:
        taking.check()
    except StepBarred as barred:
        page = render_template(
            "cases/barred.html", opened=taking.opened, barred=barred, form=taking.form
        )
        return page, barred.status
    if request.method != "POST":
        page = taking.page()
        note_read(db.session, me().token, taking.opened.row.token)
        return page
    return _take(taking, read)


def _is_stale(taking: Taking) -> bool:
    return taking.version is not None and posted_version() != taking.version


def _take(taking: Taking, read: Callable[[], Taking]) -> Answer:
    form, asked = taking.form, origin(posted_req())
    if not form.is_readable():
        return _refused(taking)
    reference = taking.opened.row.reference
    begin_write(db.session)
    try:
        if not record.is_recorded(db.session, asked.req):
            _require_version(read())
            taking.take(asked)
            drafts.discard(db.session)
            db.session.commit()
            flash(f"{form.step.done}: recorded for {reference}.", "success")
        return redirect(taking.leads_to)
    except (StaleCase, StaleItem):
        db.session.rollback()
        return _stale(read())
    except StepRefused as refused:
        db.session.rollback()
        form.refuse(refused.refusals)
    return _refused(taking)


def _refused(taking: Taking) -> Answer:
    """The form back with what is wrong; what was typed is kept in case it is left at that."""
    _keep_typed(taking.form)
    return taking.page(), REFUSED


def _keep_typed(form: StepForm) -> None:
    if form.keeping is not None:
        begin_write(db.session)
        drafts.keep(db.session, form.keeping.form)
        db.session.commit()


def _require_version(now: Taking) -> None:
    """StaleCase when things moved on since they were read: that comes before any refusal."""
    if _is_stale(now):
        raise StaleCase(now.opened.row.reference)


def _stale(taking: Taking) -> Answer:
    """What happened since the form was opened, and all that was typed, to send again or to copy."""
    barred = None
    since = taking.since(posted_version())
    _keep_typed(taking.form)
    taking.form.renew(taking.version)
    try:
        taking.check()
    except StepBarred as now_barred:
        barred = now_barred
    if taking.is_own_stale and barred is None:
        return taking.page(since=since), 409
    page = render_template(
        "cases/stale.html",
        opened=taking.opened,
        form=taking.form,
        since=since,
        barred=barred,
        noun=taking.noun,
    )
    return page, 409
