"""Write several files so that all of them are new, or none is, even after a kill.

A folder that is not there is made beside its place and renamed into it. In a folder that
is there, the new files are written beside the old ones first; a journal then says which
takes whose place, and from that moment the next run finishes what a kill broke off.
Readers refuse a folder in which a journal lies. One writer at a time has the lock.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from cspgraph.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

try:
    import fcntl
except ImportError:  # not on Windows: there nothing is locked
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "JOURNAL",
    "beside",
    "locked",
    "mode",
    "put",
    "refuse_broken",
    "sweep",
    "sync",
]

#: Lies in a folder from the moment at which all new files are there until each is in place.
JOURNAL = ".cspgraph-journal"
_LOCK = ".cspgraph-lock"
_SECONDS = 10.0  # how long one writer waits for another
_ENDING = ".cspgraph"  # of what is written before it takes its place
_LEFT = re.compile(rf"\.(?P<name>.+)\.[a-z0-9_]{{8}}{re.escape(_ENDING)}")


def put(files: Mapping[Path, bytes]) -> None:
    """Write all `files`, in folders that are there, or leave everything as it was.

    Raises `OSError` where a place cannot be written, and `FileError` where another
    writer does not let go of the lock.
    """
    if len(files) == 1:
        _put_one(*next(iter(files.items())))
        return
    top = Path(os.path.commonpath([str(place.absolute().parent) for place in files]))
    with locked(top):
        _finish(top)
        for folder in {top, *(place.parent for place in files)}:
            sweep(folder)
        _put_many(top, files)


def _put_one(place: Path, data: bytes) -> None:
    sweep(place.parent)
    ready = beside(place, data)
    try:
        ready.replace(place)
    except BaseException:
        ready.unlink(missing_ok=True)
        raise
    sync(place.parent)


def _put_many(top: Path, files: Mapping[Path, bytes]) -> None:
    ready: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    journal = top / JOURNAL
    begun = False
    try:
        for place, data in files.items():
            with _named(place):
                before[place] = place.read_bytes() if place.exists() else None
                ready[place] = beside(place, data)
        steps = {_inside(top, r): _inside(top, p) for p, r in ready.items()}
        whole = beside(journal, json.dumps(steps).encode())
        begun = True
        whole.replace(journal)
        sync(top)
        for place, file in ready.items():
            with _named(place):
                file.replace(place)
        for folder in {place.parent for place in files}:
            sync(folder)
        journal.unlink()
    except BaseException:
        journal.unlink(missing_ok=True)
        if begun:
            _back(before)
            sweep(top)
        for file in ready.values():
            file.unlink(missing_ok=True)
        raise


def _back(before: Mapping[Path, bytes | None]) -> None:
    """Put back what was there."""
    for place, old in before.items():
        if old is None:
            place.unlink(missing_ok=True)
        elif not place.is_file() or place.read_bytes() != old:
            beside(place, old).replace(place)


def _finish(top: Path) -> None:
    """Finish what a writer that was killed had begun: its files are all there."""
    journal = top / JOURNAL
    try:
        steps = json.loads(journal.read_bytes())
    except (FileNotFoundError, ValueError):
        sweep(top)
        return
    for ready, place in _checked(top, steps):
        with suppress(FileNotFoundError):  # it was in its place already
            ready.replace(place)
        sync(place.parent)
    journal.unlink()
    sweep(top)


def _inside(top: Path, path: Path) -> str:
    return path.absolute().relative_to(top).as_posix()


def _checked(top: Path, steps: object) -> Iterator[tuple[Path, Path]]:
    """Yield the steps of a journal; refuse one that this module would not have written.

    A folder may come from strangers, and a journal moves files.
    """
    pairs = steps.items() if isinstance(steps, dict) else [("", "")]
    for ready, place in pairs:
        new, old = top / str(ready), top / str(place)
        found = _LEFT.fullmatch(new.name)
        beside_it = found and found["name"] == old.name and new.parent == old.parent
        below = not {".."}.intersection([*new.parts, *old.parts])
        kept = below and new.parent.resolve().is_relative_to(top.resolve())
        if not beside_it or not kept:
            problem = (
                f"the file {JOURNAL} there was not written by this program; remove it"
            )
            raise FileError(str(top), problem)
        yield new, old


def refuse_broken(folder: Path) -> None:
    """Raise `FileError` where a write into `folder` was broken off and not finished.

    >>> refuse_broken(Path("no-such-folder"))
    """
    if (folder / JOURNAL).exists():
        problem = "a write into this folder broke off, so that some files are new and others old; run the command that wrote them again"
        raise FileError(str(folder), problem)


def sweep(folder: Path) -> None:
    """Take away what writers that were killed have left in `folder`."""
    with suppress(OSError):
        for item in os.scandir(folder):
            if _LEFT.fullmatch(item.name) and item.is_file(follow_symlinks=False):
                _take_away(Path(item.path))


def _take_away(left: Path) -> None:
    """Remove a file that was left, unless a writer that is alive holds it."""
    if fcntl is None:
        return
    with suppress(OSError):
        held = os.open(left, os.O_RDWR)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
        finally:
            os.close(held)


def beside(place: Path, data: bytes) -> Path:
    """Write `data` to a file beside `place`, safe on disk, and return where it is."""
    with NamedTemporaryFile(
        dir=place.parent, prefix=f".{place.name}.", suffix=_ENDING, delete=False
    ) as file:
        try:
            if fcntl is not None:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(mode(place))
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Path(file.name)


def mode(place: Path) -> int:
    """Return the permissions of the file that is replaced, or the default for a new file."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def sync(folder: Path) -> None:
    """Let what was renamed in `folder` be on disk, where folders can be synced."""
    if os.name != "posix":
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


@contextmanager
def _named(place: Path) -> Iterator[None]:
    """Let an error of the system say of which place it is."""
    try:
        yield
    except OSError as error:
        error.filename = str(place)
        raise


@contextmanager
def locked(top: Path) -> Iterator[None]:
    """Hold the lock of a folder; wait a little for who has it."""
    if fcntl is None:
        yield
        return
    place, end = top / _LOCK, time.monotonic() + _SECONDS
    while True:
        held = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if place.exists() and os.fstat(held).st_ino == place.stat().st_ino:
                break
        except BlockingIOError:
            if time.monotonic() > end:
                os.close(held)
                problem = (
                    "another command is writing there; try again when it has ended"
                )
                raise FileError(str(top), problem) from None
            time.sleep(0.05)
        os.close(held)
    try:
        yield
    finally:
        with suppress(OSError):  # a lock that nobody holds stops nobody
            place.unlink(missing_ok=True)
        os.close(held)
