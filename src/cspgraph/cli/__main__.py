"""Lets `python -m cspgraph.cli` run the command."""

from __future__ import annotations

from cspgraph.cli import main

__all__: list[str] = []

main()
