"""The only place for `casework serve`: the production server."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, Refused
from casework.cli.unsafe import all_that_is_unsafe
from casework.web import headers, log
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
@click.option("--check", is_flag=True, help="Only say what is unsafe: 0 nothing is, 1 something.")
@click.option("--json", "is_json", is_flag=True, help="With --check: print JSON only.")
def serve(host: str, port: int, workers: int, check: bool, is_json: bool) -> int:
    """Serve the pages until stopped.

    A real office is served only once nothing about its installation is unsafe; what is, is listed.
    Put a web server with HTTPS in front of it.
    """
    settings = Settings.from_environment()
    if check:
        return _check(all_that_is_unsafe(settings, host), is_json)
    if settings.environment == "production":
        _refuse(all_that_is_unsafe(settings, host))
    with open_office(settings):  # refused here in a sentence, not by every worker
        pass
    settings = replace(settings, secret_key=settings.secret_for_serving())
    _check_free(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    log.begin(settings.environment)
    _server(settings, {"bind": address, "workers": workers}).run()
    return DONE


def _check(unsafe: Sequence[str], is_json: bool) -> int:
    if is_json:
        print_json({"is_safe": not unsafe, "to_mend": unsafe})
    elif unsafe:
        click.echo(_list(unsafe))
    else:
        click.echo("Nothing is unsafe about this installation, as far as Casework can see.")
    return WRONG if unsafe else DONE


def _refuse(unsafe: Sequence[str]) -> None:
    if unsafe:
        click.echo(_list(unsafe), err=True)
        raise Refused("This office is not served until that is mended.")


def _list(unsafe: Sequence[str]) -> str:
    return "To be mended:\n" + "\n".join(f"- {each}" for each in unsafe)


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

    from casework.cli.server_log import ServerLog

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn with the options given here and no file of its own."""

        def load_config(self) -> None:
            for name, value in {**_ALWAYS, "logger_class": ServerLog, **options}.items():
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
    "errorlog": None,  # its words go to the log of the process, as lines of the same form
}


def application(settings: Settings) -> Any:
    """The WSGI application with its style sheets and scripts, as each worker makes it."""
    from whitenoise import WhiteNoise

    import casework

    app = casework.create_app(settings)
    assets = Path(casework.__file__).parent / "static"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(assets),
        prefix="static/",
        allow_all_origins=False,
        add_headers_function=partial(_add_headers, headers.of_every_answer(settings.is_secure)),
    )
    return app


def _add_headers(told: Mapping[str, str], answer: Any, _path: str, _url: str) -> None:
    for name, value in told.items():
        answer[name] = value
