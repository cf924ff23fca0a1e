"""The command line: a few commands to a module, each loaded when it is called.

Not here: anything that Python can ask for without a screen; nothing imports this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process, and exit."""
    from cspgraph.cli import app

    app.main(arguments)
