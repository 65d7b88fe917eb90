"""The only place for the pages of a review: written, decided, its conflicts and who was told."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.items import begin_item
from casework.reviews import blueprint, forms, queries, service
from casework.reviews.telling_forms import TellingForm
from casework.web import drafts, offers
from casework.web.access import note_read
from casework.web.deadlines import deadline_lines
from casework.web.identity import me, origin, requires
from casework.web.opened_case import BegunItem, OpenedCase, opened_or_404
from casework.web.step_forms import REFUSED, StepForm, known_values, posted_req
from casework.web.taking import StepBarred, Taking, answer
from workflows.attempt import Attempt
from workflows.complaint_review import UPHOLD, WRITE_REVIEW
from workflows.conflict import CONFLICT, DECLARE
from workflows.definition import OfficeRules
from workflows.engine import deadlines_of, role_for
from workflows.roles import IN_CHARGE
from workflows.telling import HOW, TELL

Answer = Any


@blueprint.route("/cases/<token>/review", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def write(token: str) -> Answer:
    asked = forms.rows_asked()
    return answer(partial(_write, token)) if asked is None else _with_rows_changed(token, asked)


def _write(token: str) -> Taking:
    opened = opened_or_404(token)
    known = known_values(opened.workflow, opened.standing, WRITE_REVIEW)
    returned = queries.returned(opened)
    form = forms.ReviewForm.of(
        WRITE_REVIEW,
        opened.office,
        clock.today(),
        prefill=known | _to_begin_with(opened, returned),
        settled=known,
        version=opened.version,
    )
    form.kept = {item.token: item.version for item in queries.allegations(opened)}
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=partial(offers.check_step, opened, WRITE_REVIEW, me().actor, clock.today()),
        take=lambda asked: service.write_review(db.session, opened, form, me().actor, asked),
        leads_to=url_for("cases.case", token=token),
        since=partial(offers.lines_since, opened),
        template="reviews/write.html",
        is_own_stale=True,
        more={
            "fields": forms.shown_by_name(form),
            "proposed": list(forms.paragraphs(form, "proposed", known.get("route"))),
            "returned": returned,
            "observations": queries.observations(opened),
        },
    )


def _to_begin_with(opened: OpenedCase, returned: queries.Written | None) -> dict[str, Any]:
    """The complaint's allegations; and where the review was returned, what it said."""
    rows = {"allegations": queries.rows_to_begin_with(opened)}
    before = queries.last_review(opened) if returned else None
    return rows if before is None else {**before.entry.facts, **before.words, **rows}


def _with_rows_changed(token: str, asked: str) -> Answer:
    """The form with a row more or less: nothing is recorded, what was typed is kept."""
    taking = _write(token)
    try:
        taking.check()
    except StepBarred as barred:
        abort(barred.status, barred.sentence)
    begin_write(db.session)
    typed = forms.with_rows_changed(drafts.posted(), asked)
    drafts.keep(db.session, request.path, typed)
    db.session.commit()
    return redirect(url_for("reviews.write", token=token, _anchor="allegations"))


@blueprint.route("/cases/<token>/decision", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def decide(token: str) -> Answer:
    return answer(partial(_decide, token))


def _decide(token: str) -> Taking:
    opened, today = opened_or_404(token), clock.today()
    review, route = queries.last_review(opened), opened.standing.values.get("route")
    form = StepForm.of(
        forms.deciding(route),
        opened.office,
        today,
        prefill=_proposed(opened, review),
        version=opened.version,
    )
    decided = forms.decided(form)
    step = opened.workflow.steps_by_name.get(decided.step, UPHOLD)
    form.step = replace(form.step, done=step.done)
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=partial(offers.check_step, opened, step, me().actor, today),
        take=lambda asked: service.decide(
            db.session, opened, decided, form.day or today, me().actor, asked
        ),
        leads_to=url_for("cases.case", token=token),
        since=partial(offers.lines_since, opened),
        template="reviews/decide.html",
        is_own_stale=True,
        more={
            "fields": forms.shown_by_name(form),
            "recommended": list(forms.paragraphs(form, "recommendations", route)),
            "wording_of": forms.wording_of,
            "review": review,
            "route": route,
            **_to_decide_from(opened),
        },
    )


def _to_decide_from(opened: OpenedCase) -> dict[str, Any]:
    """What the decider reads beside the form."""
    dues = deadlines_of(opened.workflow, opened.standing, opened.office)
    allegations = queries.allegations(opened)
    return {
        "allegations": [queries.told_of(item) for item in allegations],
        "observations": queries.observations(opened),
        "papers": queries.papers(opened),
        "deadlines": deadline_lines(opened.standing, dues, clock.today()),
        "checks": queries.checklist(opened),
    }


def _proposed(opened: OpenedCase, review: queries.Written | None) -> dict[str, Any]:
    """The review's proposals and reasons, for the decider to adopt or change."""
    asked = {"decision": request.args.get("step")}
    if review is None:
        return asked
    proposed = review.entry.facts.get("proposed", ())
    return asked | {
        "recommendations": [code for code in proposed if code not in forms.DUTY],
        "duties": [code for code in proposed if code in forms.DUTY],
        "reasons": review.words.get("reasons", ""),
        "observations": len(queries.observations(opened)) or None,
    }


@blueprint.route("/cases/<token>/conflict", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def declare(token: str) -> Answer:
    return answer(partial(_declare, token))


def _declare(token: str) -> Taking:
    opened = opened_or_404(token)
    office = _declared_by_me(opened.office)
    form = StepForm.of(DECLARE, office, clock.today(), prefill={"person": me().token})
    attempt = Attempt(DECLARE.name, form.day, form.given(), me().actor)
    is_mine = form["person"].data == me().token
    mine, case = url_for("reviews.conflicts"), url_for("cases.case", token=token)
    return Taking(
        opened=opened,
        form=form,
        version=None,
        check=_may_begin(opened),
        take=lambda asked: begin_item(db.session, token, CONFLICT, attempt, asked),
        leads_to=mine if is_mine else case,
        noun=CONFLICT.noun,
        template="reviews/declare.html",
    )


def _declared_by_me(office: OfficeRules) -> OfficeRules:
    """The office's rules with the people whose conflicts whoever is signed in may declare."""
    if me().roles & set(IN_CHARGE):
        return office
    mine = tuple(person for person in office.lists["readers"] if person.code == me().token)
    return replace(office, lists={**office.lists, "readers": mine})


def _may_begin(opened: OpenedCase) -> Callable[[], None]:
    subject = BegunItem(opened, CONFLICT)
    return partial(offers.check_step, subject, DECLARE, me().actor, clock.today())


@blueprint.get("/conflicts")
@requires(permissions.SEE_CASES)
def conflicts() -> Answer:
    found = queries.conflicts_of(db.session, me().token)
    return render_template("reviews/conflicts.html", found=found)


@blueprint.route("/cases/<token>/telling", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def tell(token: str) -> Answer:
    form = TellingForm.of(opened_or_404(token))
    if request.method != "POST":
        page = _telling_page(form)
        note_read(db.session, me().token, token)
        return page
    asked = origin(posted_req())
    begin_write(db.session)
    if not record.is_recorded(db.session, asked.req):
        form = TellingForm.of(opened_or_404(token))
        count = service.record_tellings(db.session, form, me().actor, asked)
        if form.error_list():
            db.session.rollback()
            return _telling_page(form), REFUSED
        db.session.commit()
        flash(f"Recorded for {count} of them.", "success")
    return redirect(url_for("reviews.tell", token=token))


def _telling_page(form: TellingForm) -> str:
    may_tell = role_for(TELL, me().actor) is not None
    return render_template(
        "reviews/telling.html", form=form, opened=form.opened, may_tell=may_tell, how=HOW
    )
