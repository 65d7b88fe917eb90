"""The pages for signing in and out."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from casework.accounts import attempts, directory, people
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from casework.signing_in import blueprint, guesses
from casework.signing_in.forms import SignInForm
from casework.web import identity
from casework.web.admission import admit
from casework.web.frame import home_url
from casework.web.onward import safe_onward
from casework.web.step_forms import REFUSED
from config import Settings, SingleSignOn

WRONG = "That is not an email address and password that go together. Check both and try again."


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    onward = safe_onward(request.values.get("next"))
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(onward or home_url(identity.me()))
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, onward), REFUSED if form.is_submitted() else 200
    admitted = _admit(people.email_as_kept(form.email.data), form.password.data, onward)
    if admitted is None:
        form.password.errors = [WRONG]
        return _page(form, onward), REFUSED
    return admitted


def _page(form: SignInForm, onward: str | None) -> str:
    by = _single_sign_on()
    return render_template("signing_in/sign_in.html", form=form, onward=onward, single_sign_on=by)


def _single_sign_on() -> SingleSignOn | None:
    settings: Settings = current_app.extensions["casework"]
    return settings.single_sign_on


def _admit(email: str, password: str, onward: str | None) -> ResponseReturnValue | None:
    """Let in whose e-mail address and password these are; None when they do not go together.

    Also None, so that nothing is given away, where a password does not let them in. Counting before
    and after the slow hash takes two short transactions, none holds it.
    """
    key = guesses.key_of(email)
    guesses.spend(key, "passwords", "this email address")
    known = people.verify(db.session, email, password)
    begin_write(db.session)
    person = people.verified(db.session, known) if known else None
    if person and not directory.may_use_password(db.session, person, _single_sign_on()):
        person = None
    attempts.settle(db.session, key, Person.email == email, is_right=person is not None)
    admitted = None
    if person is not None:
        directory.note_password(db.session, person, _single_sign_on())
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
    identity.end_session()
    onward = safe_onward(request.form.get("next"))
    if onward is None:
        flash("You have signed out.", "success")
    answer = redirect(url_for("signing_in.sign_in", next=onward))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # on a computer that others use
    return answer
