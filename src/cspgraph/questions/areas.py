"""Which areas a question is asked of, and its rows put together area by area.

A wide area is asked for as its districts, and the rows of each say which it is. A body
that is asked about without an area is asked about in every area that it serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import ParameterError
from cspgraph.questions.query_file import Column
from cspgraph.register import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pyoxigraph import Literal

    from cspgraph.questions.query_file import Query
    from cspgraph.rdf.labels import Labels
    from cspgraph.register.register import Register
    from cspgraph.register.spread import Spread

    Term = NamedNode | Literal
    Bound = Mapping[str, Sequence[Term]]

__all__ = ["COLUMN", "Rounds", "bound_areas", "refuse_unbound", "rounds"]

#: The column that says which area a row is of, where several are asked about.
COLUMN = Column("area", "area", "The area in which it is so")


@dataclass(frozen=True, slots=True)
class Rounds:
    """What a question is asked with: what is `bound` in it, and the areas it goes round.

    It is asked once for `each` of these areas, and each row says of which it is; where
    there are none it is asked once. `areas` are all that it needs, None for unknown. It
    is `of_one` where one district is asked about, and its county beside it.
    """

    bound: Bound
    each: Sequence[Term] = ()
    areas: frozenset[str] | None = None
    notes: Sequence[str] = ()
    of_one: bool = False


def rounds(
    query: Query, bound: Bound, register: Register, names: Labels, day: date
) -> Rounds:
    """Return what to ask `query` with, given what is `bound` in it, on `day`.

    Raises `ParameterError` for a wide area of which the register knows no district on
    that day, and for a body that serves none.
    """
    places = [p.name for p in query.parameters if p.kind == "area"]
    told: list[str] = []
    wide = False
    full = {**bound}
    if query.of_body and "area" not in bound and bound.get("body"):
        full["area"] = _served(bound["body"], register, names, day)
    own = COLUMN.name in [column.name for column in query.columns]
    for name in places:
        if not full.get(name):
            continue
        found = [spread.spread(register, term.value, day) for term in full[name]]
        each = name == "area" and not own
        wide = wide or any(one.wide for one in found)
        for one in found:
            _refuse_empty(name, one, names, day)
        told += [note for one in found if (note := _note(one, names, day, each=each))]
        full[name] = _terms(found, names, each=each)
    several = not own and len(full.get("area", ())) > 1
    asked = frozenset(term.value for name in places for term in full.get(name, ()))
    given = bound.get("area", ())
    alone = several and len(given) == 1 and full["area"][0] == given[0]
    whole = bool(places) and full.keys() >= set(places)
    return Rounds(
        full,
        full["area"] if several else (),
        asked if whole else None,
        told,
        of_one=alone and not wide,
    )


def refuse_unbound(register: Register, names: Labels, area: str, day: date) -> None:
    """Raise `ParameterError` for an area in which nothing is asked of anybody by law.

    What concerns one duty is asked of a district, a county or a police area; the message
    lists the districts.
    """
    one = spread.spread(register, area, day)
    if not one.wide or one.kind in spread.BOUND:
        return
    said = (
        ", ".join(map(names.named, one.inner)) or "the register knows none on this day"
    )
    problem = f"{names.named(area)} has no duties of its own; ask one of its districts"
    raise ParameterError(f"area: {problem}: {said}")


def bound_areas(register: Register, names: Labels, area: str, day: date) -> list[str]:
    """Return the areas in which something is asked by law: `area`, or its districts.

    Raises `ParameterError` where there are none on the day, or too many.
    """
    one = spread.spread(register, area, day)
    if not one.wide or one.kind in spread.BOUND:
        return [area]
    if not 0 < len(one.inner) <= spread.MOST_AREAS:
        refuse_unbound(register, names, area, day)
    return list(one.inner)


def _served(
    bodies: Sequence[Term], register: Register, names: Labels, day: date
) -> list[Term]:
    found = [
        NamedNode(area)
        for body in bodies
        for area in spread.served(register, body.value, day)
    ]
    if not found:
        who = " and ".join(names.label(body.value) for body in bodies)
        problem = f"missing; the register names no area that {who} serves on {day}"
        raise ParameterError(f"area: {problem}; name one")
    return list(dict.fromkeys(found))


def _terms(found: Sequence[Spread], names: Labels, *, each: bool) -> list[Term]:
    """Return the areas of the spreads, wide ones first, each once.

    A district stands for its county too only where rows say which area they are of.
    """
    above = [area for one in found if one.wide for area in one.above]
    inner = [area for one in found for area in one.inner]
    beside = [area for one in found if not one.wide and each for area in one.above]
    if any(one.wide for one in found):
        inner.sort(key=lambda area: (names.label(area), area))
    return [NamedNode(a) for a in dict.fromkeys([*above, *inner, *beside])]


def _refuse_empty(name: str, one: Spread, names: Labels, day: date) -> None:
    if not one.areas:
        when = f"it knows them from {one.known_from}" if one.known_from else "none ever"
        problem = f"the register knows no district of {names.named(one.asked)} on {day}"
        raise ParameterError(f"{name}: {problem}; {when}; name a district")


def _note(one: Spread, names: Labels, day: date, *, each: bool) -> str:
    """Say what an area that is asked for stands for, and how sure that is."""
    named = names.named(one.asked)
    if not one.wide:
        if not each or not one.above:
            return ""
        county = " and ".join(map(names.named, one.above))
        return f"{named} lies in {county}, whose own rows stand beside"
    if not one.districts:
        since = f"; it knows them from {one.known_from}" if one.known_from else ""
        return f"{named} is asked alone, the register knows no district of it on {day}{since}"
    said = f"{named} is asked district by district, {one.districts} of them"
    marks = [
        f"{count} lie there {how}"
        for count, how in (
            (one.recalled, "by a row of the register that is recalled, not read"),
            (one.assumed, "by an assumption of the register"),
        )
        if count
    ]
    return ", ".join([said, *marks])
