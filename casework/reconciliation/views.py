"""The only place for the pages of the force's list: sent, its columns named, what was found."""

from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.models import ListCheck, ListFinding
from casework.office_settings import settings_at
from casework.reconciliation import blueprint, findings, holding, queries, results, service
from casework.reconciliation.columns import REFERENCE
from casework.reconciliation.forms import ColumnsForm, ListForm, SettleForm
from casework.reconciliation.ours import Period
from casework.reconciliation.reading import MOST_BYTES, ListRefused, Look, Reading, look
from casework.web.files import takes_files
from casework.web.identity import me, names, origin, requires
from casework.web.pagination import asked_page, page_of
from casework.web.step_forms import REFUSED, posted_req
from config import MEGABYTE

Answer = Any
FILE, TOO_LARGE = "file", 413


@blueprint.get("/")
@requires(permissions.SEE_ALL_CASES)
def index() -> Answer:
    forces = dict(settings_at(db.session).forces)
    page = page_of(db.session, queries.newest_checks(), asked_page())
    return render_template(
        "reconciliation/index.html",
        page=page,
        forces=forces,
        last=queries.last_checks(db.session, forces, clock.today()),
        still_open={each: queries.still_open(db.session, each, me().token) for each in forces},
        names=names(db.session),
        period_of=queries.period_of,
    )


@blueprint.route("/check", methods=["GET", "POST"])
@requires(permissions.COMPARE_LISTS)
@takes_files
def send() -> Answer:
    form = ListForm.of(dict(settings_at(db.session).forces))
    if request.method != "POST":
        return render_template("reconciliation/send.html", form=form)
    if done := queries.checked_by(db.session, posted_req()):
        return redirect(url_for("reconciliation.check", check=done))
    content, seen = _sent(form)
    force, period = form.chosen_force(), form.period()
    if seen is None or force is None or period is None:
        if seen is not None:
            _hold(content, force, period)
            form.kept.data = "y"
        is_too_large = len(content) > MOST_BYTES
        page = render_template("reconciliation/send.html", form=form)
        return page, TOO_LARGE if is_too_large else REFUSED
    reading, is_known = service.reading_of(db.session, force, seen)
    if reading is not None and is_known:
        checked = service.check(db.session, BytesIO(content), seen, reading, force, period)
        if checked.is_likely:
            return _keep(checked)
    _hold(content, force, period)
    return redirect(url_for("reconciliation.columns"))


def _sent(form: ListForm) -> tuple[bytes, Look | None]:
    """The list that was sent, or kept before, and what is seen in it; None with a sentence why."""
    sent = request.files.get(FILE)
    content = sent.stream.read(MOST_BYTES + 1) if sent and sent.filename else b""
    if not content and form.kept.data:
        kept = holding.held(db.session, session, me().token)
        content = kept.file.read() if kept else b""
    try:
        if not content:
            raise ListRefused("Choose the force’s list.")
        if len(content) > MOST_BYTES:
            raise ListRefused(
                f"The list is larger than {MOST_BYTES / MEGABYTE:g} MB. Take out sheets, pictures "
                "and columns that are not needed, and choose it again."
            )
        return content, look(BytesIO(content))
    except ListRefused as refused:
        form.refuse(form.file, str(refused))
        return content, None


def _hold(content: bytes, force: str | None, period: Period | None) -> None:
    begin_write(db.session)
    holding.hold(db.session, session, me().token, content, force, period)
    db.session.commit()


@blueprint.route("/columns", methods=["GET", "POST"])
@requires(permissions.COMPARE_LISTS)
def columns() -> Answer:
    if request.method == "POST" and (done := queries.checked_by(db.session, posted_req())):
        return redirect(url_for("reconciliation.check", check=done))
    held = holding.held(db.session, session, me().token)
    if held is None or held.force is None or held.period is None:
        flash("No list is waiting: one is kept for an hour at most. Choose it again.")
        return redirect(url_for("reconciliation.send"))
    if "discard" in request.form:
        return _discard()
    seen, period = look(held.file), held.period
    last, _ = service.reading_of(db.session, held.force, seen)
    form = ColumnsForm.of(seen, last)
    reading = form.reading() if request.method == "POST" else None
    if reading is not None:
        checked = service.check(db.session, held.file, seen, reading, held.force, period)
        if checked.is_likely:
            return _keep(checked, seen, reading)
        form.refuse(form[REFERENCE], service.NO_REFERENCES)
    page = render_template(
        "reconciliation/columns.html",
        form=form,
        look=seen,
        period=period,
        force=dict(settings_at(db.session).forces).get(held.force, held.force),
        was_read=last is not None,
    )
    return page, REFUSED if request.method == "POST" else 200


def _discard() -> Answer:
    begin_write(db.session)
    holding.LISTS.drop(db.session, session, me().token)
    db.session.commit()
    flash("The list was not checked, and is deleted.", "success")
    return redirect(url_for("reconciliation.index"))


def _keep(
    checked: service.Checked, seen: Look | None = None, reading: Reading | None = None
) -> Answer:
    """Keep a check and, where somebody said it, how the list was read; the list itself goes."""
    asked = origin(posted_req())
    begin_write(db.session)
    if record.is_recorded(db.session, asked.req):
        db.session.rollback()
        return redirect(
            url_for("reconciliation.check", check=queries.checked_by(db.session, asked.req))
        )
    if seen is not None and reading is not None:
        service.keep_reading(db.session, checked.force, seen, reading)
    row = service.keep(db.session, checked, role=_role(), origin=asked)
    holding.LISTS.drop(db.session, session, me().token)
    token = row.token
    db.session.commit()
    return redirect(url_for("reconciliation.check", check=token))


@blueprint.get("/<check>")
@requires(permissions.SEE_ALL_CASES)
def check(check: str) -> Answer:
    row = db.session.get(ListCheck, check) or abort(404)
    return render_template(
        "reconciliation/check.html",
        check=row,
        period=queries.period_of(row),
        force=dict(settings_at(db.session).forces).get(row.force, row.force),
        result=results.result_of(db.session, row, me().token),
        most=results.MOST_SHOWN,
        may_log=me().may(permissions.LOG_APPLICATIONS),
        may_settle=me().may(permissions.COMPARE_LISTS),
        names=names(db.session),
    )


@blueprint.route("/findings/<finding>", methods=["GET", "POST"])
@requires(permissions.COMPARE_LISTS)
def settle(finding: str) -> Answer:
    row = _finding_or_404(finding)
    if request.method != "POST":
        return _settle_page(row, _settle_form(row)), 200
    asked = origin(posted_req())
    begin_write(db.session)
    row = _finding_or_404(finding)
    form = _settle_form(row)
    if record.is_recorded(db.session, asked.req):
        return redirect(_last_check(row))
    if form.seen.data != str(row.settled_seq or ""):
        return _settle_page(row, form, is_stale=True), 409
    case = _case_named(form)
    if not form.is_readable():
        return _settle_page(row, form), REFUSED
    answer, note = str(form.answer.data), (form.note.data or "").strip()
    findings.settle(db.session, row, answer, note, case, role=_role(), origin=asked)
    leads_to = _last_check(row)
    db.session.commit()
    flash("What was found out is kept.", "success")
    return redirect(leads_to)


def _finding_or_404(token: str) -> ListFinding:
    return queries.visible_finding(db.session, me().token, token) or abort(404)


def _settle_form(row: ListFinding) -> SettleForm:
    named = queries.cases_named(db.session, row.cases[:1])
    return SettleForm.of(row, next((case.reference for case in named.values()), ""))


def _case_named(form: SettleForm) -> str | None:
    """The case that a row is said to be about; None with a sentence where there is none."""
    reference = (form.reference.data or "").strip()
    if form.answer.data != findings.LOGGED_AS or not reference:
        return None
    case = queries.case_called(db.session, me().token, reference)
    if case is None:
        form.refuse(
            form.reference,
            f"There is no case {reference} that you may see. Enter its reference as it is here.",
        )
    return case


def _settle_page(row: ListFinding, form: SettleForm, *, is_stale: bool = False) -> str:
    """The form of a finding. It ends the transaction: what was refused is not written."""
    db.session.rollback()
    if is_stale:
        form.seen.data = str(row.settled_seq or "")
    return render_template(
        "reconciliation/settle.html",
        form=form,
        line=results.line_of(db.session, row, me().token),
        leads_to=_last_check(row),
        is_stale=is_stale,
        force=dict(settings_at(db.session).forces).get(row.force, row.force),
        names=names(db.session),
    )


def _last_check(row: ListFinding) -> str:
    return url_for("reconciliation.check", check=queries.newest_check(db.session, row.force))


def _role() -> str:
    return permissions.role_giving(me().roles, permissions.COMPARE_LISTS) or ""
