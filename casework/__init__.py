"""Casework: complaint-review case management for Offices of Police and Crime Commissioners."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

__version__ = "0.1.0"
AREAS = (
    "apply",
    "assigning",
    "signing_in",
    "signing_in.links",
    "signing_in.account",
    "signing_in.second_factor",
    "single_sign_on",
    "desk",
    "cases",
    "cases.items",
    "drafts",
    "imports",
    "intake",
    "triage",
    "letters",
    "letters.templates",
    "outbox",
    "papers",
    "recommendations",
    "reconciliation",
    "reviews",
    "search",
    "trail",
    "oversight",
    "retention",
    "reporting",
    "reporting.definitions",
    "publishing",
    "office",
    "status",
    "people",
)
"""Every feature with pages, each a package with a blueprint."""


def create_app(settings: Settings) -> Flask:
    """The application on one installation's settings; one screen, everything else is elsewhere."""
    from casework import errors, web
    from casework.database import prepare
    from casework.extensions import csrf, db, login_manager
    from casework.web.log import Application

    app = Application(__name__, template_folder=str(web.templates_folder()))
    app.config.from_mapping(web.configuration(settings))
    app.extensions["casework"] = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
    web.init_app(app)  # first: it refuses what nothing else should read
    csrf.init_app(app)
    login_manager.init_app(app)
    errors.init_app(app)
    for area in AREAS:
        app.register_blueprint(import_module(f"casework.{area}").blueprint)
    return app
