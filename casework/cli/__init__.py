"""Commands: `casework ...`, one file per group; `main` is the console script."""

from importlib.metadata import version

import click

from casework.cli.program import Program

COMMANDS = {
    "audit": "audit:audit",
    "backup": "backing_up:backup",
    "backups": "backing_up:backups",
    "case": "case:case",
    "demo": "demonstration.office:demo",
    "directory": "directory:directory",
    "import": "register:import_file",
    "init": "installing:init",
    "outbox": "outbox:outbox",
    "report": "report:report",
    "restore": "restoring:restore",
    "retention": "retention:retention",
    "search": "search:search",
    "serve": "serving:serve",
    "status": "status:status",
    "tidy": "tidy:tidy",
    "user": "people:user",
    "workflow": "workflow:workflow",
}
"""Every command and where it is, imported when it is used."""


@click.group(cls=Program, places=COMMANDS, epilog="Example: casework report annual --year 2025-26")
@click.version_option(version("casework"), prog_name="casework")
def main() -> None:
    """Complaint reviews of an Office of the Police and Crime Commissioner.

    Settings come from the environment (CASEWORK_DATABASE_URL, CASEWORK_DATA_DIR, CASEWORK_ENV)
    or a .env file. Exit codes: 0 done, 1 the thing checked is wrong, 2 refused.
    """
