"""Ask an engine: what people give becomes terms, what comes back an `Answer`."""

from __future__ import annotations

from datetime import MAXYEAR, date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import ParameterError
from cspgraph.inquiry.answers import Answer, from_json
from cspgraph.inquiry.queries import Column
from cspgraph.inquiry.reach import COLUMN, Reach
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cspgraph.engines import Engine
    from cspgraph.inquiry.queries import Parameter, Query
    from cspgraph.names import Names

    Term = NamedNode | Literal
    Given = str | int | date | Sequence[str]

__all__ = ["ask", "ask_freely", "day_of", "doubt", "terms"]

_CODE, _BASIS = PREFIXES["verification"], PREFIXES["basis"]
_DOUBTS = {
    "{} that is bounded, not read": {_CODE + "B"},
    "{} that is recalled, not read": {_CODE + "R"},
    "{} read in a secondary source": {_CODE + "S"},
    "a reading that can be argued": {_BASIS + "StatuteArguable"},
}


def day_of(name: str, given: object) -> date:
    """Return `given`, a date or text like 2024-07-23, as a date.

    >>> day_of("on", "2024-07-23")
    datetime.date(2024, 7, 23)
    """
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError as error:
        problem = f"{name}: {given!r} is not a date; write 2024-07-23"
        raise ParameterError(problem) from error
    if day.year == MAXYEAR:
        raise ParameterError(f"{name}: {day} stands for no end; write an earlier day")
    return day


def terms(
    query: Query, given: Mapping[str, Given], names: Names, day: date
) -> dict[str, list[Term]]:
    """Return what was `given` for `query` as terms; what was left empty is left out.

    A parameter that the query does not know stays, with no terms, so that binding
    refuses it by name.
    """
    kinds = {parameter.name: parameter for parameter in query.parameters}
    return {
        name: [_term(kinds[name], item, names, day) for item in _many(value)]
        if name in kinds
        else []
        for name, value in given.items()
        if value not in (None, "")
    }


def ask(
    engine: Engine,
    query: Query,
    bound: Mapping[str, Sequence[Term]],
    names: Names,
    day: date | None,
    receipt: Mapping[str, str],
    reached: Reach | None = None,
) -> Answer:
    """Return the answer of `engine` to `query` with `bound` in its blanks.

    Where several areas are `reached`, it is asked of each, and a first column says of
    which area a row is.
    """
    asked = reached or Reach([(None, bound)], None)
    told: list[tuple[NamedNode | None, list[tuple[Term | None, ...]]]] = []
    head: list[str] = []
    for area, values in asked.rounds:
        head, rows = from_json(engine.select(query.bind(values)))
        told.append((area, rows))
    if asked.of_one and not any(rows for _, rows in told[1:]):
        told, asked = [(None, told[0][1])], Reach([(None, bound)], None)
    order = [head.index(column.name) for column in query.columns]
    cells: list[tuple[Term | None, ...]] = []
    for area, rows in told:
        first = [area] if asked.by_area else []
        found = [(*first, *(row[place] for place in order)) for row in rows]
        # one server lets a row through twice now and then
        cells += dict.fromkeys(found) if query.distinct else found
    labels = _labels(cells, names)
    said = "; ".join([*_of_areas(query, bound, names.history), *asked.notes])
    whole = [row for _, rows in told for row in rows]
    noted = {**receipt, **doubt(head, whole), **({"area": said} if said else {})}
    columns = (*([COLUMN] if asked.by_area else []), *query.columns)
    return Answer(
        query.name, query.question, columns, tuple(cells), day, bound, labels, noted
    )


def ask_freely(
    engine: Engine,
    sparql: str,
    names: Names,
    day: date | None,
    receipt: Mapping[str, str],
) -> Answer:
    """Return the answer of `engine` to the SELECT or ASK query `sparql`."""
    head, rows = from_json(engine.select(sparql))
    columns = tuple(Column(name, "text", name) for name in head)
    labels = _labels(rows, names)
    return Answer(
        "select", "Free SPARQL.", columns, tuple(rows), day, {}, labels, receipt
    )


def doubt(head: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> dict[str, str]:
    """Return how many rows rest on facts in doubt, where the answer shows how they were checked.

    They are facts of the register in an answer that names no law.
    """
    if "verification" not in head:
        return {}
    fact = "law" if "law" in head else "an entry of the register"
    ends = [{term.value for term in row if isinstance(term, NamedNode)} for row in rows]
    counts = {
        what.format(fact): sum(1 for things in ends if things & terms)
        for what, terms in _DOUBTS.items()
    }
    if "assumption" in head:
        place = head.index("assumption")
        counts["a working assumption"] = sum(1 for row in rows if row[place])
    said = [f"{count} on {what}" for what, count in counts.items() if count]
    return {
        "doubt": f"of {len(rows)} rows, {', '.join(said) or f'none on {fact} in doubt'}"
    }


def _of_areas(
    query: Query,
    bound: Mapping[str, Sequence[Term]],
    words: Callable[[str], str],
) -> list[str]:
    """Return what `words` say of the areas asked about, where they say anything."""
    areas = [p.name for p in query.parameters if p.kind == "area"]
    said = [words(area.value) for name in areas for area in bound.get(name, [])]
    return list(filter(None, said))


def _labels(rows: Sequence[Sequence[Term | None]], names: Names) -> dict[str, str]:
    things = {term.value for row in rows for term in row if isinstance(term, NamedNode)}
    return {thing: names.label(thing) for thing in things}


def _term(parameter: Parameter, value: object, names: Names, day: date) -> Term:
    """Return `value` as a term of the parameter's kind."""
    match parameter.kind:
        case "text":
            return _text(parameter.name, str(value))
        case "date":
            given = day_of(parameter.name, value).isoformat()
            return Literal(given, datatype=NamedNode(PREFIXES["xsd"] + "date"))
        case "integer":
            try:
                return Literal(int(str(value)))
            except ValueError as error:
                problem = f"{parameter.name}: {value!r} is not a whole number"
                raise ParameterError(problem) from error
        case "iri":
            return names.find("thing", str(value), parameter.name, day)
    return names.find(parameter.kind, str(value), parameter.name, day)


def _text(name: str, value: str) -> Literal:
    if value.encode(errors="replace").decode() != value:
        raise ParameterError(f"{name}: {value!r} holds half a letter; write it again")
    return Literal(value)


def _many(given: Given) -> Sequence[object]:
    return [given] if isinstance(given, (str, int, date)) else given
