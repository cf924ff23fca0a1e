"""An answer as a picture: the things of its rows, and in which rows they stand together.

Each row begins at its first thing, from which an arrow for each column leads to the
thing there, or to the law. An arrow says its rows; where the law of a row was not read
itself, it is dashed and says how it was checked.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from cspgraph.diagrams.diagram import Arrow, Figure
from cspgraph.rdf.terms import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cspgraph.rdf.results import Term

    Row = Mapping[str, Term]

__all__ = ["MOST", "illustrate"]

MOST = 60
_ANSWER = "this answer"
_IN_DOUBT = {PREFIXES["verification"] + code for code in "BRS"}
_DASHES = (
    "Dashed arrows: law or an entry that was not read itself (bounded, recalled, or "
    "from a secondary source), as the arrow says."
)


class _Found(NamedTuple):
    start: str
    link: str
    end: str
    doubt: str


def illustrate(
    title: str,
    rows: Sequence[Row],
    word: Callable[[Term], str],
    most: int = MOST,
    notes: Sequence[str] = (),
) -> Figure:
    """Return a picture of `rows`, each a term for every column that has one.

    `word` gives the text of a term. Rows are taken in their order until they hold more
    than `most` things; what was left out is said before the `notes`.

    >>> row = {"body": NamedNode("urn:a"), "product": NamedNode("urn:b")}
    >>> illustrate("Who?", [row], lambda term: term.value).arrows[0].said
    'product (row 1)'
    """
    places: dict[_Found, list[int]] = {}
    things: set[str] = set()
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    shown = 0
    for row in rows:
        found = list(_found(row, word))
        ends = {end for one in found for end in (one.start, one.end)}
        if shown and len(things | ends) > most:
            break
        shown += 1
        things |= ends
        names |= _names(row, word)
        kinds = {str(t): _title(name) for name, t in row.items()} | kinds
        for one in found:
            places.setdefault(one, []).append(shown)
    arrows = [
        Arrow(
            one.start,
            f"{one.link}, {one.doubt}" if one.doubt else one.link,
            one.end,
            _rows(numbers),
            bool(one.doubt),
        )
        for one, numbers in places.items()
    ]
    return Figure(
        title,
        arrows,
        names,
        kinds,
        [
            *_notes(shown, len(rows), len(things), any(a.dashed for a in arrows)),
            *notes,
        ],
        ("begins with", "column", "thing", "rows"),
    )


def _found(row: Row, word: Callable[[Term], str]) -> Iterator[_Found]:
    """Yield what a row shows: from its first thing to each of the others and the law."""
    kept = [(name, term) for name, term in row.items() if _shown(name, term)]
    if not kept:
        return
    checked = row.get("verification")
    doubt = word(checked) if checked and checked.value in _IN_DOUBT else ""
    doubted = "law" if "law" in row else ""
    (first, thing), *others = kept
    if not others:
        yield _Found(_ANSWER, _title(first), str(thing), doubt)
    for name, term in others:
        seen = doubt if name == doubted or not doubted else ""
        yield _Found(str(thing), _title(name), str(term), seen)


def _names(row: Row, word: Callable[[Term], str]) -> dict[str, str]:
    """Return the text of each thing; a duty without a name is called what it asks."""
    names = {str(term): word(term) for term in row.values()}
    duty, asked = row.get("duty"), row.get("statement")
    if duty and asked and names[str(duty)] == compact(duty.value):
        names[str(duty)] = word(asked)
    return names


def _shown(name: str, term: Term) -> bool:
    """Whether a cell is a thing of the row; addresses and doubts are said elsewhere."""
    aside = name.endswith(("_url", "verification", "confidence"))
    return not aside and (isinstance(term, NamedNode) or name == "law")


def _title(name: str) -> str:
    return name.replace("_", " ")


def _rows(numbers: Sequence[int]) -> str:
    """Return the numbers of rows in words.

    >>> _rows([1, 2, 3, 5])
    'rows 1 to 3, 5'
    """
    parts: list[str] = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        wide = len(found) > 2
        parts += [f"{found[0]} to {found[-1]}"] if wide else map(str, found)
    return f"row{'s' * (len(numbers) > 1)} {', '.join(parts)}"


def _notes(shown: int, total: int, things: int, dashed: bool) -> Iterator[str]:
    if not things:
        yield "No row names a thing; the table of the answer says it all."
    elif shown < total:
        yield (
            f"The picture shows the first {shown:,} of {total:,} rows, with {things} "
            "things; the table of the answer has all rows."
        )
    if dashed:
        yield _DASHES
