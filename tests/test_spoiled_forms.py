"""A spoiled form ends in a clear message or in what was meant, soon and in little room.

Each is imported by the command in a child with a limit on memory; nothing on disk
changes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import spoiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS, MIB = 10, 300
MEANT = "+written, 1 document, 1 decision."
CHILD = """
import contextlib, io, json, os, resource, sys
from cspgraph.cli import main

for place in json.loads(sys.stdin.read()):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
        os.close(reading)
        used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        began, said = used(), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                main(["import", place, "-o", "made.trig"])
            except SystemExit as ended:
                code = ended.code or 0
            except BaseException as error:
                print("CRASH", repr(error))
                code = -1
        said.flush()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = [code, said.buffer.getvalue().decode()[:60_000], used() - began, most]
        with os.fdopen(writing, "w") as out:
            json.dump(told, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as back:
        told = back.read()
    os.waitpid(child, 0)
    print(told or json.dumps([-9, "CRASH", 0, 0]), flush=True)
"""

FORMS = {
    "xlsx": spoiled.workbooks,
    "yaml": spoiled.texts,
}


def results(ending: str, folder: Path) -> dict[str, tuple[int, str, float, int, bool]]:
    """Import every spoiled form and return code, words, seconds, memory and if it wrote."""
    made, found = FORMS[ending](), {}
    places = []
    for number, (data, _) in enumerate(made.values()):
        own = folder / str(number)
        own.mkdir()
        (own / f"spoilt.{ending}").write_bytes(data)
        places.append(f"{number}/spoilt.{ending}")
    source = CHILD.replace('"made.trig"', 'place + ".trig"')
    done = subprocess.run(
        [sys.executable, "-c", source],
        input=json.dumps(places),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    for name, place, line in zip(made, places, done.stdout.splitlines(), strict=True):
        code, said, seconds, most = json.loads(line)
        wrote = (folder / f"{place}.trig").exists()
        left = sorted(p.name for p in (folder / place).parent.iterdir())
        kept = (folder / place).read_bytes() == made[name][0]
        assert kept, name
        assert left == [f"spoilt.{ending}", *[f"spoilt.{ending}.trig"] * wrote], name
        found[name] = code, said, seconds, most, wrote
    return found


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], dict[str, tuple[int, str, float, int, bool]]]:
    """Return what gives the results of one kind of form, each made once."""
    kept: dict[str, dict[str, tuple[int, str, float, int, bool]]] = {}

    def given(ending: str) -> dict[str, tuple[int, str, float, int, bool]]:
        if ending not in kept:
            kept[ending] = results(ending, tmp_path_factory.mktemp(ending))
        return kept[ending]

    return given


@pytest.mark.parametrize("ending", FORMS)
def test_there_are_sixty(ending: str) -> None:
    assert len(FORMS[ending]()) >= 60


@pytest.mark.parametrize("ending", FORMS)
def test_each_ends_in_a_message_or_as_meant(
    ending: str, read: Callable[[str], dict[str, tuple[int, str, float, int, bool]]]
) -> None:
    wrong = {}
    for name, (code, said, _, _, wrote) in read(ending).items():
        words = FORMS[ending]()[name][1] or MEANT
        codes = [0] if words[0] == "+" else [1, 2]
        if words.startswith("spoilt"):  # by chance: any clean end will do
            codes = [0, 1, 2]
        clean = "CRASH" not in said and "Traceback" not in said
        told = words.removeprefix("+") in said
        if not (code in codes and told and clean and wrote == (code == 0)):
            wrong[name] = code, said[:300]
    assert wrong == {}


@pytest.mark.parametrize("ending", FORMS)
def test_each_ends_soon_and_in_little_room(
    ending: str, read: Callable[[str], dict[str, tuple[int, str, float, int, bool]]]
) -> None:
    slow = {n: r[2] for n, r in read(ending).items() if r[2] > SECONDS}
    large = {n: r[3] // 1024 for n, r in read(ending).items() if r[3] > MIB * 1024}
    assert (slow, large) == ({}, {})
