"""The only place for the group `casework audit`: the log verified, signed and exported."""

import click

from casework.cli.loading import LazyGroup

COMMANDS = {
    "checkpoint": "checkpointing:checkpoint",
    "export": "exporting:export",
    "key": "checkpointing:key",
    "verify": "verifying:verify",
}
"""Every command of the group and where it is, imported when it is used."""


@click.group(cls=LazyGroup, places=COMMANDS, short_help="Verify the audit log, and sign it.")
def audit() -> None:
    """Verify the audit log and all that follows from it; sign checkpoints of it."""
