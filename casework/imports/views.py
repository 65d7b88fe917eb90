"""The only place for the pages of the register import: to send a register, to see what its check found, to import it."""

from io import BytesIO
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, session, url_for

from casework import permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.imports import blueprint, faults, queries, template, waiting
from casework.imports.checking import check_register
from casework.imports.columns import GROUPS
from casework.imports.forms import ImportForm, SendForm, may_import
from casework.imports.service import RegisterChanged, import_register
from casework.office_settings import settings_at
from casework.web.downloads import CSV, XLSX, attachment
from casework.web.files import takes_files
from casework.web.identity import me, names, origin, requires
from casework.web.pagination import asked_page
from casework.web.step_forms import REFUSED, posted_req

Answer = Any
STALE = 409
TEMPLATES = {"csv": (CSV, template.csv_template), "xlsx": (XLSX, template.xlsx_template)}


@blueprint.route("/", methods=["GET", "POST"])
@requires(permissions.IMPORT_REGISTER)
@takes_files
def index() -> Answer:
    form = SendForm()
    if request.method == "POST":
        sent = form.sent()
        if sent is not None:
            _keep_waiting(*sent)
            return redirect(url_for("imports.check"))
    page = render_template(
        "imports/index.html",
        form=form,
        imports=queries.newest(db.session),
        names=names(db.session),
        is_waiting=_waiting() is not None,
    )
    return page, REFUSED if form.error_list() else 200


def _keep_waiting(name: str, content: bytes) -> None:
    """Check a register and let it wait, with what was found, for an answer."""
    checked = check_register(db.session, BytesIO(content))
    begin_write(db.session)
    waiting.keep(db.session, session, me().token, name, content, checked)
    db.session.commit()


def _waiting() -> waiting.Waiting | None:
    return waiting.find(db.session, session, me().token)


@blueprint.route("/check", methods=["GET", "POST"])
@requires(permissions.IMPORT_REGISTER)
def check() -> Answer:
    if request.method == "POST" and (done := queries.by_request(db.session, posted_req())):
        return redirect(url_for("imports.done", seq=done.seq))
    register = _waiting()
    if register is None:
        flash("No register is waiting: one is kept for a day at most. Choose it again.")
        return redirect(url_for("imports.index"))
    if request.method != "POST":
        return _check_page(register)
    if "discard" in request.form:
        return _discard()
    form = ImportForm.of(register.sha256)
    if form.register.data != register.sha256 or not may_import(register.checked):
        return _check_page(register, is_stale=True), STALE
    return _import(register)


def _check_page(register: waiting.Waiting, *, is_stale: bool = False) -> str:
    asked = request.args
    return render_template(
        "imports/check.html",
        form=ImportForm.of(register.sha256) if not is_stale else _fresh_form(register),
        register=register,
        checked=register.checked,
        may_import=may_import(register.checked),
        shown=faults.shown(
            register.checked, asked.get("show", ""), asked.get("column"), asked_page()
        ),
        is_stale=is_stale,
    )


def _fresh_form(register: waiting.Waiting) -> ImportForm:
    form = ImportForm.of(register.sha256)
    form.register.data = register.sha256
    return form


def _discard() -> Answer:
    begin_write(db.session)
    waiting.REGISTERS.drop(db.session, session, me().token)
    db.session.commit()
    flash("The register was not imported, and is deleted.", "success")
    return redirect(url_for("imports.index"))


def _import(register: waiting.Waiting) -> Answer:
    """Import the register, unless this very request has done so already; it then waits no more."""
    asked = origin(posted_req())
    begin_write(db.session)
    if record.is_recorded(db.session, asked.req):
        db.session.rollback()
        return redirect(url_for("imports.check"))
    try:
        imported = import_register(
            db.session, register.file, record.Origin("import", req=asked.req)
        )
    except RegisterChanged:
        db.session.rollback()
        _keep_waiting(register.name, register.content)
        return _check_page(_waiting() or abort(404), is_stale=True), STALE
    event = imported.event(register.sha256, _role())
    recorded = record.append(db.session, event, asked)
    waiting.REGISTERS.drop(db.session, session, me().token)
    db.session.commit()
    return redirect(url_for("imports.done", seq=recorded.seq))


def _role() -> str:
    return permissions.role_giving(me().roles, permissions.IMPORT_REGISTER) or ""


@blueprint.get("/check/list")
@requires(permissions.IMPORT_REGISTER)
def found() -> Answer:
    register = _waiting()
    if register is None:
        return redirect(url_for("imports.check"))
    return attachment(faults.as_csv(register.checked), CSV, "register-check.csv")


@blueprint.get("/<int:seq>")
@requires(permissions.IMPORT_REGISTER)
def done(seq: int) -> Answer:
    told = queries.at(db.session, seq) or abort(404)
    return render_template("imports/done.html", done=told, names=names(db.session))


@blueprint.get("/columns")
@requires(permissions.IMPORT_REGISTER)
def columns() -> Answer:
    forces = settings_at(db.session).forces
    return render_template("imports/columns.html", groups=GROUPS, forces=forces)


@blueprint.get("/template/<kind>")
@requires(permissions.IMPORT_REGISTER)
def empty(kind: str) -> Response:
    media_type, write = TEMPLATES.get(kind) or abort(404)
    return attachment(write(), media_type, f"{template.NAME}.{kind}")
