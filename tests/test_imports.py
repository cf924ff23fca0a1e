"""Nobody waits for a library that the question at hand does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cspgraph

HEAVY = (
    "IPython",
    "SPARQLWrapper",
    "networkx",
    "pandas",
    "polars",
    "openpyxl",
    "pyshacl",
    "rich",
    "ruamel",
    "rdflib",
)
COMMAND = Path(sys.executable).parent / "cspgraph"

SHOW = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def loaded(code: str) -> set[str]:
    """Return the packages that a new process has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SHOW}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def timed(*arguments: str) -> tuple[str, set[str]]:
    """Return what the command prints, and the packages that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(COMMAND), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [
        line for line in done.stderr.splitlines() if line.startswith("import time:")
    ]
    return done.stdout, {
        line.rpartition("|")[2].strip().partition(".")[0] for line in lines
    }


def test_the_test_sees_what_is_loaded() -> None:
    assert {"cspgraph", "rdflib"} <= loaded("import cspgraph, rdflib")


def test_the_package_alone_loads_nothing() -> None:
    assert not loaded("import cspgraph").intersection({*HEAVY, "pyoxigraph", "http"})


def test_the_package_offers_what_it_lists() -> None:
    assert dir(cspgraph) == cspgraph.__all__
    assert all(hasattr(cspgraph, name) for name in cspgraph.__all__)
    assert not hasattr(cspgraph, "pandas")


@pytest.mark.parametrize(
    "code",
    [
        "import cspgraph; cspgraph.queries()",
        (
            "import cspgraph; cspgraph.load(on='2024-07-23')"
            ".answer('responsible-authorities', area='Dorset').to_csv()"
        ),
        (
            "import cspgraph; cspgraph.load(on='2024-07-23')"
            ".why('version:dorset-csplan-2023.2024-25')"
        ),
        "import cspgraph; cspgraph.connect('http://localhost:1/')",
    ],
)
def test_the_library_stays_light(code: str) -> None:
    found = loaded(code)
    assert "pyoxigraph" in found
    assert not found.intersection(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("questions",),
        ("answer", "who-must-adopt", "--area", "Dorset", "--on", "2024-07-23"),
        (
            "answer",
            "standing",
            "--area",
            "Dorset",
            "--on",
            "2024-07-23",
            "--format",
            "csv",
        ),
    ],
)
def test_the_command_stays_light(arguments: tuple[str, ...]) -> None:
    printed, found = timed(*arguments)
    assert printed.strip()
    assert "cspgraph" in found
    assert not found.intersection(HEAVY)


OURS = """
import sys
from pathlib import Path

import cspgraph

SOURCE = str(Path(cspgraph.__file__).parent) + "/"
rooms = set()


def seen(frame, event, _):
    path = frame.f_code.co_filename
    if event == "call" and path.startswith(SOURCE) and frame.f_code.co_name != "<module>":
        rooms.add(path.removeprefix(SOURCE).partition("/")[0].removesuffix(".py"))


kg = cspgraph.load(on="2024-07-23", areas=["Dorset"])
sys.setprofile(seen)
answer = kg.answer("who-must-adopt", area="Dorset")
sys.setprofile(None)
assert len(answer) > 3
print(*sorted(rooms))
"""
MODULES = """
ours = [m for m in sys.modules.values() if m and m.__name__.startswith("cspgraph.")]
print(*sorted(m.__name__ for m in ours if not hasattr(m, "__path__")))
"""


def printed(code: str) -> list[list[str]]:
    """Return the lines that a new process prints, as words."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return [line.split() for line in done.stdout.splitlines()]


def test_an_answer_runs_through_few_rooms_and_loads_few_modules() -> None:
    """A room is a folder or a module beside the folders; a folder alone is no module."""
    rooms, modules = printed(OURS + MODULES)
    assert {"dataset", "derive", "questions", "rdf", "records", "register"} <= {*rooms}
    assert len(rooms) <= 10, rooms
    assert "cspgraph.questions.ask" in modules
    assert len(modules) <= 30, modules


def test_the_command_loads_few_modules() -> None:
    words = ["answer", "who-must-adopt", "--area", "Dorset", "--on", "2024-07-23"]
    code = f"""
import sys
from cspgraph.cli import main
try:
    main({words!r})
except SystemExit as ended:
    assert not ended.code
"""
    *shown, modules = printed(code + MODULES)
    assert len(shown) > 3
    assert "cspgraph.cli.questions" in modules
    assert len(modules) <= 39, modules
