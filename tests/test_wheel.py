"""The wheel carries the folders, file by file, and answers from the zip."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from hatch_build import absolute

from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ontology", "data", "queries")


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` that belong to the project."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from this checkout, without a network."""
    place = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(place),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel_of_the_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the source archive, unpacked away from this checkout."""
    place = tmp_path_factory.mktemp("source")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(place)]
    subprocess.run([*build, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (archive,) = place.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    away = place / archive.name.removesuffix(".tar.gz")
    subprocess.run([*build, "-t", "wheel"], cwd=away, check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    return built


def test_the_source_archive_makes_the_same_wheel(
    wheel: Path, wheel_of_the_source: Path
) -> None:
    with ZipFile(wheel) as one, ZipFile(wheel_of_the_source) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())
        for name in one.namelist():
            assert one.read(name) == other.read(name), name


def test_it_is_named_after_the_version(wheel: Path) -> None:
    assert wheel.name == f"cspgraph-{__version__}-py3-none-any.whl"


def test_its_contents_are_those_of_the_folders(wheel: Path) -> None:
    wanted = {
        f"cspgraph/{path.relative_to(ROOT / 'src' / 'cspgraph').as_posix()}": path
        for path in files(ROOT / "src" / "cspgraph")
    }
    for folder in FOLDERS:
        found = {
            f"cspgraph/_shipped/{p.relative_to(ROOT).as_posix()}": p
            for p in files(ROOT / folder)
        }
        assert len(found) > 5
        wanted |= found
    with ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert carried == set(wanted)
        for name, path in wanted.items():
            assert archive.read(name) == path.read_bytes(), name


def test_it_has_a_licence_and_a_command(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" in name]
        text = {name.rpartition("/")[2]: archive.read(name).decode() for name in names}
    assert "cspgraph = cspgraph.cli:main" in text["entry_points.txt"]
    assert "LICENSE" in text
    assert text["LICENSE"].strip()
    assert "Requires-Dist: pyoxigraph" in text["METADATA"]
    assert "Requires-Python: >=3.11" in text["METADATA"]
    assert "Author: cspgraph contributors" in text["METADATA"]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    address = settings["tool"]["cspgraph"]["repository"]
    assert absolute(readme, address, __version__) in text["METADATA"]


ASKED = """
import cspgraph, sys
assert ".whl" in cspgraph.__file__, cspgraph.__file__
from cspgraph.rdf import packaged
assert ".whl" in str(packaged.find("queries"))
answer = cspgraph.load(on="2024-07-23").answer("who-must-adopt", area="Dorset")
sys.stdout.write(answer.to_csv())
"""


def test_it_answers_from_the_zip(wheel: Path, tmp_path: Path) -> None:
    """The checkout is not on the path, so nothing can be read from it."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    golden = ROOT / "tests" / "answers" / "who-must-adopt.csv"
    assert done.stdout == golden.read_text(encoding="utf-8")


def test_the_register_is_made_in_a_checkout(wheel: Path, tmp_path: Path) -> None:
    """What makes its tables is not in the wheel, and the command says where it is."""
    with ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if "build_register" in name]
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from cspgraph.cli import main; main()"),
            *("register", "build", "--from", str(tmp_path), "--output", str(tmp_path)),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "from a checkout of the project" in done.stderr
