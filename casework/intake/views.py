"""The only place for the pages that take an application down: logged, and added to later."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from casework import clock, permissions
from casework.alike import Signs, alike_to
from casework.applications import receive
from casework.database import begin_write
from casework.extensions import db
from casework.intake import blueprint, queries
from casework.intake.forms import LOG, LogForm, is_filled
from casework.intake.listed import told_by_list
from casework.progress import move_case
from casework.web import drafts, offers
from casework.web.identity import me, origin, requires
from casework.web.opened_case import opened_or_404
from casework.web.step_forms import REFUSED, StepForm, asked, posted_req
from casework.web.taking import Taking, answer
from workflows.attempt import Attempt, StepRefused
from workflows.complaint_review import COMPLETE
from workflows.definition import Refusal

Answer = Any
LOOK = "look"
"""What the button sends that looks for earlier cases and records nothing."""


@blueprint.route("/cases/log", methods=["GET", "POST"])
@requires(permissions.LOG_APPLICATIONS)
def log() -> Answer:
    form = LogForm.opened(told_by_list(db.session, request.args.get("listed", ""), me().token))
    if request.method != "POST":
        return _page(form)
    if request.form.get("then") == LOOK:
        _keep_typed()
        return _page(form, looked=True)
    if form.is_readable():
        attempt = Attempt(LOG.name, form.day, form.application(), me().actor)
        try:
            return _log(form, attempt, posted_req())
        except StepRefused as refused:
            db.session.rollback()
            form.refuse(refused.refusals)
    _keep_typed()
    return _page(form), REFUSED


def _page(form: LogForm, *, looked: bool = False) -> str:
    """The page, with the earlier cases of what was typed where it was `looked` for them."""
    signs = Signs.of(form.application())
    found = alike_to(db.session, signs, me().token) if looked else ()
    return render_template(
        "intake/log.html", form=form, alike=found, looked=looked, is_filled=is_filled
    )


def _keep_typed() -> None:
    begin_write(db.session)
    drafts.keep(db.session, request.path)
    db.session.commit()


def _log(form: LogForm, attempt: Attempt, req: str) -> Answer:
    """Begin the case, unless this very request has done so already, and go there."""
    begin_write(db.session)
    logged = queries.logged_by(db.session, req)
    if logged is not None:
        db.session.rollback()
        return redirect(url_for("cases.case", token=logged))
    moved = receive(db.session, attempt, origin(req), attached=form.attached())
    drafts.discard(db.session)
    db.session.commit()
    session["just_logged"] = moved.case
    flash(f"Application logged as {moved.reference}.", "success")
    return redirect(url_for("cases.case", token=moved.case))


@blueprint.route("/cases/<token>/application", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def complete(token: str) -> Answer:
    return answer(partial(_complete, token))


def _complete(token: str) -> Taking:
    opened = opened_or_404(token)
    known = queries.known_of(opened, COMPLETE)
    form = StepForm.of(
        COMPLETE,
        opened.office,
        clock.today(),
        prefill=known,
        settled=known,
        version=opened.version,
    )
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=partial(offers.check_step, opened, COMPLETE, me().actor, clock.today()),
        take=lambda req: move_case(db.session, opened.ref, _added(form, known), req),
        leads_to=url_for("cases.case", token=token),
        since=partial(offers.lines_since, opened),
        template="intake/complete.html",
    )


def _added(form: StepForm, known: dict[str, Any]) -> Attempt:
    """What was typed that was not known before. StepRefused when there is nothing, or less.

    A choice left empty is one that the office's list no longer has: it stays as it is.
    """
    typed = form.given()
    changed = [
        fact
        for fact in asked(COMPLETE)
        if not offers.is_same(fact, typed[fact.name], known.get(fact.name))
    ]
    gone = [
        Refusal(
            "This is known already. To take it away, correct the entry of the timeline that says it.",
            fact.name,
        )
        for fact in changed
        if not typed[fact.name] and fact.kind != "choice"
    ]
    if gone:
        raise StepRefused(*gone)
    facts = {fact.name: typed[fact.name] for fact in changed if typed[fact.name]}
    if not facts:
        raise StepRefused.because("Nothing is added. Enter what the office has learned.")
    return Attempt(COMPLETE.name, form.day, facts, me().actor)
