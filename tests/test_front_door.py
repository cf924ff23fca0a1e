"""The front door: few names, in order, importable; and opening it does nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cspgraph

MAX_NAMES = 15


def test_names_are_few_and_sorted() -> None:
    assert cspgraph.__all__ == sorted(cspgraph.__all__)
    assert len(cspgraph.__all__) <= MAX_NAMES


@pytest.mark.parametrize("name", cspgraph.__all__)
def test_name_is_importable_and_told(name: str) -> None:
    thing = getattr(cspgraph, name)
    assert name.startswith("__") or (thing.__doc__ or "").strip()


def test_list_is_complete() -> None:
    """What is made in the package itself, and what it fetches, is all that is listed."""
    made = {
        name
        for name, thing in vars(cspgraph).items()
        if getattr(thing, "__module__", "") == cspgraph.__name__
    }
    shown = {name for name in made | set(cspgraph._PLACES) if not name.startswith("_")}
    assert shown == {name for name in cspgraph.__all__ if not name.startswith("_")}


#: What importing may open: Python files, compiled or not, extension modules, and
#: the records that say which packages are installed.
WATCH = """
import sys
seen = []
def hook(event, args):
    if event == "open" and isinstance(args[0], str):
        seen.append(args[0])
    if event.startswith(("socket.", "subprocess.", "urllib.")):
        seen.append(event)
sys.addaudithook(hook)
import cspgraph
code = (".py", ".pyc", ".so", ".pyd", ".pth", "METADATA", "entry_points.txt", "RECORD")
stray = [name for name in seen if not name.endswith(code) and ".pyc." not in name]
print(len(seen), stray)
"""


def test_importing_is_silent_and_reads_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    count, _, stray = done.stdout.partition(" ")
    assert int(count) > 0, "the hook hears what is opened"
    assert stray.strip() == "[]"
