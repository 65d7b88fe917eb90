"""What pages share: configuration, headers, identity, forms built from facts, words in templates."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)

from casework.accounts import sessions
from casework.web import (
    files,
    filters,
    frame,
    headers,
    hosts,
    identity,
    incoming,
    kept,
    log,
    session_end,
)
from config import Settings

LARGEST_POST = 1_000_000
_COMPONENTS = ("govuk_frontend_jinja", "govuk_frontend_wtf")


def templates_folder() -> Path:
    """The templates: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent.parent
    beside = package.parent / "templates"
    return beside if (beside / "base.html").exists() else package / "templates"


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask's configuration for an installation.

    Commands need no secret; `casework serve` insists on one before it starts.
    """
    is_production = settings.environment == "production"
    return {
        "SECRET_KEY": settings.secret_key if is_production else settings.secret_for_serving(),
        # An error of the database is logged, so what was to be written must not be in it.
        "SQLALCHEMY_ENGINES": {"default": {"url": settings.database_url, "hide_parameters": True}},
        "SESSION_COOKIE_NAME": "__Host-casework" if settings.is_secure else "casework",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": sessions.IDLE,
        "MAX_CONTENT_LENGTH": LARGEST_POST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_POST,
        "MAX_FORM_PARTS": incoming.MOST_FIELDS,
        "WTF_CSRF_TIME_LIMIT": None,
        "TESTING": settings.environment == "test",
    }


class _Lenient(BaseLoader):
    """Loads the GOV.UK macros, which take a missing parameter for none; our own pages may not."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader
        self._environment: Environment | None = None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        if self._environment is None:
            self._environment = environment.overlay(undefined=Undefined)
        return self._loader.load(self._environment, name, globals)


def init_app(app: Flask) -> None:
    """Give the application what every page uses."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(templates_folder()),
            PrefixLoader({name: _Lenient(PackageLoader(name)) for name in _COMPONENTS}),
        ]
    )
    WTFormsHelpers(app)
    log.init_app(app)
    hosts.init_app(app)
    incoming.init_app(app)
    files.init_app(app)
    filters.init_app(app)
    headers.init_app(app)
    identity.init_app()
    frame.init_app(app)
    kept.init_app(app)
    session_end.init_app(app)
