"""Answers as data frames of pandas or polars, each column with a type of its own.

A column has a type only if every cell in it is of that type. Else it is text, as the
cells were written, and what did not fit is counted: nothing is made to fit, and no
value is lost.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from cspgraph.errors import MissingPackageError, ParameterError
from cspgraph.rdf.results import held, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cspgraph.questions.query_file import Column
    from cspgraph.rdf.results import Term, Value

__all__ = ["Series", "frame", "ill_typed", "series"]

_DECLARED = ("date", "integer")
_PANDAS = {
    "boolean": "boolean",
    "date": "datetime64[s]",
    "integer": "Int64",
    "number": "Float64",
    "text": "string",
}
_POLARS = {
    "boolean": "Boolean",
    "date": "Date",
    "integer": "Int64",
    "number": "Float64",
    "text": "String",
}


class Series(NamedTuple):
    """One column of a frame: its name, type and cells, and the texts that do not fit."""

    name: str
    kind: str
    cells: Sequence[Value]
    misfits: Sequence[str]

    def __str__(self) -> str:
        count, total = len(self.misfits), sum(cell is not None for cell in self.cells)
        some = "is" if count == 1 else "are"
        return (
            f"{self.name}: {count} of {total} values {some} not of the kind that they "
            f"should be, the first {self.misfits[0][:60]!r}; the column is text"
        )


def series(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Term | None]],
    word: Callable[[Term], str],
) -> list[Series]:
    """Return the columns of a frame; `word` says how a cell of text is written."""
    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return [
        _series(column, found, word)
        for column, found in zip(columns, cells, strict=True)
    ]


def ill_typed(found: Sequence[Series]) -> dict[str, int]:
    """Return how many cells did not fit, for each column where some did not."""
    return {one.name: len(one.misfits) for one in found if one.misfits}


def frame(backend: str, found: Sequence[Series], notes: Mapping[str, object]) -> Any:
    """Return the columns `found` as a frame of `backend`, which is pandas or polars.

    Warns, in a sentence for each column, of cells that did not fit. With pandas the
    `notes` are the frame's `attrs`. Raises `ParameterError` for another backend and
    `MissingPackageError` for one that is not installed.
    """
    if backend not in _MAKE:
        known = " or ".join(map(repr, _MAKE))
        raise ParameterError(f"backend: {backend!r} is not known; write {known}")
    try:
        made = _MAKE[backend](found, notes)
    except ImportError as error:
        raise MissingPackageError(backend, f"to_frame({backend!r})") from error
    for one in found:
        if one.misfits:
            warnings.warn(str(one), stacklevel=3)
    return made


def _series(
    column: Column, cells: Sequence[Term | None], word: Callable[[Term], str]
) -> Series:
    terms = [term for term in cells if term is not None]
    declared = column.kind if column.kind in _DECLARED else ""
    kinds = {kind_of(term) for term in terms}
    kind = declared or (kinds.pop() if len(kinds) == 1 else "text")
    misfits = [t.value for t in terms if _fitting(t, declared or kind_of(t)) is None]
    if misfits or kind == "text":
        texts = [None if term is None else word(term) for term in cells]
        return Series(column.name, "text", texts, misfits)
    fitting = [None if term is None else held(term, kind) for term in cells]
    return Series(column.name, kind, fitting, misfits)


def _fitting(term: Term, kind: str) -> Value:
    """Return what a column of `kind` holds of `term`; whole numbers have 64 bits."""
    value = held(term, kind)
    if kind == "integer" and isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else None
    return value


def _pandas(found: Sequence[Series], notes: Mapping[str, object]) -> Any:
    import pandas as pd

    made = pd.DataFrame(
        {s.name: pd.Series(list(s.cells), dtype=_PANDAS[s.kind]) for s in found}
    )
    made.attrs.update(notes, ill_typed=ill_typed(found))
    return made


def _polars(found: Sequence[Series], _: Mapping[str, object]) -> Any:
    import polars as pl

    return pl.DataFrame(
        [pl.Series(s.name, s.cells, dtype=getattr(pl, _POLARS[s.kind])) for s in found]
    )


_MAKE = {"pandas": _pandas, "polars": _polars}
