"""What hosts, catalogues and newcomers read: well formed, and true of the package."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hatch_build import absolute, addresses
from tools import release
from tools.draw_readme import PLACE, drawn

from cspgraph.version import __version__

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REPOSITORY = PROJECT["tool"]["cspgraph"]["repository"]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
PAGES = ["CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "CHANGELOG.md"]
READ_BY_MACHINES = [
    *("CITATION.cff", "publiccode.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"),
    *(".github/workflows/check.yml", ".github/ISSUE_TEMPLATE/config.yml"),
    *(str(form.relative_to(ROOT)) for form in FORMS),
]


def read(name: str) -> Any:
    """Return what a YAML file of the repository holds."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


# Form


@pytest.mark.parametrize("name", READ_BY_MACHINES)
def test_it_is_yaml(name: str) -> None:
    assert isinstance(read(name), dict)


def test_the_citation_has_what_its_format_needs() -> None:
    """Citation File Format 1.2.0: four keys are required, and an entity has a name."""
    cited = read("CITATION.cff")
    assert cited.keys() >= {"authors", "cff-version", "message", "title"}
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] in {"software", "dataset"}
    assert all(author.keys() == {"name"} for author in cited["authors"])


def test_the_public_code_description_has_what_its_format_needs() -> None:
    """The keys that the standard publiccode.yml 0.5 calls mandatory."""
    told = read("publiccode.yml")
    assert told.keys() >= {
        *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus"),
        *("softwareType", "description", "legal", "maintenance", "localisation"),
    }
    assert told["softwareType"] == "library"
    english = told["description"]["en"]
    assert english.keys() >= {"shortDescription", "longDescription", "features"}
    assert len(english["shortDescription"]) <= 150
    assert 500 <= len(english["longDescription"]) <= 10_000
    assert told["legal"].keys() >= {"license"}
    assert told["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in told["maintenance"]["contacts"])
    assert told["localisation"].keys() >= {"localisationReady", "availableLanguages"}


@pytest.mark.parametrize("place", FORMS, ids=lambda place: place.stem)
def test_an_issue_form_can_be_shown(place: Path) -> None:
    """Name, description and parts; each part but plain text has an id and a label."""
    form = yaml.safe_load(place.read_text(encoding="utf-8"))
    assert form.keys() >= {"name", "description", "body"}
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    ids = [part["id"] for part in asked]
    assert len(ids) == len(set(ids)) > 0
    for part in asked:
        assert part["type"] in {"textarea", "input", "dropdown", "checkboxes"}
        assert part["attributes"]["label"]
        assert part["type"] != "dropdown" or part["attributes"]["options"]
    assert any(part["validations"]["required"] for part in asked)


def test_both_hosts_run_the_one_check() -> None:
    github, gitlab = read(".github/workflows/check.yml"), read(".gitlab-ci.yml")
    ran = [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    assert ran == [".ci/run"]
    assert gitlab["check"]["script"] == gitlab["untried"]["script"] == [".ci/run"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_a_commit_runs_what_the_check_runs_first() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"(?m)^style: .*\n((?:\t.*\n)+)", makefile)
    assert commands
    first = [
        line.strip().replace("$(BIN)", ".venv/bin")
        for line in commands[1].splitlines()
        if "pytest" not in line
    ]
    (local,) = read(".pre-commit-config.yaml")["repos"]
    assert [hook["entry"] for hook in local["hooks"]] == first
    assert all(hook["language"] == "system" for hook in local["hooks"])


# Facts


def test_the_version_is_that_of_the_package() -> None:
    assert read("CITATION.cff")["version"] == __version__
    assert read("publiccode.yml")["softwareVersion"] == __version__
    tools = read("server.json")  # JSON is YAML
    assert {tools["version"], tools["packages"][0]["version"]} == {__version__}


def test_licence_authors_and_status_are_those_of_the_package() -> None:
    project = PROJECT["project"]
    cited, told = read("CITATION.cff"), read("publiccode.yml")
    assert cited["license"] == told["legal"]["license"] == project["license"]
    assert cited["authors"] == project["authors"] == told["maintenance"]["contacts"]
    assert cited["title"] == told["name"] == project["name"]
    (status,) = [c for c in project["classifiers"] if c.startswith("Development")]
    assert status.rpartition(" - ")[2].lower() == told["developmentStatus"]
    assert set(cited["keywords"]) <= set(project["keywords"])


def test_pythons_are_those_that_were_tried() -> None:
    """A Python of the classifiers must pass; the others in the workflows may fail."""
    said = {
        found[1]
        for name in PROJECT["project"]["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", name))
    }
    matrix = read(".github/workflows/check.yml")["jobs"]["check"]["strategy"]["matrix"]
    gitlab = read(".gitlab-ci.yml")
    (tried,), (other,) = (
        [set(one["PYTHON_VERSION"]) for one in gitlab[job]["parallel"]["matrix"]]
        for job in ("check", "untried")
    )
    untried = {one["python"] for one in matrix["include"] if one["untried"]}
    assert set(matrix["python"]) == tried == said
    assert untried == other
    assert not said & untried
    assert gitlab["untried"]["allow_failure"] is True


def test_the_address_is_one_setting() -> None:
    assert read("publiccode.yml")["url"] == REPOSITORY
    assert read("CITATION.cff").get("repository-code", "") == REPOSITORY


@pytest.mark.parametrize("name", [*PAGES, *READ_BY_MACHINES])
def test_no_address_of_a_person_or_a_place_that_is_not_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.findall(r"[\w.]+@[\w-]+\.\w+", text)
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert hosts <= {"keepachangelog.com", "semver.org", "w3id.org"}


@pytest.mark.parametrize("name", PAGES)
def test_links_and_paths_lead_somewhere(name: str) -> None:
    """Paths that hold a name to be filled in (`<name>`, NN) are none."""
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert not [target for target in linked if not (ROOT / target).exists()]
    if name == "CHANGELOG.md":
        return
    shown = re.findall(r"(?<![\w/.])((?:tests|docs|data|ontology|src)/[\w./-]+)", text)
    lost = [p for p in shown if not (ROOT / p.rstrip(".")).exists()]
    assert [path for path in lost if not path.endswith(("/", "NN-"))] == []


# Links of the package


def test_links_of_the_package_are_whole_once_there_is_an_address() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    whole = absolute(text, "https://example.org/r/", "1.2.3")
    assert not re.findall(r"\]\((?!https?:|#)", whole)
    assert "](https://example.org/r/blob/v1.2.3/docs/tutorial/dorset.md)" in whole
    assert absolute(text, "", "1.2.3") == text
    assert set(addresses("https://example.org/r")) == {
        *("Source", "Documentation", "Changelog", "Issues")
    }


def test_the_picture_is_that_of_today() -> None:
    """`make docs` draws it again; its words stand in the README for who cannot see it."""
    assert PLACE.read_text(encoding="utf-8") == drawn()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"!\[[^\]]{40,}\]\(docs/responsible-authorities\.svg\)", text)


# A release

WRITTEN = [
    *(
        "pyproject.toml",
        "CHANGELOG.md",
        "CITATION.cff",
        "publiccode.yml",
        "server.json",
    ),
    "src/cspgraph/version.py",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the files that a release reads and writes."""
    for name in WRITTEN:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((ROOT / name).read_bytes())
    return tmp_path


def with_address(checkout: Path, address: str) -> None:
    """Write the one setting."""
    place = checkout / "pyproject.toml"
    text = place.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^repository = "[^"]*"', f'repository = "{address}"', text)
    place.write_text(text, encoding="utf-8")


def test_a_release_stops_while_there_is_no_address(checkout: Path) -> None:
    with_address(checkout, "")
    (said,) = release.missing(checkout, "9.0.0")
    assert "repository in [tool.cspgraph] is empty" in said


@pytest.mark.parametrize("version", ["", "9", "v9.0.0", "9.0.0 ", "9.0.0rc1"])
def test_a_release_has_a_version(checkout: Path, version: str) -> None:
    with_address(checkout, "https://example.org/r")
    (said,) = release.missing(checkout, version)
    assert said.endswith("is no version; write VERSION=0.2.0")


def test_a_version_is_released_once_and_says_what_changed(checkout: Path) -> None:
    with_address(checkout, "https://example.org/r")
    assert release.missing(checkout, "9.0.0") == []
    release.prepare(checkout, "9.0.0", date(2027, 1, 4))
    again = release.missing(checkout, "9.0.0")
    assert ["released already" in again[0], "Unreleased" in again[1]] == [True, True]


def test_a_release_writes_one_version_everywhere(checkout: Path) -> None:
    before = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    with_address(checkout, "https://example.org/r")
    for version in ("9.0.0", "9.1.0"):  # a second time over the first
        release.prepare(checkout, version, date(2027, 1, 4))
    cited = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    told = yaml.safe_load((checkout / "publiccode.yml").read_text(encoding="utf-8"))
    code = (checkout / "src/cspgraph/version.py").read_text(encoding="utf-8")
    assert '__version__ = "9.1.0"\n' in code
    assert cited["version"] == told["softwareVersion"] == "9.1.0"
    tools = yaml.safe_load((checkout / "server.json").read_text(encoding="utf-8"))
    assert tools["version"] == tools["packages"][0]["version"] == "9.1.0"
    assert cited["date-released"] == told["releaseDate"] == "2027-01-04"
    assert cited["repository-code"] == told["url"] == "https://example.org/r"
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert release.notes(changelog, "9.0.0") == release.notes(before, "Unreleased")
    assert release.notes(changelog, "Unreleased") == ""
