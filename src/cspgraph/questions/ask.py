"""Ask an engine: what people give becomes terms, what comes back an `Answer`."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, date, datetime
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.days import days
from cspgraph.errors import ParameterError
from cspgraph.questions.answer import Answer
from cspgraph.questions.areas import COLUMN, Rounds
from cspgraph.questions.doubts import PRESUMED, READ_BEFORE, doubt, outdated, presumed
from cspgraph.questions.query_file import Column
from cspgraph.rdf.gate import asked
from cspgraph.rdf.results import from_json, value_of
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from cspgraph.questions.query_file import Parameter, Query
    from cspgraph.questions.triples import Triples
    from cspgraph.rdf.engines import Engine
    from cspgraph.rdf.labels import Labels
    from cspgraph.receipt import Json, Receipt

    Term = NamedNode | Literal
    Given = str | int | date | Sequence[str]

__all__ = [
    "areas_of",
    "ask",
    "ask_freely",
    "asked_beside",
    "construct",
    "dates",
    "day_of",
    "day_or_today",
    "terms",
]

#: The column that marks rows of an area which an order ends by the day asked for.
_ENDED = Column("ended", "text", "What ends the area of the row by then")


def day_of(name: str, given: object) -> date:
    """Return `given`, a date or text like 2024-07-23 or 23 July 2024, as a date.

    Raises `ParameterError` for what is no day, or may be two.

    >>> day_of("on", "2024-07-23") == day_of("on", "23 July 2024")
    True
    """
    try:
        day = days(given)
    except ValueError as error:
        raise ParameterError(f"{name}: {given!r} {error}") from error
    if day.year == MAXYEAR:
        raise ParameterError(f"{name}: {day} means no end; write an earlier day")
    return day


def terms(
    query: Query, given: Mapping[str, Given], names: Labels, day: date
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


def dates(bound: Mapping[str, Sequence[Term]]) -> list[date]:
    """Return the days among the terms that are `bound`.

    >>> day = Literal("2024-07-23", datatype=NamedNode(PREFIXES["xsd"] + "date"))
    >>> dates({"from": [day], "area": []})
    [datetime.date(2024, 7, 23)]
    """
    found = (value_of(term) for terms in bound.values() for term in terms)
    return [value for value in found if isinstance(value, date)]


def areas_of(bound: Mapping[str, Sequence[Term]]) -> list[str]:
    """Return the addresses of the areas among the terms that are `bound` as such."""
    return [term.value for term in bound.get("area", ())]


def ask(
    engine: Engine,
    query: Query,
    bound: Mapping[str, Sequence[Term]],
    names: Labels,
    day: date | None,
    receipt: Receipt,
    reached: Rounds | None = None,
    ever: Callable[[], Engine] | None = None,
    then: Callable[[date], bool] | None = None,
    silent: Callable[[], Engine] | None = None,
) -> Answer:
    """Return the answer of `engine` to `query` with `bound` in its blanks.

    Where several areas are `reached`, it is asked of each, and a first column says of
    which area a row is. A document stands for the subjects of the law that it contains
    as well, and an answer without rows says why; what holds on other days is found in
    `ever`, and another day is named only where the question has rows `then`. The reasons
    are asked of the engine that `silent` gives, where it is another.
    """
    asked = reached or Rounds(bound)
    when = day or datetime.now(UTC).date()

    def now(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(engine.rows(text))

    wide, widening = dict(asked.bound), ""
    if any(p.kind == "product" and asked.bound.get(p.name) for p in query.parameters):
        from cspgraph.questions.subjects import widened

        wide, widening = widened(query, asked.bound, [when], names, now)
    told: list[tuple[Term | None, Sequence[Sequence[Term | None]]]] = []
    head: Sequence[str] = ()
    ways: Sequence[tuple[Term | None, Mapping[str, Sequence[Term]]]] = [(None, wide)]
    if asked.each:
        ways = [(area, {**wide, "area": [area]}) for area in asked.each]
    for area, values in ways:
        head, rows = now(query.bind(values))
        told.append((area, rows))
    by_area = bool(asked.each)
    if asked.of_one and not any(rows for _, rows in told[1:]):
        told, by_area = told[:1], False
    order = [head.index(column.name) for column in query.columns]
    cells: list[tuple[Term | None, ...]] = []
    for area, rows in told:
        first = [area] if by_area else []
        found = [(*first, *(row[place] for place in order)) for row in rows]
        # one server lets a row through twice now and then
        cells += dict.fromkeys(found) if query.distinct else found
    over = _over(receipt)
    alone = (
        {term.value for term in asked.bound.get("area", ())} if not by_area else set()
    )
    marks = [_mark(row, alone, over) for row in cells]
    if any(marks):
        cells = [(*row, mark) for row, mark in zip(cells, marks, strict=True)]
    labels = _labels([*cells, *bound.values()], names)
    said = [*_of_areas(query, bound, names.history), *asked.notes]
    taken = presumed(cells, now, names.label)
    noted: dict[str, Json] = {
        **receipt,
        **doubt(head, [row for _, rows in told for row in rows]),
        **({PRESUMED: taken} if taken else {}),
        **({"area": "; ".join(said)} if said else {}),
        **({"widened": widening} if widening else {}),
        **(outdated(cells, names, now) if cells and "law" in head else {}),
    }
    empty = None
    if not cells:
        from cspgraph.questions.subjects import widened
        from cspgraph.questions.why_empty import AskedQuestion, explained

        whole = silent() if silent else engine

        def told_now(
            text: str,
        ) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
            return from_json(whole.rows(text))

        past = None if ever is None else lambda text: from_json(ever().rows(text))
        today = datetime.now(UTC).date()  # before the law, a plan holds what it will
        wide, _ = widened(query, asked.bound, [when, today], names, told_now)
        empty = explained(
            AskedQuestion(query, bound, wide, when, names, told_now, past, then)
        )
    return Answer(
        query.name,
        query.question,
        (
            *([COLUMN] if by_area else []),
            *query.columns,
            *([_ENDED] if any(marks) else []),
        ),
        tuple(cells),
        day,
        bound,
        labels,
        noted,
        empty=empty,
        says=query.says,
    )


def asked_beside(
    query: Query, bound: Mapping[str, Sequence[Term]], *, silent: bool
) -> list[str]:
    """Return what else `ask` asks of an engine, so that it is made far enough.

    With `silent`, what is asked where there are no rows too.
    """
    texts = [READ_BEFORE]
    contains = any(p.kind == "product" and bound.get(p.name) for p in query.parameters)
    if contains:
        from cspgraph.questions.subjects import contained_subjects

        texts.append(contained_subjects())
    if silent:
        from cspgraph.questions.why_empty import silences

        texts += [
            one.body
            for one in silences()
            if query.about in one.of and not (one.whole or one.without)
        ]
    return texts


def _over(receipt: Receipt) -> dict[str, str]:
    """Return the areas that an order ends by the day asked for, each with what is said."""
    beyond = receipt.get("beyond") or {}
    return {
        one["area"]: f"{one['what']} on {one['day']} ({one['status']})"
        for one in beyond.get("ended", ())
    }


def _mark(
    row: Sequence[Term | None], alone: AbstractSet[str], over: Mapping[str, str]
) -> Literal | None:
    """Return what ends an area that `row` names, or the `alone` one that was asked of."""
    if not over:
        return None
    named = [term.value for term in row if isinstance(term, NamedNode)]
    said = [over[area] for area in [*named, *sorted(alone)] if area in over]
    return Literal(said[0]) if said else None


def ask_freely(
    engine: Engine,
    sparql: str,
    names: Labels,
    day: date | None,
    receipt: Receipt,
) -> Answer:
    """Return the answer of `engine` to the SELECT or ASK query `sparql`."""
    found, cells = from_json(engine.select(sparql))
    head = asked(sparql).order(found)
    places = [found.index(name) for name in head]
    rows = [tuple(row[place] for place in places) for row in cells]
    columns = tuple(Column(name, "text", name) for name in head)
    labels = _labels(rows, names)

    def now(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(engine.rows(text))

    noted = {**receipt, **outdated(rows, names, now)}
    return Answer(
        "select", "Free SPARQL.", columns, tuple(rows), day, {}, labels, noted
    )


def construct(
    engine: Engine, sparql: str, names: Labels, day: date | None, receipt: Receipt
) -> Triples:
    """Return what `engine` builds by the CONSTRUCT or DESCRIBE query `sparql`."""
    from cspgraph.questions.triples import Triples

    built = engine.construct(sparql)
    rows = [[t for t in one if isinstance(t, NamedNode | Literal)] for one in built]

    def now(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(engine.rows(text))

    return Triples.of(built, day, {**receipt, **outdated(rows, names, now)})


def _of_areas(
    query: Query,
    bound: Mapping[str, Sequence[Term]],
    words: Callable[[str], str],
) -> list[str]:
    """Return what `words` say of the areas asked about, where they say anything."""
    areas = [p.name for p in query.parameters if p.kind == "area"]
    said = [words(area.value) for name in areas for area in bound.get(name, [])]
    return list(filter(None, said))


def _labels(rows: Sequence[Sequence[Term | None]], names: Labels) -> dict[str, str]:
    things = {term.value for row in rows for term in row if isinstance(term, NamedNode)}
    return {thing: names.label(thing) for thing in things}


def _term(parameter: Parameter, value: object, names: Labels, day: date) -> Term:
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


def day_or_today(on: str | None) -> str:
    """Return the day that was given, as it was written, or else today.

    >>> day_or_today("2024-07-23")
    '2024-07-23'
    """
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat() if on is None else on
