"""The command `register build`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cspgraph.cli.console import note
from cspgraph.errors import FileError
from cspgraph.render.table import table

__all__ = ["app"]

_KEPT, _BUILT = "data/register/kept", "data/register/built"
_BY_LAW = "data/register/by-law"

app = typer.Typer()
_register = typer.Typer()
app.add_typer(_register, name="register")


@_register.callback()
def register() -> None:
    """Make the tables of bodies and areas again, from what others publish.

    \b
    For example:
      cspgraph register build --from publications --output tables
    """  # noqa: D301


@_register.command()
def build(
    folder: Annotated[
        str,
        typer.Option("--from", help="The folder with the files of the publishers."),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The folder for the tables; that of the checkout if left out.",
        ),
    ] = None,
) -> None:
    """Make every built table of the register again, all of them or none.

    Says how many rows were added, removed and changed against the tables that were
    there. When anything is wrong, those stay as they were.

    \b
    For example:
      cspgraph register build --from publications --output tables
    """  # noqa: D301
    from build_register import building, differences, publications

    from cspgraph.rdf import files, save
    from cspgraph.register.register import Register
    from cspgraph.register.tables import TABLES

    place = _place(output)
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
    told = {
        name: differences.compare(before[name], text, TABLES[name].key)
        for name, text in made.items()
    }
    columns = ["table", "rows", "added", "removed", "changed"]
    rows = [
        [name, *(f"{n:,}" for n in (d.rows, d.added, d.removed, d.changed))]
        for name, d in told.items()
    ]
    caption = f"{output or _BUILT}: {len(made)} tables written."
    note(table(caption, columns, rows))
    if found.unused:
        note(f"Not used: {', '.join(found.unused)}.")


def _place(output: str | None) -> Path:
    """Return the folder to write to: the one given, or that of the checkout."""
    from cspgraph.rdf.packaged import checkout

    if output is None:
        data = checkout("data")
        if data is None:
            problem = "an installed copy is not changed; name a folder with --output"
            raise FileError(_BUILT, problem)
        return data.parent / _BUILT
    if not Path(output).is_dir():
        raise FileError(output, "no such folder; make it or choose another place")
    return Path(output)


def _text(place: Path) -> str:
    """Return the table at `place` as far as it can be read."""
    try:
        return place.read_bytes().decode(errors="replace")
    except OSError:
        return ""
