"""The pages between ours and the directory’s: there to ask who somebody is, and back."""

from flask import abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from casework.accounts.sessions import By
from casework.database import begin_write
from casework.errors import RETRY_SECONDS
from casework.extensions import db
from casework.single_sign_on import blueprint
from casework.single_sign_on.arriving import arrive
from casework.single_sign_on.claims import vouched
from casework.single_sign_on.refusals import Refusal, SignOnRefused
from casework.web import identity
from casework.web.admission import admit
from casework.web.frame import home_url
from casework.web.onward import safe_onward
from config import Settings, SingleSignOn


@blueprint.get("")
def ask() -> ResponseReturnValue:
    from casework.single_sign_on import provider

    settings, onward = _settings(), safe_onward(request.args.get("next"))
    is_anew = request.args.get("anew") == "yes"
    if current_user.is_authenticated and not is_anew:
        return redirect(onward or home_url(identity.me()))
    db.session.rollback()  # nobody waits for the directory
    return redirect(provider.question(settings, onward, is_anew=is_anew))


@blueprint.get("/back")
def back() -> ResponseReturnValue:
    from casework.single_sign_on import provider

    settings = _settings()
    db.session.rollback()
    answer = provider.answer(settings)
    who = vouched(answer.claims, settings)
    begin_write(db.session)
    arrived = arrive(db.session, who, settings)
    if isinstance(arrived, Refusal):
        db.session.commit()  # of who has no role there any more, those held here are gone
        raise SignOnRefused(arrived, f"without {','.join(who.unsaid)}" if who.unsaid else "")
    by: By = "single_sign_on_anew" if answer.is_anew else "single_sign_on"
    admitted = admit(arrived, answer.onward, by=by, has_second_factor=who.has_second_factor)
    db.session.commit()
    return admitted


def _settings() -> SingleSignOn:
    """How single sign-on is set up; without it there are no such pages."""
    settings: Settings = current_app.extensions["casework"]
    return settings.single_sign_on or abort(404)


@blueprint.errorhandler(SignOnRefused)
def _refused(refused: SignOnRefused) -> ResponseReturnValue:
    current_app.logger.warning("single sign-on refused: %s", refused)
    page = render_template("single_sign_on/refused.html", refusal=refused.refusal, typed=())
    response = make_response(page, refused.refusal.status)
    if refused.refusal.status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
