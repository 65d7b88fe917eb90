"""The pages of second factors: at sign-in of whoever is half way, and of who is signed in."""

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy import select

from casework.accounts import attempts, factors
from casework.accounts.factors import Authenticator
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from casework.office_settings import settings_at
from casework.outbox import notice_mail
from casework.signing_in import guesses
from casework.signing_in.fresh import requires_fresh
from casework.signing_in.second_factor import blueprint
from casework.signing_in.second_factor.forms import CodeForm, SetUpForm
from casework.web import admission, identity
from casework.web.onward import safe_onward
from casework.web.step_forms import REFUSED
from config import Settings

WRONG = (
    "That code is not right, or was used before. Wait until the app shows another, and enter that."
)
NONE_THERE = "You have no second factor. Nothing was changed."
TOO_OLD = "This page was open for too long. There is a new code to scan: begin again with it."


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    onward = safe_onward(request.values.get("next"))
    held = admission.half_way("code")
    if held is None:
        return redirect(url_for("signing_in.sign_in", next=onward))
    form = CodeForm()
    if form.validate_on_submit():
        key = guesses.key_of(f"code of {held.person}")
        guesses.spend(key, "codes", "this account")
        begin_write(db.session)
        person = _person(held.person)
        is_right = factors.use_code(
            db.session, person, form.code.data, _secret(), Origin("web", person.token)
        )
        attempts.settle(db.session, key, Person.token == held.person, is_right=is_right)
        admitted = admission.go_on(held, person, onward) if is_right else None
        db.session.commit()
        if admitted is not None:
            return admitted
        form.code.errors = [WRONG]
    page = render_template("second_factor/code.html", form=form, onward=onward)
    return page, REFUSED if form.is_submitted() else 200


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
def first() -> ResponseReturnValue:
    onward = safe_onward(request.values.get("next"))
    held = admission.half_way("set_up")
    if held is None:
        return redirect(url_for("signing_in.sign_in", next=onward))
    form = SetUpForm()
    proved = _proved(form, held.person)
    if proved is None:
        return _offer(form, held.person, held.email, onward=onward)
    begin_write(db.session)
    person = _person(held.person)
    # Once there is one, a password alone must not replace it.
    is_set_up = factors.standing(db.session, person).is_set_up
    admitted = None if is_set_up else admission.go_on(held, person, onward)
    if admitted is None:
        return redirect(url_for("signing_in.sign_in", next=onward))
    codes = _set_up(person, *proved)
    db.session.commit()
    return _codes(codes, admitted.location)


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@requires_fresh
def change() -> ResponseReturnValue:
    me, form = identity.me(), SetUpForm()
    proved = _proved(form, me.token)
    if proved is None:
        return _offer(form, me.token, me.email, onward=None)
    begin_write(db.session)
    codes = _set_up(_person(me.token), *proved)
    db.session.commit()
    return _codes(codes, url_for("account.index"))


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@requires_fresh
def renew_codes() -> ResponseReturnValue:
    me, form = identity.me(), FlaskForm()
    if not form.validate_on_submit():
        return render_template("second_factor/renew_codes.html", form=form)
    begin_write(db.session)
    person = _person(me.token)
    codes = factors.renew_codes(db.session, person, Origin("web", me.token))
    if codes:
        _tell(person, notice_mail.CODES_RENEWED)
    db.session.commit()
    return _codes(codes, url_for("account.index")) if codes else _none_there()


@blueprint.route("/account/second-factor/remove", methods=["GET", "POST"])
@requires_fresh
def remove() -> ResponseReturnValue:
    me, form = identity.me(), FlaskForm()
    if factors.standing(db.session, _person(me.token)).is_required:
        return render_template("second_factor/required.html"), 403
    if not form.validate_on_submit():
        return render_template("second_factor/remove.html", form=form)
    begin_write(db.session)
    person = _person(me.token)
    by = Origin("web", person.token)
    is_removed = factors.remove(db.session, person, by, but=me.held.number)
    if is_removed:
        _tell(person, notice_mail.OWN_FACTOR_REMOVED)
    db.session.commit()
    if not is_removed:
        return _none_there()
    flash("Your second factor is removed. You sign in with your password alone.", "success")
    return redirect(url_for("account.index"))


def _none_there() -> ResponseReturnValue:
    flash(NONE_THERE)
    return redirect(url_for("account.index"))


def _proved(form: SetUpForm, person: str) -> tuple[Authenticator, int] | None:
    """The authenticator offered and the step of its right code, when both came back; else why not."""
    if not form.validate_on_submit():
        return None
    offered = Authenticator.offered(form.offered.data or "", person, _secret())
    if offered is None:
        form.offered.data = None
        form.code.errors = [TOO_OLD]
        return None
    step = offered.step_of(form.code.data)
    if step is None:
        form.code.errors = [WRONG]
    return None if step is None else (offered, step)


def _offer(form: SetUpForm, person: str, email: str, *, onward: str | None) -> ResponseReturnValue:
    """The page with an authenticator to be set up: that of the form, which came back, or a new one."""
    secret = _secret()
    shown = Authenticator.offered(form.offered.data or "", person, secret) or Authenticator.new()
    form.offered.data = shown.sealed(person, secret)
    address = shown.address(email, settings_at(db.session).office_name)
    picture = segno.make(address, micro=False).svg_inline(
        light="#fff", omitsize=True, svgclass="app-qr", lineclass=None, title="QR code"
    )
    page = render_template(
        "second_factor/set_up.html",
        form=form,
        picture=Markup(picture),  # nosec B704 - squares, drawn by segno
        typed=shown.spaced,
        address=address,
        onward=onward,
    )
    return page, REFUSED if form.is_submitted() else 200


def _set_up(person: Person, new: Authenticator, step: int) -> tuple[str, ...]:
    """Keep it, and end all their sessions but the one that this browser has now."""
    by, here = Origin("web", person.token), identity.me().held.number
    _tell(person, notice_mail.FACTOR_SET_UP)
    return factors.set_up(db.session, person, new, step, _secret(), by, but=here)


def _tell(person: Person, words: str) -> None:
    settings: Settings = current_app.extensions["casework"]
    notice_mail.put(db.session, person.email, words, settings.mail_server)


def _codes(codes: tuple[str, ...], leads_to: str) -> ResponseReturnValue:
    return render_template("second_factor/recovery_codes.html", codes=codes, leads_to=leads_to)


def _person(token: str) -> Person:
    return db.session.execute(select(Person).where(Person.token == token)).scalar_one()


def _secret() -> str:
    return str(current_app.secret_key)
