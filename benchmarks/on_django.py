"""The only place that sets Django up, for the peers that stand on it: once for a process."""

from typing import Any

import django
import django.conf
from django.apps import AppConfig
from django.db import connections

from benchmarks.databases import Kind, database_name, pragmas, sqlite_path
from tests.databases import postgres

ALIAS = "default"
_APPS = ("admin", "auth", "contenttypes", "messages", "sessions")
_PROCESSORS = ("auth.context_processors.auth", "messages.context_processors.messages")


class Peers(AppConfig):
    """The application that the peers' models belong to."""

    name, label = "benchmarks", "peers"


if not django.conf.settings.configured:
    django.conf.settings.configure(
        DATABASES={},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in _APPS), f"{__name__}.Peers"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        *(f"django.contrib.{name}" for name in _PROCESSORS),
                    ]
                },
            }
        ],
        ROOT_URLCONF="benchmarks.w4_django",
        ALLOWED_HOSTS=["localhost"],
        SECRET_KEY="only-for-measuring",
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        DEBUG_PROPAGATE_EXCEPTIONS=True,
    )
    django.setup()


def settings_of(kind: Kind, url: str) -> Any:
    """What connects Django to a database."""
    return connections.configure_settings({ALIAS: _settings(kind, url)})


def connect(settings: Any) -> None:
    """Connect to this database and no other: all peers share one alias."""
    disconnect()
    connections.settings = settings
    connections[ALIAS].ensure_connection()


def disconnect() -> None:
    """Let go of the database, if there is one."""
    if hasattr(connections._connections, ALIAS):
        connections[ALIAS].close()
        del connections[ALIAS]


def _settings(kind: Kind, url: str) -> dict[str, Any]:
    if kind.is_sqlite:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_path(url)),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": ";".join(pragmas(kind))},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name(url),
        "HOST": str(postgres().folder),
        "USER": "casework",
    }
