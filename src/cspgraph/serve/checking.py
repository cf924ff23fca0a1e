"""A record that a stranger sends is checked in a process of its own, and not kept.

The file lies in a folder that is made for it and taken away after. The process has no
network where the kernel allows, bounded memory and time, and writes nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore
from typing import Any

from cspgraph.errors import (
    BusyError,
    CspgraphError,
    FileError,
    ParameterError,
    StoppedError,
)
from cspgraph.sandbox import MAX_MEMORY, leave_network

__all__ = ["ENDINGS", "MOST_BYTES", "Checker", "serve"]

#: The kinds of file that are read: a workbook, or the same in YAML.
ENDINGS = (".xlsx", ".yaml", ".yml")
MOST_BYTES = 5 * 1024**2
_SECONDS, _AT_ONCE = 60, 2
_UNSAFE = re.compile(r"[^\w .()-]+")
_MOST_LETTERS = 60


class WrongKindError(ParameterError):
    """A file of another kind than a record has."""


class Checker:
    """Checks records that are sent, two at a time."""

    def __init__(self, seconds: int = _SECONDS) -> None:
        self._turns, self._seconds = Semaphore(_AT_ONCE), seconds

    def check(
        self, name: str, data: bytes, form: str, area: str | None, on: str | None
    ) -> str:
        """Return the report on the file `data` that was called `name`, in the format `form`.

        Raises `WrongKindError` for another kind of file, `FileError` for one that cannot
        be read, `ParameterError` for an area or day that is none, `StoppedError` when it
        takes too long, and `BusyError`.
        """
        named = safe(name)
        if not data:
            raise FileError(named, "the file is empty; choose another")
        if not self._turns.acquire(blocking=False):
            raise BusyError("as many records are being checked as may at once", 10)
        try:
            with TemporaryDirectory(prefix="cspgraph-") as folder:
                Path(folder, named).write_bytes(data)
                wanted = {"name": named, "form": form, "area": area, "on": on}
                return self._said({**wanted, "seconds": self._seconds}, folder)
        finally:
            self._turns.release()

    def _said(self, wanted: dict[str, Any], folder: str) -> str:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", "cspgraph.serve.checking"],
                input=json.dumps(wanted).encode(),
                capture_output=True,
                cwd=folder,
                timeout=self._seconds,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            problem = f"{wanted['name']}: stopped after {self._seconds} s; send a smaller file"
            raise StoppedError(problem) from error
        if not done.stdout.endswith(b"\n"):
            raise FileError(
                wanted["name"], "it needs too much memory; send a smaller file"
            )
        said = json.loads(done.stdout)
        if "file" in said:
            raise FileError(wanted["name"], said["file"])
        if "error" in said:
            raise ParameterError(said["error"])
        report: str = said["report"]
        return report


def safe(name: str) -> str:
    """Return `name` as that of a file in a folder, with one of the known endings.

    >>> safe("../../Ashford 2026.XLSX")
    'Ashford 2026.xlsx'
    >>> safe("record.exe")
    Traceback (most recent call last):
    cspgraph.serve.checking.WrongKindError: file: 'record.exe' is of no kind that is read; send .xlsx, .yaml or .yml
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = last.rpartition(".")
    if f"{dot}{ending.lower()}" not in ENDINGS:
        shown = _UNSAFE.sub("_", last)[:_MOST_LETTERS]
        problem = f"{shown!r} is of no kind that is read; send .xlsx, .yaml or .yml"
        raise WrongKindError(f"file: {problem}")
    kept = _UNSAFE.sub("_", stem)[:_MOST_LETTERS].strip(" .") or "record"
    return f"{kept}.{ending.lower()}"


def serve() -> None:
    """Read what is wanted from standard input, write the report to standard output."""
    wanted = json.loads(sys.stdin.buffer.read())
    leave_network()
    _bounded(wanted["seconds"])
    try:
        said = {"report": _report(wanted)}
    except FileError as error:
        place = f"line {error.line}: " if error.line else ""
        said = {"file": f"{place}{error.problem}"}
    except CspgraphError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said) + "\n")


def _report(wanted: dict[str, Any]) -> str:
    from cspgraph import user_files
    from cspgraph.dataset import Dataset
    from cspgraph.graph import KnowledgeGraph

    name, area = wanted["name"], wanted["area"]
    records = user_files.read([name])
    dataset = Dataset(records=records)
    if not area and not dataset.record_index.looked_at:
        # The check would be about the areas of all shipped records.
        faults = [fault for record in records for fault in record.faults]
        said = "it names no area, so there is nothing to hold it against"
        for place, value, problem in faults[:1]:
            said += f"; {len(faults)} cells cannot be read, the first is {place} ({value!r}): {problem}"
        hint = "fill in a row that names the area, or name it beside the file"
        raise FileError(name, f"{said}; {hint}")
    graph = KnowledgeGraph(dataset)
    return graph.validate(on=wanted["on"], area=area).to(wanted["form"])


def _bounded(seconds: int) -> None:
    """Bound memory and processor time, and let nothing be written."""
    try:
        import resource
    except ImportError:  # not on this system: the time limit still holds
        return
    for kind, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, seconds + 5),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    serve()
