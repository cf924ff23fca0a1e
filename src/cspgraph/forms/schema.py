"""What a record can hold, as sheets and columns: `ontology/forms/record.csv`, read.

What a column asks for, with an example, comes from the shape that checks it, so that the
form and the check say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from cspgraph.forms.cells import fold
from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FILE", "OTHER", "START", "Form", "FormColumn", "Sheet", "form"]

FILE = "ontology/forms/record.csv"
VERSION = "1"
START, OTHER = "Record", "Other facts"
_HEAD = ("sheet", "heading", "term", "holds", "from", "count", "note")
_FOLDERS = ("ontology/shapes/record", "ontology/shapes/register")
#: The beginning of the addresses of entries whose class is called otherwise.
_PREFIX = {
    "csp:SourceDocument": "document",
    "csp:StrategyVersion": "version",
    "csp:FundingStatement": "funding",
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: the term it stands for, what a cell holds, and how many values."""

    sheet: str
    heading: str
    term: NamedNode
    holds: str
    lists: tuple[str, ...]
    count: str
    note: str

    @property
    def many(self) -> bool:
        """Whether a cell can hold several values."""
        return self.count in ("any", "one or more")

    def joined(self, items: Sequence[str]) -> str:
        """Return several values as the text of one cell."""
        return ("\n" if self.holds == "words" else "; ").join(items)

    @property
    def needed(self) -> bool:
        """Whether a check will ask for it."""
        return self.count in ("one", "one or more")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the class of its rows, the prefix of their addresses, its columns."""

    name: str
    kind: NamedNode
    prefix: str
    columns: tuple[FormColumn, ...]

    def column(self, heading: str) -> FormColumn:
        """Return the column with this heading, however it is spelt.

        Raises `KeyError` where there is none.
        """
        wanted = fold(heading).casefold()
        for column in self.columns:
            if column.heading.casefold() == wanted:
                return column
        raise KeyError(heading)


@dataclass(frozen=True)
class Form:
    """The sheets of the form, in order."""

    sheets: tuple[Sheet, ...]
    digest: str

    @property
    def stamp(self) -> str:
        """The version and the beginning of the digest, as a hidden cell holds them."""
        return f"record {VERSION} {self.digest[:16]}"

    def sheet(self, name: str) -> Sheet:
        """Return the sheet called `name`; raise `KeyError` where there is none.

        >>> form().sheet("Decisions").prefix
        'decision'
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""
        return [sheet.name for sheet in self.sheets]


@cache
def form() -> Form:
    """Return the form, with the notes of the shapes.

    >>> [sheet.name for sheet in form().sheets][:3]
    ['Documents', 'Passages', 'Strategies']
    """
    (source,) = files.shipped(FILE, ".csv")
    told = _told()
    columns: dict[str, list[FormColumn]] = {}
    kinds: dict[str, str] = {}
    for row in files.rows(source, _HEAD):
        cell = row.cells
        if cell["holds"] == "ref":
            kinds[cell["sheet"]] = cell["term"]
        term = _iri(cell["term"])
        lists = tuple(cell["from"].split())
        note = cell["note"] or told[_iri(kinds[cell["sheet"]]), term]
        columns.setdefault(cell["sheet"], []).append(
            FormColumn(
                cell["sheet"],
                cell["heading"],
                term,
                cell["holds"],
                lists,
                cell["count"],
                " ".join([note, *_how(cell["holds"], lists, cell["count"])]),
            )
        )
    made = tuple(
        Sheet(name, _iri(kinds[name]), _prefix(kinds[name]), tuple(found))
        for name, found in columns.items()
    )
    return Form(made, files.digest([source]))


def _how(holds: str, lists: Sequence[str], count: str) -> Iterator[str]:
    """Yield how such a cell is filled."""
    sheets = [name for name in lists if name[0].isupper()]
    several = count in ("any", "one or more")
    if sheets == list(lists) and sheets:
        yield f"Write the ref or name of a row of {' or '.join(sheets)}."
    elif holds == "name":
        yield "Choose from the list."
    if several:
        yield (
            "One to a line."
            if holds == "words"
            else "Separate several with a semicolon."
        )


def _iri(short: str) -> NamedNode:
    prefix, _, name = short.partition(":")
    return NamedNode(PREFIXES[prefix] + name)


def _prefix(kind: str) -> str:
    return _PREFIX.get(kind, kind.partition(":")[2].lower())


def _told() -> dict[tuple[NamedNode, NamedNode], str]:
    """Return what the shapes say of a class and a term: message and example."""
    store = Store()
    for folder in _FOLDERS:
        for source in files.shipped(folder, ".ttl"):
            files.load_into(source, store, PREFIXES["graph"] + "shapes")
    found = store.query(_NOTES, use_default_graph_as_union=True)
    return {
        (
            row["class"],
            row["term"],
        ): f"{row['message'].value} For example: {row['example'].value.rstrip('.')}."
        for row in reversed(list(found))  # type: ignore[arg-type]  # the first speaks
    }


_NOTES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?class ?term ?message ?example {
  ?node sh:targetClass ?class ; sh:property ?shape .
  ?shape sh:path/((sh:alternativePath/rdf:rest*/rdf:first)?) ?term ;
    sh:message ?message ; sh:order ?order ; skos:example ?example .
  FILTER (ISIRI(?term))
  FILTER NOT EXISTS { ?shape sh:maxCount 0 }
}
ORDER BY ?class ?order ?shape ?term
"""
