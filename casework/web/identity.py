"""The only place that says who is signed in and turns away who may not come in."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_required, login_user, logout_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework import clock, permissions
from casework.audit.record import Origin
from casework.extensions import db, login_manager
from casework.models import Person, PersonRole
from workflows.definition import Actor

ABSOLUTE = timedelta(hours=12)
"""A session ends this long after signing in, however busy; idle ones end sooner (`web.IDLE`)."""
# Asked for with every page: one statement, built once, where the ORM would need two.
_HELD = (
    select(
        Person.token,
        Person.name,
        Person.email,
        Person.is_active,
        Person.session_version,
        PersonRole.role,
    )
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(Person.token == bindparam("remembered"))
)


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as the database has them at this request.

    The id in the cookie is the person's token and session version, so that disabling somebody
    or changing a password ends their sessions.
    """

    def __init__(self, person: Any, roles: frozenset[str]) -> None:
        self.token: str = person.token
        self.name: str = person.name
        self.email: str = person.email
        self.roles = roles
        self.session_version: int = person.session_version

    def get_id(self) -> str:
        """What the session cookie remembers."""
        return f"{self.token}.{self.session_version}"

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


def _load(remembered: str) -> SignedIn | None:
    if g.get("is_database_lost"):
        return None
    token, _, version = remembered.partition(".")
    held = db.session.execute(_HELD, {"remembered": token}).all()
    person = held[0] if held else None
    is_known = person and person.is_active and str(person.session_version) == version
    if person is None or not is_known or _is_over():
        session.clear()
        return None
    return SignedIn(person, frozenset(row.role for row in held if row.role))


def _is_over() -> bool:
    since = session.get("since")
    return since is None or clock.now() - datetime.fromisoformat(since) >= ABSOLUTE


def _ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back; what was typed in a form is given back by the error page."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    return redirect(url_for("signing_in.sign_in", next=request.full_path.rstrip("?")))


def seconds_left() -> int:
    """How long the session of who is signed in can last, however busy."""
    left = datetime.fromisoformat(session["since"]) + ABSOLUTE - clock.now()
    return max(0, int(left.total_seconds()))


def begin_session(person: Person) -> SignedIn:
    """Sign somebody in, with nothing left of the session there was before."""
    session.clear()
    session.permanent = True
    session["since"] = clock.now().isoformat()
    signed_in = SignedIn(person, person.role_names)
    login_user(signed_in)
    return signed_in


def end_session() -> None:
    """Forget who was signed in here; the cookie is emptied."""
    logout_user()
    session.clear()


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

    Where the address names a case (`token`), only for who may see it; 404 for everybody else.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not any(me().may(what) for what in permission):
                abort(403)
            case = kwargs.get("token")
            if case is not None and not permissions.may_see(db.session, me().token, case):
                abort(404)
            return view(*args, **kwargs)

        guarded.permissions = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


__all__ = [
    "SignedIn",
    "begin_session",
    "end_session",
    "init_app",
    "me",
    "names",
    "origin",
    "requires",
    "seconds_left",
]
