"""The command `register build`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph.cli.console import note
from cspgraph.errors import FileError
from cspgraph.render.table import table

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["app"]

_BUILT = "data/register/built"

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
    make = _maker()
    rows, unused = make(folder, _place(output))
    columns = ["table", "rows", "added", "removed", "changed"]
    caption = f"{output or _BUILT}: {len(rows)} tables written."
    note(table(caption, columns, rows))
    if unused:
        note(f"Not used: {', '.join(unused)}.")


def _maker() -> Callable[[str, Path], tuple[list[list[str]], list[str]]]:
    """Return what makes the tables; it stands in the checkout, not in a wheel."""
    from importlib import import_module

    from cspgraph.rdf import packaged

    folder = packaged.tools()
    if folder is None:
        problem = (
            "an installed copy does not hold what makes the tables; run"
            " 'cspgraph register build' from a checkout of the project"
        )
        raise FileError("tools/build_register", problem)
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    make: Callable[[str, Path], tuple[list[list[str]], list[str]]] = import_module(
        "tools.build_register.command"
    ).make
    return make


def _place(output: str | None) -> Path:
    """Return the folder to write to: the one given, or that of the checkout."""
    if output is None:
        from cspgraph.rdf import packaged

        data = packaged.checkout("data")
        if data is None:
            raise FileError(_BUILT, "an installed copy is not changed")
        return data.parent / _BUILT
    if not Path(output).is_dir():
        raise FileError(output, "no such folder; make it or choose another place")
    return Path(output)
