"""Commands: `casework ...`, one file per group; `main` is the console script."""

from importlib.metadata import version

import click

# Each under another name than its file, which the package would hide otherwise.
from casework.cli.audit import audit as audit_group
from casework.cli.case import case as case_group
from casework.cli.demonstration.office import demo
from casework.cli.installing import init
from casework.cli.outbox import outbox as outbox_group
from casework.cli.people import user
from casework.cli.program import Program
from casework.cli.published import published, recount
from casework.cli.register import import_file
from casework.cli.report import report as report_group
from casework.cli.retention import retention as retention_group
from casework.cli.search import search as search_group
from casework.cli.serving import serve
from casework.cli.tidy import tidy
from casework.cli.workflow import workflow as workflow_group


@click.group(cls=Program, epilog="Example: casework report annual --year 2025-26")
@click.version_option(version("casework"), prog_name="casework")
def main() -> None:
    """Complaint reviews of an Office of the Police and Crime Commissioner.

    Settings come from the environment (CASEWORK_DATABASE_URL, CASEWORK_DATA_DIR, CASEWORK_ENV)
    or a .env file. Exit codes: 0 done, 1 the thing checked is wrong, 2 refused.
    """


for command in (published, recount):
    report_group.add_command(command)
for command in (init, serve, user, demo, import_file, case_group, tidy):
    main.add_command(command)
for command in (
    retention_group,
    report_group,
    audit_group,
    workflow_group,
    search_group,
    outbox_group,
):
    main.add_command(command)
