"""What the commands share: days, files, and how they end.

A new command stands in one of the modules beside this, under its `app`, with its name
in `cspgraph.cli.app`. What is heavy is imported inside the command.
"""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "FINDINGS",
    "INTERRUPTED",
    "LONG",
    "LONGEST",
    "MISUSE",
    "MOST_ROWS",
    "NOT_CHECKED",
    "PARTIAL",
    "Areas",
    "Day",
    "Drafts",
    "Files",
    "Scenario",
    "With",
    "WithQueries",
]

#: An argument of more letters is no argument.
LONG = 100_000
#: More seconds, or rows, than anybody waits for.
LONGEST, MOST_ROWS = 86_400, 10_000_000

FINDINGS, MISUSE, NOT_CHECKED, PARTIAL, INTERRUPTED = 1, 2, 3, 4, 130

Day = Annotated[
    str | None,
    typer.Option("--on", help="The day, such as 2024-07-23; today if left out."),
]
Areas = Annotated[
    list[str] | None,
    typer.Option(
        "--area",
        help="An area, name or code, to keep to; repeat it for more. Without, every area.",
    ),
]
Scenario = Annotated[
    str,
    typer.Option(help="Law not in force to take as if it were; see data/scenario/."),
]
Files = Annotated[
    list[str] | None,
    typer.Argument(
        help="Your own records: Turtle or TriG files, filled forms, or folders of them."
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="Your own record: a Turtle or TriG file, a filled form, or a folder; repeat it for more.",
    ),
]
Drafts = Annotated[
    bool,
    typer.Option(
        "--drafts", help="Count drafts among your files that nobody has confirmed."
    ),
]
WithQueries = Annotated[
    bool,
    typer.Option("--with-queries", help="Add the questions, in a graph of their own."),
]
