"""The user's own files, with a filled form taken as the record that it makes.

A form that somebody fills is read as it is, without an import before: what is wrong in
it is found by a check, at its cell.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.rdf import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cspgraph.forms.lookup import Lookup
    from cspgraph.rdf.files import Source

__all__ = ["is_form", "left_out", "read"]

_ENDINGS = (".xlsx", ".yaml", ".yml")


def is_form(path: str | Path) -> bool:
    """Return whether `path` is a workbook, a YAML file, or a folder of tables alone.

    >>> is_form("ashford.xlsx"), is_form("ashford.trig")
    (True, False)
    """
    place = Path(path)
    try:
        if not place.is_dir():
            return place.suffix.lower() in _ENDINGS
        endings = {item.suffix.lower() for item in place.iterdir()}
    except OSError:
        return False
    return ".csv" in endings and not endings.intersection(files.FORMATS)


def read(
    paths: Iterable[str | Path], tell: Callable[[str], object] = str
) -> list[Source]:
    """Return the user's files at `paths`: records, folders of them, and filled forms.

    Of a form the rows that are right are taken; how many cells cannot be read is told,
    and each is a finding of a check. A form may point to what the other files describe.
    Raises `FileError` for a file that cannot be read at all.
    """
    paths = list(paths)
    plain = [path for path in paths if not is_form(path)]
    read = {str(path): files.user_files(path) for path in plain}
    if len(plain) < len(paths):
        from cspgraph.dataset import Dataset
        from cspgraph.forms.lookup import Lookup

        beside = [source for found in read.values() for source in found]
        dataset = Dataset(beside)
        entries = dataset.register.entries()
        known = Lookup(dataset.terms, dataset.law, dataset.records, entries)
        for path in paths:
            if str(path) not in read:
                read[str(path)] = [_taken(path, known, tell)]
    return [source for path in paths for source in read[str(path)]]


def left_out(paths: Iterable[str | Path]) -> list[str]:
    """Return the names of files in the folders at `paths` that are of no kind that is read."""
    plain = (path for path in paths if not is_form(path))
    return [name for path in plain for name in files.left_out(path)]


def _taken(path: str | Path, choices: Lookup, tell: Callable[[str], object]) -> Source:
    from cspgraph.forms import formats, read
    from cspgraph.forms.schema import form
    from cspgraph.rdf import serialize

    name = str(path)
    made = read.read(formats.grid(path, form()), form(), choices)
    for remark in made.remarks:
        tell(remark)
    if made.problems:
        count = len(made.problems)
        many = f"{count} problem{'s' * (count > 1)}"
        left = f"{len(made.left_out)} row{'s' * (len(made.left_out) != 1)}"
        tell(
            f"{name}: {many}, and {left} left out for {'them' if count > 1 else 'it'};"
            f" 'cspgraph check {name}' says which"
        )
    choices.add(made.quads)
    return files.Source(
        name,
        serialize.trig(made.quads, name).encode(),
        ".trig",
        made.places or {"": ""},
        tuple(
            (problem.place, problem.value, problem.said) for problem in made.problems
        ),
    )
