"""The only place that lets somebody in who has shown who they are.

Whoever still has to show a second factor, or to set one up, is half way: known by a session that
opens nothing but the page for that, for a quarter of an hour. Everything here that begins or ends a
session does so within the caller's write transaction; the caller commits, then answers.
"""

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from casework.accounts import factors, sessions
from casework.accounts.sessions import Awaits, By, Held
from casework.extensions import db
from casework.models import Person
from casework.web import identity
from casework.web.devices import device_of
from casework.web.frame import home_url
from casework.web.onward import safe_onward

_PAGES: dict[Awaits, str] = {"code": "second_factor.code", "set_up": "second_factor.first"}


def admit(person: Person, onward: str | None, *, by: By, has_second_factor: bool) -> Response:
    """Let in somebody for whom their password, or their directory, vouches; where it leads next.

    `onward` is where they wanted to go. `has_second_factor` says that a second factor was shown
    already, to the directory.
    """
    awaited = None if has_second_factor else _awaited(person)
    if awaited is None:
        return _let_in(person, onward, by)
    device = device_of(request.user_agent.string)
    secret = sessions.begin(db.session, person, device, by=by, awaits=awaited)
    identity.leave()
    session.permanent = True
    session[identity.HALF_WAY] = secret
    return redirect(url_for(_PAGES[awaited], next=safe_onward(onward)))


def _awaited(person: Person) -> Awaits | None:
    standing = factors.standing(db.session, person)
    if standing.is_set_up:
        return "code"
    return "set_up" if standing.is_required else None


def half_way(awaits: Awaits) -> Held | None:
    """The session of whoever is half way, and only this is awaited of; None when nobody is."""
    secret = session.get(identity.HALF_WAY)
    held = sessions.find(db.session, secret) if secret else None
    return held if held and held.awaits == awaits else None


def go_on(held: Held, person: Person, onward: str | None) -> Response | None:
    """Let in somebody who was half way, and has now shown all that was wanted; where it leads.

    None where somebody ended that session meanwhile, or it went on before.
    """
    if not sessions.end(db.session, held.number, held.person, "went_on"):
        return None
    return _let_in(person, onward, held.signed_in_by)


def _let_in(person: Person, onward: str | None, by: By) -> Response:
    home = home_url(identity.begin_session(person, by))
    return redirect(safe_onward(onward) or home)
