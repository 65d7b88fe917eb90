"""The only place that says what of gunicorn's own words is logged: nothing of who asked for what."""

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's log as lines of the process's own: see `casework.web.log`."""

    def setup(self, cfg: Any) -> None:
        """Leave writing to the log of the process."""
        super().setup(cfg)
        self.error_log.propagate = True

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning; of a request that cannot be read, not from where it came and how it is."""
        super().warning(msg.partition(" from ip=")[0], *args, **kwargs)

    def exception(self, msg: Any, *_: Any, **kwargs: Any) -> None:
        """Log a fault without the request's address, which would be in the arguments."""
        super().exception(str(msg).partition(" %s")[0], **kwargs)
