"""The only place for what goes wrong with a backup, each as a sentence to whoever makes or uses one."""


class BackupRefused(Exception):
    """It cannot be made or used; the message says what happened, what was kept, and what to do."""


class OtherKey(BackupRefused):
    """A file that is encrypted for another key than the one given; whether it is whole is not known."""


class NotWhole(BackupRefused):
    """A file that is no whole backup: cut off, damaged, or something else altogether."""
