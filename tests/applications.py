"""The only place where tests get the application from: made once, lent to one test after the other.

Making one costs more than most tests do, and so do its first pages: addresses, templates and
statements are worked out once for each application. What a test sees of another is nothing, as
each has a database, a folder and a configuration of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, make_url

from casework import create_app
from casework.extensions import db
from config import Settings
from tests.databases import compiled_templates

_free: defaultdict[Settings, list[Flask]] = defaultdict(list)
"""Applications that nobody uses now, by their settings but for where their data lies."""


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """Lends an application on these settings, which served other tests before."""
    free = _free[_but_for_places(settings)]
    app = free.pop() if free else new_application(settings)
    app.extensions["casework"] = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    configuration = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(configuration)
    disconnect(app)
    free.append(app)


def _but_for_places(settings: Settings) -> Settings:
    nowhere = Path()
    backend = make_url(settings.database_url).get_backend_name()
    return replace(
        settings,
        data_dir=nowhere,
        database_url=backend,
        signing_key=nowhere,
        backup_key=nowhere,
        checkpoint_dir=nowhere if settings.checkpoint_dir else None,
    )


def new_application(settings: Settings) -> Flask:
    """An application of one's own, whose connections lead to where its settings say by then."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates()

    def connect(dialect: Any, *_: object) -> Any:
        where = make_url(app.extensions["casework"].database_url)
        arguments, named = dialect.create_connect_args(where)
        return dialect.connect(*arguments, **named)

    with app.app_context():
        event.listen(db.engine, "do_connect", connect)
    return app


def disconnect(app: Flask) -> None:
    """Close an application's connections, so that its database may go."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
