"""A place for the records of an area: whole, in plain English, and nothing overwritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

import cspgraph
from cspgraph.errors import FileError
from cspgraph.rdf import save
from cspgraph.records import scaffold
from runs import run

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    ".github/workflows/check.yml",
    ".gitlab-ci.yml",
    "README.md",
    "records/README.md",
]
TRADE = {"graph", "iri", "node", "rdf", "shacl", "shape", "sparql", "triple", "turtle"}


def held(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_project_is_made_and_is_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "ashford"
    code, said, _ = run(capsys, "new", str(folder), "--area", "Ashford")
    assert code == 0
    assert sorted(held(folder)) == sorted(NAMES)
    assert said.count(": written.") == len(NAMES)
    kg = cspgraph.load(folder, on="2024-07-23", areas=["Ashford"])
    assert len(kg.answer("standing", area="Ashford")) > 0
    records = str(folder / "records")
    ended = run(capsys, "check", records, "--area", "E07000105", "--on", "2024-07-23")
    assert ended[0] == 0
    assert "was not read" not in ended[1]


def test_the_page_is_in_plain_english_and_its_commands_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "new", str(tmp_path), "--area", "Ashford")
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert not {word.lower() for word in re.findall(r"[A-Za-z]+", page)} & TRADE
    assert page.startswith("# Records of Ashford\n")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^    cspgraph (.*)$", page, re.MULTILINE)
    assert [command.split()[0] for command in commands] == [
        *("template", "import", "check", "brief"),
    ]
    # A form in which nothing is filled in makes no record; the plan of Ashford was looked
    # for on the day asked about, and the check says first that no record of it was found.
    day = ("--on", "2026-11-30")
    codes = [
        run(capsys, *command.split(), *(day if command.startswith("check") else ()))[0]
        for command in commands
    ]
    assert codes == [0, 2, 1, 0]
    assert (tmp_path / "brief.docx").is_file()


def test_the_checks_are_yaml_and_run_the_same_command() -> None:
    texts = scaffold.files("Ashford", "E07000105")
    github = yaml.safe_load(texts[".github/workflows/check.yml"])
    gitlab = yaml.safe_load(texts[".gitlab-ci.yml"])
    steps = [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    assert steps == gitlab["check"]["script"]
    assert steps[-1] == "cspgraph check records --area E07000105"


def test_nothing_that_is_there_is_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = {"README.md": "mine", "records/2024.ttl": "# a record of mine\n"}
    for name, text in mine.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    code, said, _ = run(capsys, "new", str(tmp_path), "--area", "Ashford")
    assert code == 0
    assert f"{tmp_path / 'README.md'}: kept as it is." in said.replace("\n", " ")
    assert {name: held(tmp_path)[name] for name in mine} == mine
    before = held(tmp_path)
    run(capsys, "new", str(tmp_path), "--area", "Dorset")
    assert held(tmp_path) == before


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "elsewhere")
    written, kept = scaffold.begin(tmp_path, "Ashford", "E07000105")
    assert kept == [tmp_path / "README.md"]
    assert tmp_path / "README.md" not in written
    assert not (tmp_path / "elsewhere").exists()


def test_what_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise FileError("x", "no space left on device; choose another place")

    monkeypatch.setattr(save, "save_together", refuse)
    with pytest.raises(FileError, match="no space left"):
        scaffold.begin(tmp_path / "new" / "ashford", "Ashford", "E07000105")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x",), "area: missing; write --area and its name"),
        (("x", "--area", "Ashforde"), "did you mean 'Ashford'"),
        (("file", "--area", "Ashford"), "not a directory; choose another place"),
    ],
)
def test_misuse_is_told_in_a_sentence(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    code, shown, told = run(capsys, "new", *words)
    assert (code, shown) == (2, "")
    assert said in told
    assert held(tmp_path) == {"file": "mine"}
