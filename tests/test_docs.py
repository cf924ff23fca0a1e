"""What the documentation shows is what the command prints, and nothing is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

import cspgraph
import few
from cspgraph.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(
    r"^```console\n\$ (?P<command>.+)\n(?P<shown>(?:.*\n)*?)```$", re.MULTILINE
)
_LINK = re.compile(r"\]\((?!https?:|#)(?P<target>[^)#]+)")


def national(command: str) -> bool:
    """Say whether a command asks about the whole country."""
    return "--area" not in command and any(name in command for name in few.NATIONAL)


BLOCKS = [
    pytest.param(
        *(found["command"], found["shown"]),
        id=f"{page.stem}: {found['command'][:60]}",
        marks=[pytest.mark.country] * national(found["command"]),
    )
    for page in PAGES
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
]


def run(command: str) -> str:
    """Return what `command` prints on standard output, with this Python's cspgraph."""
    words = f"{sys.executable} -m cspgraph.cli"
    text = re.sub(r"\bcspgraph\b", words, command, count=1)
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S602 - the commands of our own pages
        text, shell=True, capture_output=True, text=True, check=False, env=environment
    )
    return done.stdout


@pytest.mark.parametrize(("command", "shown"), BLOCKS)
def test_shown_is_what_is_printed(command: str, shown: str) -> None:
    assert run(command) == shown


def test_the_readme_shows_commands() -> None:
    assert len(BLOCKS) >= 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [
        found["target"] for found in _LINK.finditer(page.read_text(encoding="utf-8"))
    ]
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_the_coverage_page_is_what_the_data_gives(
    golden: Callable[[str, str], None],
) -> None:
    """`make docs` writes it; so does `pytest --write-answers`."""
    golden("../../docs/coverage.md", cspgraph.load().coverage())


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands: Any = typer.main.get_group(app)
    names = []
    for name in commands.list_commands(None):
        found = commands.get_command(None, name)
        inner = getattr(found, "commands", {})
        names += [f"{name} {part}" for part in inner] or [name]
    assert "register build" in names
    assert not [name for name in names if f"`cspgraph {name}" not in text]
