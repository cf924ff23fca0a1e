"""Read the bytes of a file that somebody names: a regular one, and no more than a limit.

A pipe, a device, a folder, a file that is too large or that grows while it is read is
refused at once, with one sentence; nothing here waits for somebody to write.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.errors import FileError

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["MAX_BYTES", "from_stream", "regular", "too_large"]

#: More than this is read of no file.
MAX_BYTES = 64 * 1024 * 1024

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_WAYS = ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
_FLAGS = os.O_RDONLY | sum(getattr(os, way, 0) for way in _WAYS)


def regular(
    path: str | Path, limit: int = MAX_BYTES, advice: str = "split it"
) -> bytes:
    """Return the bytes of the regular file at `path`, or of that which it links to.

    Raises `FileError` for what is not there, is no regular file, changes while it is read,
    or is larger than `limit`; the `advice` says what to do then.

    >>> regular(".")
    Traceback (most recent call last):
    cspgraph.errors.FileError: .: this is a folder, not a file; give the path of a file
    """
    name = str(path)
    try:
        _refuse_kind(
            name, Path(path).stat().st_mode
        )  # before it is opened, which can wait
        place = os.open(path, _FLAGS)
        with os.fdopen(place, "rb", buffering=0) as file:
            told = os.fstat(place)
            _refuse_kind(name, told.st_mode)
            if told.st_size > limit:
                raise too_large(name, limit, advice)
            data = _bounded(file, limit)
            size = os.fstat(place).st_size
    except (OSError, ValueError, MemoryError) as error:
        said = getattr(error, "strerror", None) or str(error) or "too large"
        raise FileError(name, f"{said.lower()}; check the path") from error
    if len(data) > limit:
        raise too_large(name, limit, advice)
    if len(data) != told.st_size or size != told.st_size:
        raise FileError(name, "it changes while it is read; try again when it is whole")
    return data


def from_stream(limit: int = MAX_BYTES, stream: BinaryIO | None = None) -> bytes:
    """Return the bytes that come in by a stream, or else by standard input.

    Raises `FileError` when there are more than `limit`.

    >>> from io import BytesIO
    >>> from_stream(2, BytesIO(b"abc"))
    Traceback (most recent call last):
    cspgraph.errors.FileError: standard input: it is larger than 2 bytes; shorten it
    """
    name = "standard input"
    try:
        data = _bounded(stream or sys.stdin.buffer, limit)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise FileError(name, f"{said.lower()}; check what comes in") from error
    if len(data) > limit:
        raise too_large(name, limit, "shorten it")
    return data


def too_large(name: str, limit: int, advice: str) -> FileError:
    """Return the error for a file that holds more than `limit` bytes.

    >>> print(too_large("a.ttl", 64 * 2**20, "split it"))
    a.ttl: it is larger than 64 MiB; split it
    """
    whole, rest = divmod(limit, 2**20)
    size = f"{limit:,} bytes" if rest or not whole else f"{whole} MiB"
    return FileError(name, f"it is larger than {size}; {advice}")


def _bounded(file: BinaryIO, limit: int) -> bytes:
    """Return what `file` gives, to one byte past the limit."""
    data = bytearray()
    while len(data) <= limit and (
        piece := file.read(min(2**20, limit + 1 - len(data)))
    ):
        data += piece
    return bytes(data)


def _refuse_kind(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        problem = f"this is {kind}, not a file; give the path of a file"
        raise FileError(name, problem)
