"""What the words mean: areas, bodies, duties and kinds found by a part of their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import Column
from cspgraph.rdf.spellings import end, plain
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from datetime import date

    from cspgraph.rdf.labels import Labels
    from cspgraph.receipt import Receipt

__all__ = ["KINDS", "find"]

#: The kinds of thing that can be looked for, in the order in which they are given.
KINDS = (
    *("area", "body", "role", "product", "duty", "subject", "theme", "action"),
    *("instrument", "governance", "kind", "document"),
)
_OTHERS = tuple(kind for kind in KINDS if kind != "document")
_COLUMNS = (
    Column("name", "text", "Its name"),
    Column("kind", "text", "What it is, as far as it can be asked for"),
    Column("code", "text", "What to write for it where the name is not clear"),
    Column("called", "text", "Another name by which it was found"),
    Column("since", "date", "First day; empty where it has none, or it is not known"),
    Column("since_by", "date", "The day by which it was there, where that is known"),
    Column("until", "date", "First day on which it is over; empty while open"),
    Column("place", "text", "The areas that a body serves, or that an area lies in"),
    Column("thing", "iri", "Its address"),
)
_FEW = 4


def find(
    names: Labels, text: str, kind: str, day: date | None, receipt: Receipt
) -> Answer:
    """Return what has `text` in its name, on `day` or ever, of one `kind` or of any.

    Documents are looked through where nothing else fits, or with `kind` document.
    Raises `ParameterError` for a text without letters and for an unknown kind.
    """
    if kind and kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"the kinds are {', '.join(KINDS)}"
        raise ParameterError(f"kind: {kind!r} is not known; {hint}")
    if not plain(text):
        raise ParameterError(f"text: {text!r} has no letter or digit; write a name")
    kinds = (kind,) if kind else _OTHERS
    found = names.search(text, kinds, day)
    if not found and not kind:
        found = names.search(text, ("document",), day)
    rows = tuple(_row(names, *one) for one in found)
    return Answer(
        "find",
        f"What has {text!r} in its name?",
        _COLUMNS,
        rows,
        day,
        {"text": [Literal(text)], **({"kind": [Literal(kind)]} if kind else {})},
        {},
        receipt,
        empty=None if rows else _silence(names, text, kinds, day),
        says="<rows thing|things> (<kind each>): <name>",
    )


def _row(
    names: Labels, thing: str, kind: str, called: str
) -> tuple[NamedNode | Literal | None, ...]:
    since, until, by = names.days_of(thing)
    name = names.label(thing)
    places = [names.label(place) for place in names.place_of(thing)]
    place = ", ".join(places[:_FEW])
    if len(places) > _FEW:
        place += f" and {len(places) - _FEW} more"
    return (
        Literal(name),
        Literal(kind),
        Literal(end(thing)),
        Literal(called) if called not in (name, end(thing)) else None,
        _day("" if by else since),
        _day(since if by else ""),
        _day(until),
        Literal(place) if place else None,
        NamedNode(thing),
    )


def _silence(
    names: Labels, text: str, kinds: tuple[str, ...], day: date | None
) -> dict[str, str | None]:
    when = f" on {day}" if day else ""
    what = f"no {kinds[0]}" if len(kinds) == 1 else "nothing"
    said = f"There is {what} here with {text!r} in its name{when}."
    near = names.near_to(text, kinds)
    if near:
        said += f" Did you mean {near!r}?"
    elif day and names.search(text, kinds):
        said += " On other days there is."
    instead = f'cspgraph find "{near}"' if near and '"' not in near else None
    return {"reason": "no-such-name", "text": said, "ask_instead": instead}


def _day(day: str) -> Literal | None:
    date_kind = NamedNode(PREFIXES["xsd"] + "date")
    return Literal(day, datatype=date_kind) if day else None
