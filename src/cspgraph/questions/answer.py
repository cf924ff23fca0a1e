"""Answers: rows under names, with the day, the labels and a receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, overload
from typing import Literal as Only

from pyoxigraph import NamedNode

from cspgraph.rdf.results import value_of
from cspgraph.rdf.terms import compact
from cspgraph.receipt import reach, supposed, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl

    from cspgraph.diagrams.diagram import Figure
    from cspgraph.questions.frames import Series
    from cspgraph.questions.query_file import Column
    from cspgraph.rdf.results import Term, Value
    from cspgraph.receipt import Receipt

__all__ = ["ENDINGS", "Answer"]

#: The kinds of file into which an answer can go.
ENDINGS = (".xlsx", ".csv", ".json", ".md", ".html")

#: The names of answers to free SPARQL.
_FREE = frozenset({"select", "sparql"})
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), 127)}


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer to one question on one day.

    Iterating gives one dictionary for each row: column name to `str` (IRIs and
    texts), `int`, `bool`, `datetime.date`, or `None` where the row has no value.
    `terms` holds the same rows as RDF terms. Where there are no rows, `empty` says
    why: `reason`, a code; `text`; and `ask_instead`, a command, or None.
    """

    name: str
    question: str
    columns: tuple[Column, ...]
    terms: tuple[tuple[Term | None, ...], ...]
    on: date | None
    parameters: Mapping[str, Sequence[Term]]
    labels: Mapping[str, str]
    receipt: Receipt
    complete: bool = True
    empty: Mapping[str, str | None] | None = None
    says: str = ""

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        names = [column.name for column in self.columns]
        for row in self.terms:
            yield dict(zip(names, map(value_of, row), strict=True))

    @overload
    def __getitem__(self, place: int) -> dict[str, Value]: ...

    @overload
    def __getitem__(self, place: slice) -> Answer: ...

    def __getitem__(self, place: int | slice) -> dict[str, Value] | Answer:
        """Return a row as iterating gives it, or with a slice an answer of those rows.

        What was left out is told: an answer that lacks rows is not complete.

        >>> from cspgraph import load
        >>> found = load(on="2024-07-23").answer("responsible-authorities", area="Dorset")
        >>> found[0]["law"], len(found[1:3]), found[1:3].complete
        ('CDA 1998 s.5(1)(a)', 2, False)
        """
        if isinstance(place, slice):
            rows = self.terms[place]
            whole = self.complete and len(rows) == len(self)
            return replace(self, terms=rows, complete=whole)
        names = [column.name for column in self.columns]
        return dict(zip(names, map(value_of, self.terms[place]), strict=True))

    def __repr__(self) -> str:
        """Return what a terminal shows: the caption, and the first rows as a table."""
        from cspgraph.render.html import MAX_ROWS

        shown = self._text(self._grid()[: MAX_ROWS + 1])
        return "\n".join([self.caption, *(self.silence or [shown])])

    def __str__(self) -> str:
        return "\n".join([self._text(self._grid()), *self.silence])

    def _repr_html_(self) -> str:
        from cspgraph.render import html

        table = html.table(self.caption, self.titles, self.words(), tips=self._tips())
        above = map(html.paragraph, [self.sentence(), *self._above()])
        return html.fragment([*above, table, *map(html.paragraph, self._below())])

    @property
    def silence(self) -> list[str]:
        """Why there are no rows, and what may be asked instead, in sentences."""
        if self.empty is None:
            return []
        instead = self.empty["ask_instead"]
        asked = [f"Ask instead: {instead}"] if instead else []
        return [str(self.empty["text"]), *asked]

    @property
    def titles(self) -> list[str]:
        """The column names as words."""
        return [column.name.replace("_", " ") for column in self.columns]

    @property
    def caption(self) -> str:
        """The question, the day and the number of rows, in one line."""
        if_so = supposed(self.receipt)
        day = f" On {self.on:%-d %B %Y}{if_so}:" if self.on else if_so
        if "scenario" in self.receipt:
            day = f" In the scenario {self.receipt['scenario']}, which is not law.{day}"
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        return (
            f"{self.question}{day} {count}{'' if self.complete else ', not complete'}."
        )

    def sentence(self) -> str:
        """Return the answer in a sentence or a few: what it says, and how sure that is.

        It never says that something was not done, nor that a body must adopt where the
        law only says who adopts.
        """
        from cspgraph.questions.sentences import listed, sentence

        asked, dated = self._asked()
        day = f"{self.on:%-d %B %Y}" if self.on else "" if dated else "All dates"
        day += supposed(self.receipt)
        if "scenario" in self.receipt:
            day += f", in the scenario {self.receipt['scenario']}, which is not law"
        names = [column.name for column in self.columns]
        rows = [dict(zip(names, row, strict=True)) for row in self.words()]
        told = self.silence or [sentence(self.name, self.says, rows)]
        if rows and not self.complete:
            told.append("There is more: the answer was cut.")
        doubt = str(self.receipt.get("doubt", ""))
        if doubt and ", none on " not in doubt:
            told.append(f"{doubt[:1].upper()}{doubt[1:]}.")
        said = ", ".join([listed(asked), *dated, *filter(None, [day])]).strip(", ")
        return " ".join([f"{said}.", *told])

    def _asked(self) -> tuple[list[str], list[str]]:
        """Return what was asked about in words, and the days among it, such as from and to."""
        things, days = [], []
        for name, terms in self.parameters.items():
            for term in terms:
                value = value_of(term)
                if isinstance(value, date):
                    days.append(f"{name.replace('_', ' ')} {value:%-d %B %Y}")
                else:
                    things.append(self.labels.get(term.value, term.value))
        return things, days

    def words(self) -> list[list[str]]:
        """Return the rows in words: labels for things, ISO dates, "" for no value."""
        return [[self._word(term) for term in row] for row in self.terms]

    @overload
    def to_frame(
        self, backend: Only["pandas"] = "pandas", *, terms: bool = False
    ) -> pd.DataFrame: ...

    @overload
    def to_frame(
        self, backend: Only["polars"], *, terms: bool = False
    ) -> pl.DataFrame: ...

    def to_frame(self, backend: str = "pandas", *, terms: bool = False) -> Any:
        """Return a frame of pandas or polars with a column for each of the answer.

        Dates, whole numbers, numbers and truths have types that may lack a value, all
        else is text. Things come as words, or with `terms` as full IRIs; `self.terms`
        has the same rows as RDF terms, with language and datatype. Where a cell is not
        of the kind that it should be, its column stays text as it was written, which
        `ill_typed` counts and a warning says. A pandas frame has question, day, whether
        it is complete, receipt and that count in its `attrs`. Raises
        `MissingPackageError` where the backend is not installed.
        """
        from cspgraph.questions import frames

        notes = {
            "question": self.question,
            "on": self.on.isoformat() if self.on else None,
            "complete": self.complete,
            "receipt": dict(self.receipt),
            "empty": None if self.empty is None else dict(self.empty),
        }
        return frames.frame(backend, self._series(terms=terms), notes)

    @property
    def ill_typed(self) -> dict[str, int]:
        """How many cells are not of the kind that they should be, column by column."""
        from cspgraph.questions import frames

        return frames.ill_typed(self._series())

    def picture(self, most: int = 60) -> Figure:
        """Return the things of the rows as a picture, of at most so many things.

        It is Mermaid, SVG or a table, as it is asked; what was left out is said.
        """
        from cspgraph.questions import answer_picture

        names = [column.name for column in self.columns]
        rows = (zip(names, row, strict=True) for row in self.terms)
        full = [{name: term for name, term in row if term} for row in rows]
        return answer_picture.illustrate(
            self.caption,
            full,
            self._word,
            most,
            [*self._above(), *self.silence, *self._below()],
        )

    def in_full(self) -> Answer:
        """Return the same answer with full IRIs in place of names, however it is written."""
        whole = (term.value for row in self.terms for term in row if term is not None)
        return replace(self, labels={iri: iri for iri in whole})

    def to_csv(self, *, iris: bool | None = None) -> str:
        """Return the rows as CSV; a cell that begins like a formula gets a '.

        Things come as full IRIs with `iris`, and as words without; where that is left
        open, as IRIs in an answer to free SPARQL, and as words in any other.
        """
        from cspgraph.render.table import sheet

        full = self.name in _FREE if iris is None else iris
        rows = (self.in_full() if full else self).words()
        return sheet([column.name for column in self.columns], rows)

    def to_markdown(self) -> str:
        """Return the rows in words as a Markdown table.

        The sentence stands above it, and a warning if need be.
        """
        from cspgraph.render import markdown

        first = [self.sentence(), *self._above()]
        above = "".join(f"{markdown.escaped(said)}\n\n" for said in first)
        return above + markdown.markdown(self.titles, self.words())

    def to_json(self) -> str:
        """Return one JSON object: question, parameters, day, columns, rows, receipt.

        IRIs are full, dates ISO, missing values null; `labels` gives the words.
        """
        from cspgraph.render import json_object

        whole = {
            "question": self.name,
            "parameters": {
                name: [term.value for term in terms]
                for name, terms in self.parameters.items()
            },
            "on": self.on.isoformat() if self.on else None,
            "sentence": self.sentence(),
            "columns": [
                {"name": column.name, "kind": column.kind, "title": column.title}
                for column in self.columns
            ],
            "rows": [dict(row) for row in self],
            "empty": None if self.empty is None else dict(self.empty),
            "labels": dict(sorted(self.labels.items())),
            "complete": self.complete,
            "receipt": dict(self.receipt),
        }
        return json_object.written(whole)

    def _notes(self) -> list[str]:
        return [
            f"{name.capitalize()}: {self.receipt[name]}."
            for name in ("widened", "doubt", "presumed")
            if name in self.receipt
        ]

    def _above(self) -> list[str]:
        """Return what must be said first, for a day beyond what is known."""
        return list(filter(None, [warning(self.receipt)]))

    def _below(self) -> list[str]:
        """Return how much is in doubt, and how far what is known reaches."""
        return list(filter(None, [*self._notes(), reach(self.receipt)]))

    def _tips(self) -> list[list[str]]:
        """Return the full address of each thing, where its cell shows a name for it."""
        return [
            [
                term.value
                if isinstance(term, NamedNode) and self._word(term) != term.value
                else ""
                for term in row
            ]
            for row in self.terms
        ]

    def _series(self, *, terms: bool = False) -> list[Series]:
        from cspgraph.questions import frames

        def word(term: Term) -> str:
            thing = isinstance(term, NamedNode)
            return self._word(term) if thing and not terms else term.value

        return frames.series(self.columns, self.terms, word)

    def _word(self, term: Term | None) -> str:
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            name = self.labels.get(term.value) or compact(term.value)
            return name.translate(_CONTROLS)
        return term.value.translate(_CONTROLS)

    def _grid(self) -> list[list[str]]:
        return [self.titles, *self.words()]

    @staticmethod
    def _text(grid: Sequence[Sequence[str]]) -> str:
        width = [max(map(len, cells)) for cells in zip(*grid, strict=True)]
        return "\n".join(
            "  ".join(c.ljust(n) for c, n in zip(row, width, strict=True)).rstrip()
            for row in grid
        )
