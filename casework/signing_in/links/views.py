"""The pages for setting a password by a link, and for asking for one."""

import secrets

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.accounts import links, passwords, people
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.outbox.mail import MailRefused
from casework.signing_in.forms import SetPasswordForm
from casework.signing_in.links import blueprint, forgotten
from casework.signing_in.links.forms import ForgottenForm
from casework.web import identity, limits
from casework.web.step_forms import REFUSED
from config import MailServer, Settings

_KEPT_SECONDS = 1_800


@blueprint.get("/set-password/<secret>")
def open_link(secret: str) -> ResponseReturnValue:
    """Take a link's secret out of the address, where histories and logs would keep it."""
    if links.person_of_link(db.session, secret) is None:
        return _ended()
    answer = redirect(url_for("links.set_password"))
    answer.set_cookie(
        _cookie(),
        secret,
        max_age=_KEPT_SECONDS,
        secure=_settings().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.route("/set-password", methods=["GET", "POST"])
def set_password() -> ResponseReturnValue:
    form, secret = SetPasswordForm(), request.cookies.get(_cookie(), "")
    if form.is_submitted() and record.is_recorded(db.session, form.req.data or ""):
        return _password_is_set()
    person = links.person_of_link(db.session, secret)
    if person is None:
        return _ended()
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
    return _password_is_set() if is_set else _ended()


def _password_is_set() -> ResponseReturnValue:
    identity.end_session()
    flash("Your password is set. Sign in with it.", "success")
    answer = redirect(url_for("signing_in.sign_in"))
    answer.delete_cookie(_cookie(), secure=_settings().is_secure, httponly=True, samesite="Lax")
    return answer


def _ended() -> ResponseReturnValue:
    return render_template("signing_in/link_ended.html"), 404


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> ResponseReturnValue:
    form, server = ForgottenForm(), _settings().mail_server
    if form.is_submitted() and server is None:
        abort(404)
    if server is not None and form.validate_on_submit():
        try:
            return _send_link(form.email.data, server)
        except MailRefused as refused:
            db.session.rollback()
            form.email.errors = [str(refused)]
    page = render_template("signing_in/forgotten.html", form=form, has_server=server is not None)
    return page, REFUSED if form.is_submitted() else 200


def _send_link(typed: str, server: MailServer) -> ResponseReturnValue:
    """Send a link to this address where it is somebody's, and in any case say the same."""
    limits.spend(forgotten.BY_CALLER)
    limits.spend(forgotten.BY_ADDRESS, whose=people.email_as_kept(typed))
    begin_write(db.session)
    forgotten.send_link(db.session, typed, _settings(), server)
    db.session.commit()
    return redirect(url_for("links.link_sent"))


@blueprint.get("/forgotten-password/sent")
def link_sent() -> ResponseReturnValue:
    return render_template("signing_in/link_sent.html")


def _cookie() -> str:
    return "__Host-link" if _settings().is_secure else "link"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["casework"]
    return settings
