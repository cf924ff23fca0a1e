"""What `cspgraph register build` runs: read, make, check, write, and count what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.rdf import files, save
from cspgraph.register.register import Register
from cspgraph.register.tables import TABLES
from tools.build_register import building, differences, publications

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["make"]

_KEPT, _BUILT = "data/register/kept", "data/register/built"
_BY_LAW = "data/register/by-law"


def make(folder: str, place: Path) -> tuple[list[list[str]], list[str]]:
    """Write the tables made from the files in `folder` to `place`: all of them, or none.

    Returns a row for each table, with its name and how many rows it has, and how many
    were added, removed and changed; and the names of the files that were not used.
    Raises `FileError` for a file that cannot be used.
    """
    found = publications.read(folder)
    kept = files.shipped(_KEPT, ".csv")
    made = building.build(found, Register(kept))
    built = [
        files.Source(f"{_BUILT}/{name}.csv", text.encode())
        for name, text in made.items()
    ]
    by_law = files.shipped(_BY_LAW, ".csv")
    Register([*kept, *by_law, *built]).check()
    before = {name: _text(place / f"{name}.csv") for name in made}
    save.save_together({place / f"{n}.csv": text for n, text in made.items()})
    counted = {
        name: differences.compare(before[name], text, TABLES[name].key)
        for name, text in made.items()
    }
    rows = [
        [name, *(f"{n:,}" for n in (d.rows, d.added, d.removed, d.changed))]
        for name, d in counted.items()
    ]
    return rows, list(found.unused)


def _text(place: Path) -> str:
    """Return the table at `place` as far as it can be read."""
    try:
        return place.read_bytes().decode(errors="replace")
    except OSError:
        return ""
