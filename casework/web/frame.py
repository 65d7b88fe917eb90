"""The only place for what stands around every page: office name, navigation, who is signed in.

The pages that say the database cannot be reached stand in the same frame, so none of this may
need the database once `g.is_database_lost` is set.
"""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from casework import permissions
from casework.checkpoints.changes import key_changes
from casework.extensions import db
from casework.office_settings import settings_at
from casework.web.identity import SignedIn
from config import Settings

PUBLIC = {"/apply": "public.html", "/published": "published/frame.html"}
"""Where the pages for the public are, and their frame: nobody is signed in there, whoever is elsewhere."""


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: its words, where it leads, who may open it, what lies under it.

    Whoever has the permission `unless` finds it under another entry.
    """

    text: str
    endpoint: str
    permission: str
    under: tuple[str, ...] = ()
    unless: str = ""


PLACES = (
    Place(
        "My work",
        "desk.mine",
        permissions.SEE_CASES,
        (
            *("desk.chase", "desk.office", "recommendations.index", "reconciliation."),
            *("imports.", "oversight.", "retention."),
        ),
    ),
    Place("Triage", "triage.queue", permissions.SEE_ALL_CASES, ("triage.",)),
    Place(
        "All cases",
        "desk.register",
        permissions.SEE_CASES,
        ("cases.", "recommendations.of_case", "letters.", "trail.case"),
    ),
    Place("Search", "search.index", permissions.SEE_CASES, ("search.",)),
    Place("Log an application", "intake.log", permissions.LOG_APPLICATIONS),
    Place("Mail to send", "outbox.index", permissions.SEND_LETTERS),
    Place("Reports", "reporting.index", permissions.SEE_REPORTS, ("reporting.",)),
    Place("Published", "publishing.library", permissions.SEE_PUBLISHED, ("publishing.",)),
    Place("Audit trail", "trail.office", permissions.READ_OFFICE_TRAIL, ("trail.checkpoints",)),
    Place(
        "Settings", "office.settings", permissions.CHANGE_SETTINGS, ("office.", "letter_templates.")
    ),
    Place(
        *("Mail to send", "outbox.index", permissions.KEEP_PEOPLE),
        unless=permissions.SEND_LETTERS,
    ),
    Place(
        "Accounts",
        "people.index",
        permissions.AGREE_ACCESS,
        ("people.",),
        unless=permissions.READ_OFFICE_TRAIL,
    ),
    Place(
        "Checkpoints",
        "trail.checkpoints",
        permissions.SEE_CHECKPOINTS,
        unless=permissions.READ_OFFICE_TRAIL,
    ),
    Place("Status", "status.index", permissions.SEE_STATUS),
)


@dataclass(frozen=True)
class Frame:
    """What the layout shows around a page; `person` is None when nobody is signed in.

    `is_key_missing` says to those in charge that nobody can sign the log any more.
    """

    office_name: str
    is_demonstration: bool
    person: SignedIn | None
    navigation: tuple[dict[str, object], ...]
    is_key_missing: bool = False


def public_place() -> str | None:
    """Where for the public the page being answered is; None for a page for those who sign in."""
    return next(
        (here for here in PUBLIC if request.path == here or request.path.startswith(f"{here}/")),
        None,
    )


def is_public() -> bool:
    """Whether the page being answered is one for the public."""
    return public_place() is not None


def layout() -> str:
    """The template of the frame around a page that may stand in any."""
    return PUBLIC.get(public_place() or "", "base.html")


def frame() -> Frame:
    """The frame of the page being answered."""
    settings: Settings = current_app.extensions["casework"]
    is_demonstration = settings.environment == "demo"
    if g.get("is_database_lost"):
        return Frame("" if is_public() else "Casework", is_demonstration, None, ())
    person = current_user if not is_public() and current_user.is_authenticated else None
    places = _places(person) if person else []
    return Frame(
        settings_at(db.session).office_name,
        is_demonstration,
        person,
        tuple(_shown(place, places) for place in places),
        bool(person and person.may(permissions.SEE_CHECKPOINTS)) and _is_key_missing(settings),
    )


def _places(person: SignedIn) -> list[Place]:
    """The entries of the navigation of whoever is signed in."""
    return [each for each in PLACES if person.may(each.permission) and not person.may(each.unless)]


def _is_key_missing(settings: Settings) -> bool:
    """Whether the log has a key and its file is gone. The log is asked only where there is no file."""
    return not settings.signing_key.exists() and bool(key_changes(db.session))


def _shown(place: Place, places: list[Place]) -> dict[str, object]:
    here = request.endpoint or ""
    is_current = here == place.endpoint
    is_elsewhere = any(here == other.endpoint for other in places)
    return {
        "text": place.text,
        "href": url_for(place.endpoint),
        "current": is_current,
        "active": is_current or (not is_elsewhere and here.startswith(place.under)),
    }


def home_url(person: SignedIn) -> str:
    """The first place that this person may open; the way home after signing in."""
    return url_for((*_places(person), PLACES[0])[0].endpoint)


def init_app(app: Flask) -> None:
    """Offer the frame to the layouts."""
    app.add_template_global(frame, "frame")
    app.add_template_global(layout)
