"""Triples: what a CONSTRUCT or DESCRIBE gives, with its day and a receipt, as RDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, serialize

from cspgraph.errors import ParameterError, either
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import supposed, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from typing import Self

    from pyoxigraph import Triple
    from rdflib import Graph

    from cspgraph.receipt import Receipt

__all__ = ["FORMATS", "Triples"]

#: The formats of RDF by the names that people type.
FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "json-ld": RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True, repr=False)
class Triples:
    """The statements that a question builds, each once and in order.

    Iterating gives pyoxigraph triples. `on` is the day of the graph, None where it is
    for all dates; where the statements were cut, `complete` is false and the receipt
    says in `cut` why.
    """

    triples: tuple[Triple, ...]
    on: date | None
    receipt: Receipt
    complete: bool = True

    @classmethod
    def of(
        cls, found: Iterable[Triple], on: date | None, receipt: Receipt, cut: str = ""
    ) -> Self:
        """Return `found` in order, each once; `cut` says why it is not all, if so."""
        said = {**receipt, "cut": cut} if cut else receipt
        return cls(tuple(sorted(set(found), key=str)), on, said, not cut)

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __repr__(self) -> str:
        return f"<{self.caption}>"

    def __str__(self) -> str:
        return self.to("turtle")

    @property
    def caption(self) -> str:
        """The number of statements, the day, and whether they are all, in one line."""
        count = f"{len(self):,} statement{'' if len(self) == 1 else 's'}"
        day = f" on {self.on:%-d %B %Y}{supposed(self.receipt)}" if self.on else ""
        if "scenario" in self.receipt:
            day += f", in the scenario {self.receipt['scenario']}, which is not law"
        return f"{count}{day}{'' if self.complete else ', not complete'}"

    @property
    def silence(self) -> str:
        """Why there are no statements, in a sentence; empty where there are some."""
        if self.triples:
            return ""
        day = f" of {self.on:%-d %B %Y}" if self.on else ""
        return f"Nothing in the graph{day} fits; that nothing is on record does not mean that nothing was done."

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; empty if nothing."""
        return warning(self.receipt)

    def to(self, form: str = "turtle") -> str:
        """Return the statements as text: turtle, nt or json-ld.

        Turtle says above the statements what must not be missed: the warning of a day
        beyond what is known, that they were cut, or that there are none. Raises
        `ParameterError` for another form, and for statements that the form cannot hold.

        >>> from datetime import date
        >>> Triples((), date(2024, 7, 23), {}).to("nt")
        ''
        >>> Triples((), None, {}).to("xml")
        Traceback (most recent call last):
        cspgraph.errors.ParameterError: format: 'xml' is not known; write turtle or nt or json-ld
        """
        from cspgraph.render.escape import escapes, visible

        if form not in FORMATS:
            problem = f"{form!r} is not known; write {either([*FORMATS])}"
            raise ParameterError(f"format: {problem}")
        known = self._prefixes() if form == "turtle" else {}
        try:
            data = serialize(self.triples, format=FORMATS[form], prefixes=known) or b""
        except (ValueError, OSError) as error:
            problem = f"{form} cannot hold these statements ({error}); write turtle"
            raise ParameterError(f"format: {problem}") from error
        text = data.decode().replace("\t", "    ")  # in a literal it is an escape
        text = escapes(text, pairs=form == "json-ld")
        above = "".join(f"# {visible(line)}\n" for line in self._above(form))
        return above + (f"{text.rstrip()}\n" if text.strip() else "")

    def to_rdflib(self) -> Graph:
        """Return the statements as an rdflib `Graph`, with the project's prefixes."""
        return to_rdflib(Quad(t.subject, t.predicate, t.object) for t in self.triples)

    def _repr_html_(self) -> str:
        from cspgraph.render.escape import html_text

        return (
            f"<p>{html_text(self.caption)}</p><pre>{html_text(self.to('turtle'))}</pre>"
        )

    def _above(self, form: str) -> list[str]:
        """Return the comments over the statements, each on one line."""
        if form != "turtle":
            return []
        cut = "" if self.complete else f"Not complete: stopped {self.receipt['cut']}."
        said = (self.warning, cut, self.silence)
        return [" ".join(line.split()) for line in said if line]

    def _prefixes(self) -> dict[str, str]:
        """Return those of the project's prefixes that the statements use."""
        written = "\n".join(map(str, self.triples))
        return {
            name: start for name, start in PREFIXES.items() if f"<{start}" in written
        }
