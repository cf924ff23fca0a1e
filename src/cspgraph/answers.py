"""Answers: rows under names, with the day, the labels and a receipt."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from cspgraph import pages
from cspgraph.errors import ResultsError
from cspgraph.inert import guarded
from cspgraph.vocab import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from cspgraph.queries import Column

    Term = NamedNode | Literal
    Value = str | int | float | bool | date | None

__all__ = ["Answer", "from_json", "sheet", "value_of"]

_XSD = PREFIXES["xsd"]
_BOOLEAN = NamedNode(_XSD + "boolean")
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), 127)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question on one day.

    Iterating gives one dictionary for each row: column name to `str` (IRIs and
    texts), `int`, `bool`, `datetime.date`, or `None` where the row has no value.
    `terms` holds the same rows as RDF terms.
    """

    name: str
    question: str
    columns: tuple[Column, ...]
    terms: tuple[tuple[Term | None, ...], ...] = field(repr=False)
    on: date | None
    parameters: Mapping[str, Sequence[Term]]
    labels: Mapping[str, str] = field(repr=False)
    receipt: Mapping[str, str] = field(repr=False)
    complete: bool = True

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        names = [column.name for column in self.columns]
        for row in self.terms:
            yield dict(zip(names, map(value_of, row), strict=True))

    def __str__(self) -> str:
        width = [max(map(len, cells)) for cells in zip(*self._grid(), strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(size) for cell, size in zip(row, width, strict=True)
            ).rstrip()
            for row in self._grid()
        )

    def _repr_html_(self) -> str:
        return pages.table(self.caption, self.titles, self.words())

    @property
    def titles(self) -> list[str]:
        """The column names as words."""
        return [column.name.replace("_", " ") for column in self.columns]

    @property
    def caption(self) -> str:
        """The question, the day and the number of rows, in one line."""
        day = f" On {self.on:%-d %B %Y}:" if self.on else ""
        if "scenario" in self.receipt:
            day = f" In the scenario {self.receipt['scenario']}, which is not law.{day}"
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        return (
            f"{self.question}{day} {count}{'' if self.complete else ', not complete'}."
        )

    def words(self) -> list[list[str]]:
        """Return the rows in words: labels for things, ISO dates, "" for no value."""
        return [[self._word(term) for term in row] for row in self.terms]

    def to_frame(self, *, terms: bool = False) -> pd.DataFrame:
        """Return a pandas DataFrame with a column for each column of the answer.

        Things come as words, or as full IRIs when `terms` is true; dates as
        dates, integers as nullable integers. Needs pandas.
        """
        import pandas as pd

        rows = list(self) if terms else [dict(self._worded(row)) for row in self.terms]
        frame = pd.DataFrame(rows, columns=[column.name for column in self.columns])
        for column in self.columns:
            if column.kind == "integer":
                frame[column.name] = frame[column.name].astype("Int64")
        frame.attrs.update(question=self.question, on=str(self.on))
        return frame

    def to_csv(self) -> str:
        """Return the rows in words as CSV; a cell that begins like a formula gets a '."""
        return sheet([column.name for column in self.columns], self.words())

    def to_markdown(self) -> str:
        """Return the rows in words as a Markdown table."""
        return pages.markdown(self.titles, self.words())

    def to_json(self) -> str:
        """Return one JSON object: question, parameters, day, columns, rows, receipt.

        IRIs are full, dates ISO, missing values null; `labels` gives the words.
        """
        whole = {
            "question": self.name,
            "parameters": {
                name: [term.value for term in terms]
                for name, terms in self.parameters.items()
            },
            "on": self.on.isoformat() if self.on else None,
            "columns": [
                {"name": column.name, "kind": column.kind, "title": column.title}
                for column in self.columns
            ],
            "rows": [dict(row) for row in self],
            "labels": dict(sorted(self.labels.items())),
            "complete": self.complete,
            "receipt": dict(self.receipt),
        }
        return json.dumps(whole, ensure_ascii=False, indent=2, default=str) + "\n"

    def _worded(self, row: Sequence[Term | None]) -> Iterator[tuple[str, Value]]:
        for column, term in zip(self.columns, row, strict=True):
            thing = isinstance(term, NamedNode)
            yield column.name, self._word(term) if thing else value_of(term)

    def _word(self, term: Term | None) -> str:
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            name = self.labels.get(term.value) or compact(term.value)
            return name.translate(_CONTROLS)
        return term.value.translate(_CONTROLS)

    def _grid(self) -> list[list[str]]:
        return [self.titles, *self.words()]


def sheet(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return `rows` under `head` as CSV; a cell that begins like a formula gets a '.

    >>> print(sheet(["body"], [["=1+1"]]), end="")
    body
    '=1+1
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(guarded, row) for row in rows)
    return out.getvalue()


def from_json(data: bytes) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return columns and rows of SPARQL 1.1 Query Results JSON.

    Raises `ResultsError` when `data` is something else, or was cut short.
    """
    try:
        whole = json.loads(data)
        if "boolean" in whole:
            said = str(whole["boolean"]).lower()
            return ["answer"], [(Literal(said, datatype=_BOOLEAN),)]
        names = whole["head"]["vars"]
        rows = [
            tuple(_term(binding.get(name)) for name in names)
            for binding in whole["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(
            "the engine gave no complete SPARQL results in JSON"
        ) from error
    return names, rows


def _term(written: Mapping[str, str] | None) -> Term | None:
    if written is None:
        return None
    value = written["value"]
    if written["type"] in ("uri", "bnode"):
        return NamedNode(value if written["type"] == "uri" else f"urn:blank:{value}")
    if "xml:lang" in written:
        return Literal(value, language=written["xml:lang"])
    if "datatype" in written:
        kind = NamedNode(written["datatype"])
        if kind == _BOOLEAN:  # one server writes 1 and 0
            value = {"1": "true", "0": "false"}.get(value, value)
        return Literal(value, datatype=kind)
    return Literal(value)


def value_of(term: Term | None) -> Any:
    """Return the Python value of `term`; a text that is not of its kind stays text.

    >>> value_of(Literal("2024-07-23", datatype=NamedNode(_XSD + "date")))
    datetime.date(2024, 7, 23)
    """
    if term is None or isinstance(term, NamedNode):
        return term.value if term else None
    kind = term.datatype.value.removeprefix(_XSD)
    try:
        match kind:
            case "date":
                return date.fromisoformat(term.value)
            case "integer":
                return int(term.value)
            case "boolean":
                return {"true": True, "false": False}[term.value]
    except (ValueError, KeyError):
        return term.value
    return term.value
