"""The only place for the page that logs an application for a review."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from casework import clock, permissions
from casework.applications import receive
from casework.database import begin_write
from casework.extensions import db
from casework.intake import blueprint, queries
from casework.intake.listed import told_by_list
from casework.office_rules import office_rules
from casework.web import drafts
from casework.web.identity import me, origin, requires
from casework.web.step_forms import REFUSED, StepForm, only_choices, posted_req
from workflows import WORKFLOWS
from workflows.attempt import Attempt, StepRefused

LOG = WORKFLOWS["complaint_review"].steps_by_name["log"]


@blueprint.route("/cases/log", methods=["GET", "POST"])
@requires(permissions.LOG_APPLICATIONS)
def log() -> Any:
    office = office_rules(db.session)
    listed = told_by_list(db.session, request.args.get("listed", ""))
    prefill = {**only_choices(LOG, office), **listed}
    form = StepForm.of(LOG, office, clock.today(), prefill=prefill)
    if request.method != "POST":
        return render_template("intake/log.html", form=form)
    if form.is_readable():
        attempt = Attempt(LOG.name, form.day, form.given(), me().actor)
        try:
            return _log(attempt, posted_req())
        except StepRefused as refused:
            db.session.rollback()
            form.refuse(refused.refusals)
    begin_write(db.session)
    drafts.keep(db.session, request.path)
    db.session.commit()
    return render_template("intake/log.html", form=form), REFUSED


def _log(attempt: Attempt, req: str) -> Any:
    """Begin the case, unless this very request has done so already, and go there."""
    begin_write(db.session)
    logged = queries.logged_by(db.session, req)
    if logged is not None:
        db.session.rollback()
        return redirect(url_for("cases.case", token=logged))
    moved = receive(db.session, attempt, origin(req))
    drafts.discard(db.session)
    db.session.commit()
    session["duplicates"] = queries.possible_duplicates(db.session, moved.case, me().token)
    flash(f"Application logged as {moved.reference}.", "success")
    return redirect(url_for("cases.case", token=moved.case))
