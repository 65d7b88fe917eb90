"""The only place that says who is signed in and turns away who may not come in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_required, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import clock, permissions
from casework.accounts import sessions
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db, login_manager
from casework.models import Person
from casework.web.access import record_restricted_read
from casework.web.devices import device_of
from workflows.definition import Actor

HALF_WAY = "half_way"
"""Where the cookie has the random id of the session of whoever is half way."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as the database has them at this request, and the session they are in."""

    def __init__(self, secret: str, held: sessions.Held) -> None:
        self._secret = secret
        self.held = held
        self.token = held.person
        self.name = held.name
        self.email = held.email
        self.roles = held.roles

    def get_id(self) -> str:
        """What the cookie remembers: the random id of the session."""
        return self._secret

    def may(self, what: str) -> bool:
        """Whether any role held now gives this permission."""
        return permissions.may(self.roles, what)

    @property
    def actor(self) -> Actor:
        """The person as the workflow engine knows them."""
        return Actor(self.token, self.roles)


def init_app() -> None:
    """Let Flask-Login find people, and send the signed out to the sign-in page."""
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_ask_to_sign_in)


def _load(secret: str) -> SignedIn | None:
    if g.get("is_database_lost"):
        return None
    is_first = not db.session.in_transaction()
    held = sessions.find(db.session, secret)
    if held is None or held.awaits:
        session.clear()
        return None
    # What somebody else began here is theirs to end, so the next request writes it then.
    if is_first and clock.now() - held.last_seen_at >= sessions.SEEN_EVERY:
        _note_seen(held)
    return SignedIn(secret, held)


def _note_seen(held: sessions.Held) -> None:
    """Write that the session is used, in a short transaction of its own.

    A page is answered even where that cannot be written; then the session ends the sooner.
    """
    try:
        begin_write(db.session)
        sessions.see(db.session, held)
        db.session.commit()
    except DBAPIError:
        db.session.rollback()
        current_app.logger.exception("That %s is here could not be noted.", held.person)


def _ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back; what was typed in a form is given back by the error page."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    return redirect(url_for("signing_in.sign_in", next=request.full_path.rstrip("?")))


def seconds_left() -> int:
    """How long the session of who is signed in can last, however busy."""
    left = me().held.began_at + sessions.ABSOLUTE - clock.now()
    return max(0, int(left.total_seconds()))


def begin_session(person: Person, by: sessions.By, since: datetime | None = None) -> SignedIn:
    """Sign somebody in, with nothing left of the session there was before.

    Within the caller's write transaction. `since` is as `sessions.begin` has it.
    """
    leave()
    device = device_of(request.user_agent.string)
    secret = sessions.begin(db.session, person, device, by=by, since=since)
    held = sessions.find(db.session, secret)
    if held is None:
        abort(401)  # it took the place of one whose time ran out meanwhile
    session.permanent = True
    signed_in = SignedIn(secret, held)
    login_user(signed_in)
    return signed_in


def leave() -> None:
    """End the session that this browser has, half way too, and empty its cookie.

    Within the caller's write transaction.
    """
    held = {current_user.get_id(), session.get(HALF_WAY)} - {None}
    sessions.let_go(db.session, held, "signed_out")
    session.clear()


def end_session() -> None:
    """Sign out whoever is signed in here, or half way, in a short transaction of its own."""
    begin_write(db.session)
    leave()
    db.session.commit()
    logout_user()


def me() -> SignedIn:
    """The person signed in; only for views that are behind `requires`."""
    signed_in: SignedIn = current_user._get_current_object()
    return signed_in


def names(session: Session) -> Mapping[str, str]:
    """The names of everybody who ever signed in here, by the tokens that the log knows them by."""
    return {row.token: row.name for row in session.execute(select(Person.token, Person.name))}


def origin(req: str) -> Origin:
    """Where an action on a page comes from; `req` is the form's idempotency key."""
    return Origin("web", me().token, req)


def requires(*permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for people whose roles give one of these permissions; 403 for others signed in.

    Where the address names a case (`token`), only for who may see it; 404 for everybody else. That
    a restricted case is read is on the log before the view begins.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not any(me().may(what) for what in permission):
                abort(403)
            case = kwargs.get("token")
            if case is not None:
                admit_to(case)
            return view(*args, **kwargs)

        guarded.permissions = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def admit_to(case: str) -> None:
    """Let who is signed in read the case of this token: 404 where they may not, told where restricted.

    It begins a transaction of its own, and comes before anything of the case is read.
    """
    sight = permissions.sight(db.session, me().token, case) or abort(404)
    if sight == "by_name":
        role = permissions.role_giving(me().roles, permissions.SEE_CASES) or ""
        record_restricted_read(db.session, me().token, role, case)


__all__ = [
    "HALF_WAY",
    "SignedIn",
    "admit_to",
    "begin_session",
    "end_session",
    "init_app",
    "leave",
    "me",
    "names",
    "origin",
    "requires",
    "seconds_left",
]
