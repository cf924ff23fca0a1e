"""A release: the version written everywhere, the changelog closed, the notes made.

`make release VERSION=0.2.0` runs this, then the checks, the builds and the tag. It
changes nothing while something is missing that a reader of the release would need.
"""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_UNRELEASED = "## Unreleased"

__all__ = ["missing", "notes", "prepare", "repository"]


def repository(root: Path) -> str:
    """Return the public address of the repository, or nothing while there is none."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return str(settings["tool"]["cspgraph"]["repository"])


def missing(root: Path, version: str) -> list[str]:
    """Return in sentences what keeps `version` from being released; nothing if it can."""
    found = []
    if not _VERSION.fullmatch(version):
        found.append(f"{version!r} is no version; write VERSION=0.2.0")
    if not repository(root):
        found.append(
            "pyproject.toml: repository in [tool.cspgraph] is empty; write the public"
            " address of the repository there"
        )
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if re.search(rf"(?m)^## {re.escape(version)}(?= |$)", changelog):
        found.append(f"CHANGELOG.md: {version} has been released already")
    if _UNRELEASED not in changelog or not notes(changelog, "Unreleased"):
        found.append("CHANGELOG.md: nothing stands under Unreleased")
    return found


def notes(changelog: str, version: str) -> str:
    r"""Return what the changelog says of `version`.

    >>> notes("# Changelog\n\n## 0.2.0 - 2027-01-01\n\n- One.\n\n## 0.1.0\n", "0.2.0")
    '- One.'
    """
    for part in re.split(r"(?m)^## ", changelog)[1:]:
        heading, _, text = part.partition("\n")
        if heading.split(" ")[0] == version:
            return text.strip()
    return ""


def prepare(root: Path, version: str, day: date) -> None:
    """Write `version` and `day` wherever they stand, and close the changelog."""
    address = repository(root)
    _put(root / "src/cspgraph/version.py", r'(?<=__version__ = ").*(?=")', version)
    _put(
        root / "CHANGELOG.md",
        rf"(?m)^{_UNRELEASED}$",
        f"{_UNRELEASED}\n\n## {version} - {day}",
    )
    citation, publiccode = root / "CITATION.cff", root / "publiccode.yml"
    _put(
        citation,
        r"(?m)^version: .*\n(date-released: .*\n)?(repository-code: .*\n)?",
        f'version: "{version}"\ndate-released: "{day}"\nrepository-code: "{address}"\n',
    )
    _put(
        publiccode,
        r"(?m)^softwareVersion: .*\n(releaseDate: .*\n)?",
        f'softwareVersion: "{version}"\nreleaseDate: "{day}"\n',
    )
    _put(publiccode, r"(?m)^url: .*", f'url: "{address}"')
    for indent in (2, 6):  # of the server, and of the package that it is in
        place = rf'(?m)(?<=^{" " * indent}"version": ").*(?=",$)'
        _put(root / "server.json", place, version)


def _put(place: Path, pattern: str, text: str) -> None:
    """Write `text` in place of the one thing in a file that fits `pattern`."""
    old = place.read_text(encoding="utf-8")
    new, times = re.subn(pattern, lambda _: text, old, count=1)
    if not times:
        sys.exit(f"{place.name}: nothing there to write {text.splitlines()[0]!r} over")
    place.write_text(new, encoding="utf-8")


def main() -> None:
    """Prepare the release whose version is the only argument."""
    version = sys.argv[1] if len(sys.argv) == 2 else ""
    complaints = missing(ROOT, version)
    if complaints:
        sys.exit("\n".join(f"release: {complaint}" for complaint in complaints))
    prepare(ROOT, version, datetime.now(UTC).date())
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    place = ROOT / "dist" / f"notes-{version}.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text(notes(changelog, version) + "\n", encoding="utf-8")
    print(f"{version} is written; the notes are in {place.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
