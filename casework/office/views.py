"""The pages of the office's settings, and of its register of delegations."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, permissions
from casework import delegations as delegation
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.office import blueprint, forms, queries
from casework.office.delegation_forms import MOST_WORDS, DelegationForm, EndingForm
from casework.office.reading import SettingRefused
from casework.office.wording import BY_NAME, GROUPS, SETTINGS, Setting
from casework.office_settings import OfficeSettings, change_settings, settings_at, to_plain
from casework.web import identity
from casework.web.identity import requires
from casework.web.incoming import takes_lists
from casework.web.step_forms import REFUSED, posted_req


@blueprint.get("/")
@requires(permissions.CHANGE_SETTINGS)
def settings() -> ResponseReturnValue:
    current = settings_at(db.session)
    values, changes = to_plain(current), queries.changes(db.session)
    return render_template(
        "office/settings.html",
        groups=GROUPS,
        shown={each.name: each.lines(values[each.name]) for each in SETTINGS},
        changes=changes,
        is_form_open=current.is_form_open,
    )


@blueprint.route("/<name>", methods=["GET", "POST"])
@takes_lists("value")
@requires(permissions.CHANGE_SETTINGS)
def change(name: str) -> ResponseReturnValue:
    if name not in BY_NAME:
        abort(404)
    setting = BY_NAME[name]
    if request.method != "POST":
        current = settings_at(db.session)
        return _page(setting, forms.form_of(name, current), current)
    req = posted_req()
    if record.is_recorded(db.session, req):
        return _kept(setting)
    begin_write(db.session)
    current = settings_at(db.session)
    form = forms.form_of(name, current)
    if form.since.data != str(queries.last_change(db.session, name)):
        return _page(setting, form, current, is_stale=True), 409
    try:
        value = forms.read(name, form, current, queries.used_forces(db.session))
    except SettingRefused as refusal:
        return _page(setting, form, current, refusal), REFUSED
    role = permissions.role_giving(identity.me().roles, permissions.CHANGE_SETTINGS) or ""
    changed = replace(current, **{name: value})
    change_settings(db.session, changed, role=role, origin=identity.origin(req))
    db.session.commit()
    return _kept(setting)


def _kept(setting: Setting) -> ResponseReturnValue:
    flash(f"{setting.label}: your change is kept.", "success")
    return redirect(url_for("office.settings"))


def _page(
    setting: Setting,
    form: forms.SettingForm,
    current: OfficeSettings,
    refusal: SettingRefused | None = None,
    *,
    is_stale: bool = False,
) -> str:
    """The form of a setting. It ends the transaction: what was refused is not written."""
    db.session.rollback()
    since = queries.last_change(db.session, setting.name)
    form.open_on(since, forms.typed_of(setting.name, current))
    at = forms.field_to_mend(setting.name, form, current, refusal) if refusal else None
    if at is not None:
        at.errors = [str(refusal)]
    return render_template(
        "office/change.html",
        setting=setting,
        form=form,
        refusal=str(refusal) if refusal else None,
        at=at,
        is_stale=is_stale,
        lines=setting.lines(to_plain(current)[setting.name]),
        changes=queries.changes(db.session)[setting.name],
    )


@blueprint.get("/delegations")
@requires(permissions.SEE_ALL_CASES, permissions.CHANGE_SETTINGS)
def delegations() -> ResponseReturnValue:
    today = clock.today()
    known = identity.names(db.session)
    return render_template(
        "office/delegations.html",
        rows=[(each, each.is_in_force(today)) for each in delegation.register(db.session)],
        names=known,
        functions=delegation.FUNCTIONS,
        sign_off=settings_at(db.session).sign_off,
        may_keep=identity.me().may(permissions.KEEP_DELEGATIONS),
    )


@blueprint.route("/delegations/new", methods=["GET", "POST"])
@takes_lists("functions", "declared")
@requires(permissions.KEEP_DELEGATIONS)
def delegate() -> ResponseReturnValue:
    def enter(form: DelegationForm, origin: record.Origin) -> None:
        delegation.delegate(
            db.session,
            form.delegation(),
            form.instrument.data or "",
            form.declared.data or (),
            role=_keeping_role(),
            origin=origin,
        )

    form = DelegationForm.of(db.session)
    return _enter("office/delegate.html", form, enter, "The delegation is in the register.")


@blueprint.route("/delegations/<delegated>/end", methods=["GET", "POST"])
@requires(permissions.KEEP_DELEGATIONS)
def end_delegation(delegated: str) -> ResponseReturnValue:
    def find() -> delegation.Registered:
        found = (each for each in delegation.register(db.session) if each.token == delegated)
        return next(found, None) or abort(404)

    def end(form: EndingForm, origin: record.Origin) -> None:
        if form.until_on.data is None:
            said = form.until_on.errors[0] if form.until_on.errors else "Enter the last day."
            raise delegation.DelegationRefused(said, "until_on")
        delegation.end_delegation(
            db.session,
            find(),
            form.until_on.data,
            (form.reason.data or "")[:MOST_WORDS],
            role=_keeping_role(),
            origin=origin,
        )

    registered = find()
    whose = identity.names(db.session).get(registered.delegation.person, "")
    form = EndingForm.fresh()
    return _enter("office/end_delegation.html", form, end, "The last day is kept.", whose=whose)


def _enter(
    template: str,
    form: Any,
    enter: Callable[[Any, record.Origin], None],
    done: str,
    **more: Any,
) -> ResponseReturnValue:
    """Show a form of the register, or take it: once, whole, or with the one thing to mend."""
    if request.method != "POST":
        return render_template(template, form=form, refusal=None, **more)
    origin = identity.origin(posted_req())
    begin_write(db.session)
    try:
        if not record.is_recorded(db.session, origin.req):
            enter(form, origin)
            db.session.commit()
            flash(done, "success")
    except delegation.DelegationRefused as refusal:
        db.session.rollback()
        form[refusal.part].errors = [str(refusal)]
        return render_template(template, form=form, refusal=refusal, **more), REFUSED
    return redirect(url_for("office.delegations"))


def _keeping_role() -> str:
    return permissions.role_giving(identity.me().roles, permissions.KEEP_DELEGATIONS) or ""
