"""The pages for setting a password by a link, and for asking for one."""

import secrets
from datetime import timedelta

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.accounts import attempts, links, passwords, people
from casework.audit.events import newest_first
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db
from casework.models import AuditEvent, Person
from casework.outbox import notice_mail
from casework.outbox.mail import MailRefused
from casework.signing_in import guesses
from casework.signing_in.forms import SetPasswordForm
from casework.signing_in.links import blueprint, forgotten
from casework.signing_in.links.forms import ForgottenForm
from casework.web import identity, limits
from casework.web.step_forms import REFUSED, posted_req
from config import MailServer, Settings

WEIGHED = limits.Limit("new_password", 20, timedelta(minutes=15))
"""By whose link it is: weighing a password takes a while, and nobody else can use theirs up."""
_KEPT_SECONDS = 1_800


@blueprint.get("/set-password/<secret>")
def open_link(secret: str) -> ResponseReturnValue:
    """Take a link's secret out of the address, where histories and logs would keep it."""
    if _whose(secret) is None:
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
    req = posted_req() if form.is_submitted() else secrets.token_hex(16)
    person = _whose(secret)
    if person is None:
        return _password_is_set() if _is_done(req) else _ended()
    email, is_wrong = person.email, form.is_submitted()
    if form.validate_on_submit():
        name = person.name
        limits.spend(WEIGHED, whose=person.token)
        try:
            passwords.check(form.password.data, email, name)
        except passwords.PasswordRefused as refusal:
            form.password.errors = [str(refusal)]
        else:
            return _set_password(secret, form.password.data, req)
    form.req.data = req
    page = render_template("signing_in/set_password.html", form=form, email=email)
    return page, REFUSED if is_wrong else 200


def _set_password(secret: str, password: str, req: str) -> ResponseReturnValue:
    db.session.rollback()
    password_hash = passwords.hashed(password)
    begin_write(db.session)
    person = _whose(secret)
    if person is not None:
        people.set_password(db.session, person, password_hash, Origin("web", person.token, req))
        attempts.forget(db.session, guesses.key_of(person.email))
        server = _settings().mail_server
        notice_mail.put(db.session, person.email, notice_mail.PASSWORD_SET, server)
        db.session.commit()
    # The same form may have come twice, and the other one was there first.
    return _password_is_set() if person is not None or _is_done(req) else _ended()


def _whose(secret: str) -> Person | None:
    """Who sets a password by the link with this secret; None where it opens nothing any more."""
    person = links.person_of_link(db.session, secret)
    sign_on = _settings().single_sign_on
    is_theirs = person is not None and people.why_no_link(db.session, person, sign_on) is None
    return person if is_theirs else None


def _is_done(req: str) -> bool:
    """Whether the form with this key has set a password."""
    by_it = [AuditEvent.req == req, AuditEvent.action == "password_set"]
    return bool(newest_first(db.session, by_it, 1))


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
