"""The only place for `casework retention`: what is carried out of what was decided about keeping cases."""

import click

from casework.cli.erasing import erase


@click.group(short_help="Erase what is kept no longer.")
def retention() -> None:
    """Erase cases at the end of their retention."""


retention.add_command(erase)
