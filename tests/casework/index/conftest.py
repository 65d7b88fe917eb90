"""The console of the commands, for the tests of what they check."""

from tests.casework.cli.conftest import casework as casework
