"""The only place for `casework serve`: the production server."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from casework.cli.demonstration.people import are_there
from casework.cli.installation import open_office
from casework.cli.program import Refused
from config import Settings

THREADS = 4
REQUEST_SECONDS = 60


@click.command(
    short_help="Run the production server.",
    epilog="Example: casework serve --host 127.0.0.1 --port 8000 --workers 4",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages until stopped.

    Needs CASEWORK_SECRET_KEY in production. Put a web server with HTTPS in front of it.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:  # said here in a sentence, not by every worker
        if settings.environment == "production" and are_there(session):
            raise Refused(
                "This database holds the demonstration's accounts, whose password is known to "
                "everybody. Serve it with CASEWORK_ENV=demo, or make an office of its own."
            )
    settings = replace(settings, secret_key=settings.secret_for_serving())
    _check_free(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _server(settings, {"bind": address, "workers": workers}).run()


def _check_free(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise Refused(
            f"{host} port {port} cannot be listened on: {error.strerror or error}. Stop what uses "
            "it, or name another with --host and --port."
        ) from None


def _server(settings: Settings, options: dict[str, Any]) -> Any:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn with the options given here and no file of its own."""

        def load_config(self) -> None:
            for name, value in {**_ALWAYS, **options}.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return application(settings)

    return Server()


_ALWAYS = {
    "worker_class": "gthread",
    "threads": THREADS,
    "timeout": REQUEST_SECONDS,
    "control_socket_disable": True,
    # Nobody is believed about who called: what a proxy adds is for the proxy's own log.
    "forwarded_allow_ips": "",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "loglevel": "warning",
}


def application(settings: Settings) -> Any:
    """The WSGI application with its style sheets and scripts, as each worker makes it."""
    from whitenoise import WhiteNoise

    import casework

    app = casework.create_app(settings)
    assets = Path(casework.__file__).parent / "static"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(assets), prefix="static/", add_headers_function=_add_headers
    )
    return app


def _add_headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
