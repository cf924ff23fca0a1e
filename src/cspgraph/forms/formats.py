"""The file formats of a form: a workbook, a folder of CSV tables, or a YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.errors import CspgraphError, FileError
from cspgraph.forms import csv_folder, xlsx, yaml_file
from cspgraph.rdf import save
from cspgraph.rdf.files import Source
from cspgraph.rdf.journal import refuse_broken
from cspgraph.rdf.read import regular

if TYPE_CHECKING:
    from cspgraph.forms.grid import Grid
    from cspgraph.forms.schema import Form
    from cspgraph.forms.template import TemplateGuide
    from cspgraph.forms.write import Filled

__all__ = ["ENDINGS", "grid", "is_form", "write"]

ENDINGS = (".xlsx", ".yaml", ".yml")
_OTHERS = {
    ".xlsm": "a workbook with macros is not read; save it as .xlsx",
    ".xls": "an older kind of workbook; save it as .xlsx",
    ".xlsb": "a workbook of another kind; save it as .xlsx",
    ".ods": "a workbook of another kind; save it as .xlsx",
    ".numbers": "a workbook of another kind; export it as .xlsx",
    ".csv": "one table alone is no form; give the folder in which its tables lie",
}
_TABLES = 100
_ADVICE = "copy the filled rows into a new form"


def is_form(path: str | Path) -> bool:
    """Return whether `path` names a workbook, a YAML file or a folder of tables.

    >>> is_form("ashford.xlsx"), is_form("ashford"), is_form("ashford.trig")
    (True, True, False)
    """
    return Path(path).suffix.lower() in ("", *ENDINGS)


def grid(path: str | Path, form: Form) -> Grid:
    """Return the rows of the form at `path`, in any of the formats.

    Raises `FileError` for a file that cannot be read as a form.
    """
    place, name = Path(path), str(path)
    try:
        if place.is_dir():
            return csv_folder.grid(_tables(place, name), form)
        ending = place.suffix.lower()
        if ending not in ENDINGS:
            known = f"a form ends in {', '.join(ENDINGS)}, or is a folder of CSV tables"
            raise FileError(name, _OTHERS.get(ending, known))
        source = Source(name, regular(place, xlsx.MAX_BYTES, _ADVICE))
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise FileError(name, f"{said.lower()}; check the path") from error
    read = xlsx.grid if ending == ".xlsx" else yaml_file.grid
    try:
        return read(source, form)
    except CspgraphError:
        raise
    except Exception as error:  # whatever a reader meets in a file of strangers
        problem = "it is damaged, or no form; begin from 'cspgraph template'"
        raise FileError(name, problem) from error


def _tables(place: Path, name: str) -> list[Source]:
    refuse_broken(place)
    found = sorted(item for item in place.iterdir() if item.suffix.lower() == ".csv")
    if not found:
        raise FileError(
            name, "no table in this folder ends in .csv; begin from 'cspgraph template'"
        )
    tables, left = [], xlsx.MAX_BYTES
    if len(found) > _TABLES:
        raise FileError(name, f"more than {_TABLES} tables are no form; split it")
    for item in found:
        tables.append(Source(str(item), regular(item, left, _ADVICE)))
        left -= len(tables[-1].data)
    return tables


def write(filled: Filled, form: Form, guide: TemplateGuide, path: str | Path) -> None:
    """Write a form to `path`: a workbook, a YAML file, or else a folder of tables.

    All files or none are written. Raises `FileError` when the place cannot be written.
    """
    place, ending = Path(path), Path(path).suffix.lower()
    if ending == ".xlsx":
        made = xlsx.written(filled, form, guide, str(path))
        save.save_together({place: made})
    elif ending:
        save.save(yaml_file.written(filled, form, guide), place)
    else:
        tables = csv_folder.written(filled, form, guide)
        save.save_folder(place, tables)
