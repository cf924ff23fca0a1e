"""What a process gives up before it runs what strangers wrote: network, files, memory.

On Linux all of it; elsewhere as much as the system has a call for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_MEMORY", "bounds", "leave_network"]

MAX_MEMORY = 2 * 1024**3
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def leave_network() -> bool:
    """Take the network away where the kernel allows it; say whether it did."""
    try:
        import ctypes

        return bool(ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (ImportError, AttributeError, OSError, TypeError):  # not on this system
        return False


@contextmanager
def bounds(seconds: int) -> Iterator[None]:
    """Bound memory and time inside, and let nothing be opened, neither file nor socket.

    The parent stops the process in time; should the parent end first, the bound on
    processor time does.
    """
    try:
        import resource
    except ImportError:  # not on this system: the time limit still holds
        yield
        return
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 2 * seconds + 2
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CPU: used,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 3,
    }
    before = {kind: resource.getrlimit(kind) for kind in limits}
    try:
        for kind, limit in limits.items():
            resource.setrlimit(kind, (limit, before[kind][1]))
        yield
    finally:
        for kind, (soft, hard) in before.items():
            resource.setrlimit(kind, (soft, hard))
