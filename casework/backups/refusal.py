"""The only place for what goes wrong with a backup, each as a sentence to whoever makes or uses one."""


class BackupRefused(Exception):
    """It cannot be made or used; the message says what happened, what was kept, and what to do."""


class NotWhole(BackupRefused):
    """A file that is no whole backup: cut off, damaged, or something else altogether."""
