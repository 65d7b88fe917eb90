"""Casework: complaint-review case management for Offices of Police and Crime Commissioners."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

__version__ = "0.1.0"


def create_app(settings: Settings) -> Flask:
    """The application on one installation's settings; one screen, everything else is elsewhere."""
    from flask import Flask

    from casework import (
        cases,
        desk,
        drafts,
        errors,
        intake,
        letters,
        office,
        outbox,
        papers,
        people,
        recommendations,
        reporting,
        reviews,
        search,
        trail,
        web,
    )
    from casework.cases import items
    from casework.database import prepare
    from casework.extensions import csrf, db, login_manager
    from casework.letters import templates as letter_templates

    app = Flask(__name__, template_folder=str(web.templates_folder()))
    app.config.from_mapping(web.configuration(settings))
    app.extensions["casework"] = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
    csrf.init_app(app)
    login_manager.init_app(app)
    web.init_app(app)
    errors.init_app(app)
    for area in (
        people,
        desk,
        cases,
        items,
        drafts,
        intake,
        letters,
        letter_templates,
        outbox,
        papers,
        recommendations,
        reviews,
        search,
        trail,
        reporting,
        office,
    ):
        app.register_blueprint(area.blueprint)
    return app
