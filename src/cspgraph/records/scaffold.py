"""A place for the records of an area: folders, a page that explains them, a check in CI."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.errors import FileError
from cspgraph.rdf import save
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["begin", "files"]

_README = """# Records of {area}

What documents say about community safety in {area}: plans, decisions, minutes.

- Put each record into the folder `records`, one file for each source document. Files end in `.ttl` or `.trig`.
- A record says what a document says happened, with the place in it. It cannot change the law or who is bound by it; such a line is left out and you are told.
- Blank means that there is no record. It never means that something was not done.
- No names of people, no telephone numbers, no addresses.

## Write a record

    cspgraph template --area {code} -o record.xlsx
    cspgraph import record.xlsx -o records/minutes.trig

The first makes an empty form, which already lists the duties in force there; the second makes a record of it, or says what is wrong, cell by cell.

## Check

    cspgraph check records --area {code}

It says what is missing, where to put it and which law asks for it, and where two records do not agree. `cspgraph check records --area {code} -o report.html` writes the same as a page.

## Ask

    cspgraph brief records --area {code} --product csp-plan -o brief.docx

makes the checklist for the report on which the council decides. In Python: `cspgraph.load("records")`.

## On every change

`.github/workflows/check.yml` and `.gitlab-ci.yml` run the check on GitHub and on GitLab. Keep the one you need and delete the other. Both install cspgraph {version}; where you keep a copy of your own, name it there instead.
"""
_RECORDS = """# Records

One file for each source document, ending in `.ttl` or `.trig`. This page is for people and is not read.
"""
_GITHUB = """name: check
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "cspgraph=={version}"
      - run: cspgraph check records --area {code}
"""
_GITLAB = """check:
  image: python:3.12
  script:
    - pip install "cspgraph=={version}"
    - cspgraph check records --area {code}
"""


def files(area: str, code: str) -> Mapping[str, str]:
    """Return the files of a new project for the area called `area`, by their path.

    >>> sorted(files("Ashford", "E07000105"))
    ['.github/workflows/check.yml', '.gitlab-ci.yml', 'README.md', 'records/README.md']
    """
    texts = {
        "README.md": _README,
        "records/README.md": _RECORDS,
        ".github/workflows/check.yml": _GITHUB,
        ".gitlab-ci.yml": _GITLAB,
    }
    given = {"area": area, "code": code, "version": __version__}
    return {name: text.format(**given) for name, text in texts.items()}


def begin(folder: str | Path, area: str, code: str) -> tuple[list[Path], list[Path]]:
    """Make a project in `folder`; return the files that were written, and those kept.

    What is there already is kept as it is. Raises `FileError` when a place cannot be
    written; then nothing new is there.
    """
    place = Path(folder)
    wanted = {place / name: text for name, text in files(area, code).items()}
    kept = [path for path in wanted if path.exists() or path.is_symlink()]
    new = {path: text for path, text in wanted.items() if path not in kept}
    if not place.exists():
        texts = files(area, code)
        made = _folders(place.parent)
        try:
            save.save_folder(place, texts)
        except BaseException:
            _take_back(made)
            raise
        return list(new), kept
    made = []
    try:
        for path in new:
            made += _folders(path.parent)
        save.save_together(new)
    except BaseException as error:
        _take_back(made)
        if isinstance(error, OSError):
            problem = (error.strerror or "cannot be written").lower()
            raise FileError(str(folder), f"{problem}; choose another place") from error
        raise
    return list(new), kept


def _take_back(made: list[Path]) -> None:
    """Remove the folders that were made, where nothing else lies in them."""
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _folders(path: Path) -> list[Path]:
    """Make `path` and the folders above it that are missing; return those made."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
    return missing[::-1]
