"""The pages of one’s own account: where one is signed in, and a new password."""

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from sqlalchemy import select

from casework.accounts import attempts, directory, factors, passwords, people, sessions
from casework.audit.record import Origin
from casework.audit.words import role_of, spelt_out
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from casework.outbox import notice_mail
from casework.signing_in import guesses
from casework.signing_in.account import blueprint
from casework.signing_in.account.forms import ChangePasswordForm
from casework.web import identity
from casework.web.step_forms import REFUSED
from config import Settings

WRONG = "That is not your present password. Nothing was changed."


@blueprint.get("/")
@login_required  # type: ignore[untyped-decorator]
def index() -> ResponseReturnValue:
    me = identity.me()
    person = db.session.execute(select(Person).where(Person.token == me.token)).scalar_one()
    return render_template(
        "account/index.html",
        me=me,
        roles=[spelt_out(role_of(role)) for role in sorted(me.roles)],
        has_password=_has_password(person),
        factor=factors.standing(db.session, person),
        sessions=sessions.of_person(db.session, me.token),
    )


def _has_password(person: Person) -> bool:
    """Whether there is a password by which this person comes in."""
    is_of_use = directory.may_use_password(db.session, person, _settings().single_sign_on)
    return is_of_use and person.password_hash is not None


@blueprint.post("/sessions/<int(max=2147483647):session>/end")
@login_required  # type: ignore[untyped-decorator]
def end(session: int) -> ResponseReturnValue:
    begin_write(db.session)
    if not sessions.end(db.session, session, identity.me().token, "ended"):
        abort(404)
    db.session.commit()
    flash("That session is ended. Whoever has that device must sign in again.", "success")
    return redirect(url_for("account.index"))


@blueprint.post("/sessions/end-others")
@login_required  # type: ignore[untyped-decorator]
def end_others() -> ResponseReturnValue:
    me = identity.me()
    begin_write(db.session)
    sessions.end_all(db.session, me.token, "ended", but=me.held.number)
    db.session.commit()
    flash("You are signed in here and nowhere else.", "success")
    return redirect(url_for("account.index"))


@blueprint.route("/password", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit() and _is_changed(form):
        flash("Your password is changed. Everywhere else you are signed out.", "success")
        return redirect(url_for("account.index"))
    page = render_template("account/password.html", form=form)
    return page, REFUSED if form.is_submitted() else 200


def _is_changed(form: ChangePasswordForm) -> bool:
    """Whether the new password is kept; what is wrong with either stands at its field."""
    me = identity.me()
    key = guesses.key_of(me.email)
    guesses.spend(key, "passwords", "this email address")
    known = people.verify(db.session, me.email, form.present_password.data)
    new_hash = _new_hash(form, me) if known else None
    begin_write(db.session)
    person = people.verified(db.session, known) if known else None
    attempts.settle(db.session, key, Person.email == me.email, is_right=person is not None)
    if person is None:
        form.present_password.errors = [WRONG]
    elif new_hash is not None:
        # Who was signed out meanwhile is not let in again by it.
        sessions.end(db.session, me.held.number, me.token, "password_set") or abort(401)
        people.set_password(db.session, person, new_hash, Origin("web", person.token))
        server = _settings().mail_server
        notice_mail.put(db.session, person.email, notice_mail.PASSWORD_SET, server)
        identity.begin_session(person, me.held.signed_in_by, since=me.held.began_at)
    db.session.commit()
    return person is not None and new_hash is not None


def _new_hash(form: ChangePasswordForm, me: identity.SignedIn) -> str | None:
    """The hash of the new password; None where it may not be used, and why stands at its field."""
    try:
        passwords.check(form.new_password.data, me.email, me.name)
    except passwords.PasswordRefused as refusal:
        form.new_password.errors = [str(refusal)]
        return None
    return passwords.hashed(form.new_password.data)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["casework"]
    return settings
