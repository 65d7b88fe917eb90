"""The only place that gives orders to `shim.c`, which makes what a process asks of the system fail."""

import ctypes
import errno
import mmap
import shutil
import subprocess
from enum import IntEnum, IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
FULL, BROKEN, READ_ONLY = errno.ENOSPC, errno.EIO, errno.EROFS


class Action(IntEnum):
    """What happens at the call that was chosen."""

    NOTHING = 0
    KILL_BEFORE = 1
    KILL_HALFWAY = 2
    KILL_AFTER = 3
    FAIL = 4
    FAIL_HALFWAY = 5


KILLS = (Action.KILL_BEFORE, Action.KILL_HALFWAY, Action.KILL_AFTER)
FAILS = (Action.FAIL, Action.FAIL_HALFWAY)


class Calls(IntFlag):
    """Which calls count."""

    WRITES = 1
    FLUSHES = 2
    CUTS = 4
    NAMES = 8
    SENDS = 16
    DISK = WRITES | FLUSHES | CUTS | NAMES
    ALL = DISK | SENDS


class _Orders(ctypes.Structure):
    _fields_ = (
        ("action", ctypes.c_int32),
        ("error", ctypes.c_int32),
        ("lasts", ctypes.c_int32),
        ("kinds", ctypes.c_int32),
        ("left", ctypes.c_int64),
        ("seen", ctypes.c_int64),
        ("struck", ctypes.c_int64),
        ("clock_shift", ctypes.c_int64),
        ("under", ctypes.c_char * 256),
    )


def compiler() -> str | None:
    """The C compiler of this machine, None where there is none."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled(folder: Path) -> Path:
    """The shim as a library in a folder, compiled once."""
    library = folder / "shim.so"
    if not library.exists():
        made = library.with_suffix(".new")
        command = [str(compiler()), "-shared", "-fPIC", "-O2", "-o", str(made), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        made.rename(library)
    return library


class Shim:
    """The orders for all processes that were started in one environment."""

    def __init__(self, library: Path, orders: Path) -> None:
        orders.write_bytes(bytes(ctypes.sizeof(_Orders)))
        orders.chmod(0o666)  # PostgreSQL's processes may run as another user
        with orders.open("r+b") as file:
            self._orders = _Orders.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(_Orders)))
        self.environment = {"LD_PRELOAD": str(library), "FAULTS_ORDERS": str(orders)}

    def arm(
        self,
        action: Action,
        after: int,
        under: Path,
        *,
        error: int = 0,
        lasts: bool = False,
        calls: Calls = Calls.DISK,
    ) -> None:
        """Let it happen at the call after `after` others about files below a folder."""
        orders = self._orders
        orders.action = Action.NOTHING
        orders.error, orders.lasts, orders.kinds = error, lasts, calls
        orders.left, orders.seen, orders.struck = after, 0, 0
        orders.under = str(under).encode()
        orders.action = action

    def disarm(self) -> int:
        """Let everything succeed again; how often something was made to fail."""
        self._orders.action = Action.NOTHING
        return self.struck

    @property
    def struck(self) -> int:
        """How often something was made to fail since the shim was armed."""
        return int(self._orders.struck)

    @property
    def seen(self) -> int:
        """How many calls counted since the shim was armed."""
        return int(self._orders.seen)

    def move_clock(self, seconds: int) -> None:
        """Let the time of day be so much later than it is, or earlier."""
        self._orders.clock_shift = seconds
