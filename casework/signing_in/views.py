"""The pages for signing in and out and for setting a password."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from casework import clock
from casework.accounts import attempts, links, passwords, people, sessions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from casework.signing_in import blueprint
from casework.signing_in.forms import SetPasswordForm, SignInForm
from casework.web import identity
from casework.web.admission import admit
from casework.web.filters import time_of_day
from casework.web.frame import home_url
from casework.web.onward import safe_onward
from casework.web.step_forms import REFUSED

WRONG = "That is not an email address and password that go together. Check both and try again."


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    onward = safe_onward(request.values.get("next"))
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(onward or home_url(identity.me()))
    form = SignInForm()
    if not form.validate_on_submit():
        page = render_template("signing_in/sign_in.html", form=form, onward=onward)
        return page, REFUSED if form.is_submitted() else 200
    admitted = _admit(people.email_as_kept(form.email.data), form.password.data, onward)
    if admitted is None:
        form.password.errors = [WRONG]
        return render_template("signing_in/sign_in.html", form=form, onward=onward), REFUSED
    return admitted


def _admit(email: str, password: str, onward: str | None) -> ResponseReturnValue | None:
    """Let in whose e-mail address and password these are; None when they do not go together.

    Counting before and after the slow hash takes two short transactions, none holds it.
    """
    begin_write(db.session)
    wait_until = attempts.begin(db.session, email)
    db.session.commit()
    if wait_until is not None:
        raise TooManyRequests(
            "There were ten wrong passwords in a row for this email address, so it has to wait. "
            f"Try again at {time_of_day(wait_until)}. Everybody else can sign in as usual.",
            retry_after=max(1, round((wait_until - clock.now()).total_seconds())),
        )
    token = people.verify(db.session, email, password)
    begin_write(db.session)
    admitted = None
    if token is None:
        attempts.fail(db.session, email)
    else:
        attempts.succeed(db.session, email)
        person = db.session.execute(select(Person).where(Person.token == token)).scalar_one()
        admitted = admit(person, onward, by="password", has_second_factor=False)
    db.session.commit()
    return admitted


@blueprint.get("/stay-signed-in")
@login_required  # type: ignore[untyped-decorator]
def stay() -> ResponseReturnValue:
    """Nothing but the answer: having been asked is what lets the idle time begin again."""
    return "", 204


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        me = identity.me()
        begin_write(db.session)
        sessions.end(db.session, me.held.number, me.token, "signed_out")
        db.session.commit()
    identity.end_session()
    flash("You have signed out.", "success")
    return redirect(url_for("signing_in.sign_in"))


@blueprint.route("/set-password/<secret>", methods=["GET", "POST"])
def set_password(secret: str) -> ResponseReturnValue:
    form = SetPasswordForm()
    if form.is_submitted() and record.is_recorded(db.session, form.req.data or ""):
        return _password_is_set()
    person = links.person_of_link(db.session, secret)
    if person is None:
        return render_template("signing_in/link_ended.html"), 404
    email, is_wrong = person.email, form.is_submitted()
    if form.validate_on_submit():
        try:
            passwords.check(form.password.data, email, person.name)
        except passwords.PasswordRefused as refusal:
            form.password.errors = [str(refusal)]
        else:
            return _set_password(secret, form.password.data, form.req.data)
    form.req.data = form.req.data or secrets.token_hex(16)
    page = render_template("signing_in/set_password.html", form=form, email=email)
    return page, REFUSED if is_wrong else 200


def _set_password(secret: str, password: str, req: str) -> ResponseReturnValue:
    db.session.rollback()
    password_hash = passwords.hashed(password)
    begin_write(db.session)
    is_set = people.use_link(db.session, secret, password_hash, req)
    db.session.commit()
    if not is_set:
        return render_template("signing_in/link_ended.html"), 404
    return _password_is_set()


def _password_is_set() -> ResponseReturnValue:
    identity.end_session()
    flash("Your password is set. Sign in with it.", "success")
    return redirect(url_for("signing_in.sign_in"))
