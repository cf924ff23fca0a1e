"""Which areas a question is asked of, and its rows put together area by area.

A wide area is asked for as its districts, and the rows of each say which it is. A body
that is asked about without an area is asked about in every area that it serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import ParameterError
from cspgraph.geography import spreads
from cspgraph.inquiry.queries import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pyoxigraph import Literal

    from cspgraph.geography.register import Register
    from cspgraph.geography.spreads import Spread
    from cspgraph.inquiry.queries import Query
    from cspgraph.names import Names

    Term = NamedNode | Literal
    Bound = Mapping[str, Sequence[Term]]

__all__ = ["COLUMN", "Reach", "reach", "refuse_unbound"]

#: The column that says which area a row is of, where several are asked about.
COLUMN = Column("area", "area", "The area in which it is so")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a question is asked with: the values of its blanks, area by area.

    `rounds` has one mapping for each time that the question is asked, with the area
    that its rows are of, or None where the question says so itself or asks of one.
    It is `of_one` where one district is asked about, and its county beside it.
    """

    rounds: Sequence[tuple[NamedNode | None, Bound]]
    areas: frozenset[str] | None
    notes: Sequence[str] = ()
    of_one: bool = False

    @property
    def by_area(self) -> bool:
        """Whether rows of several areas are put together, each with its area."""
        return self.rounds[0][0] is not None


def reach(
    query: Query, bound: Bound, register: Register, names: Names, day: date
) -> Reach:
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
        found = [spreads.spread(register, term.value, day) for term in full[name]]
        each = name == "area" and not own
        wide = wide or any(one.wide for one in found)
        for one in found:
            _refuse_empty(name, one, names, day)
        told += [note for one in found if (note := _note(one, names, day, each=each))]
        full[name] = _terms(found, names, each=each)
    several = not own and len(full.get("area", ())) > 1
    asked = frozenset(term.value for name in places for term in full.get(name, ()))
    rounds: list[tuple[NamedNode | None, Bound]] = [(None, full)]
    if several:
        rounds = [
            (term, {**full, "area": [term]})
            for term in full["area"]
            if isinstance(term, NamedNode)
        ]
    given = bound.get("area", ())
    alone = several and len(given) == 1 and full["area"][0] == given[0]
    whole = bool(places) and full.keys() >= set(places)
    return Reach(rounds, asked if whole else None, told, of_one=alone and not wide)


def refuse_unbound(register: Register, names: Names, area: str, day: date) -> None:
    """Raise `ParameterError` for an area in which nothing is asked of anybody by law.

    What concerns one duty is asked of a district, a county or a police area; the message
    lists the districts.
    """
    one = spreads.spread(register, area, day)
    if not one.wide or one.kind in spreads.BOUND:
        return
    inner = one.areas[len(one.areas) - one.districts :]
    said = ", ".join(map(names.named, inner)) or "the register knows none on this day"
    problem = f"{names.named(area)} has no duties of its own; ask one of its districts"
    raise ParameterError(f"area: {problem}: {said}")


def _served(
    bodies: Sequence[Term], register: Register, names: Names, day: date
) -> list[Term]:
    found = [
        NamedNode(area)
        for body in bodies
        for area in spreads.served(register, body.value, day)
    ]
    if not found:
        who = " and ".join(names.label(body.value) for body in bodies)
        problem = f"missing; the register names no area that {who} serves on {day}"
        raise ParameterError(f"area: {problem}; name one")
    return list(dict.fromkeys(found))


def _terms(found: Sequence[Spread], names: Names, *, each: bool) -> list[Term]:
    """Return the areas of the spreads, wide ones first, each once.

    A district stands for its county too only where rows say which area they are of.
    """
    wide = [a for s in found if s.wide for a in s.areas[: len(s.areas) - s.districts]]
    inner = [a for s in found if s.wide for a in s.areas[len(s.areas) - s.districts :]]
    inner += [s.asked for s in found if not s.wide]
    beside = [a for s in found if not s.wide for a in s.areas[1:] if each]
    inner = sorted(dict.fromkeys(inner), key=lambda area: (names.label(area), area))
    if all(not s.wide for s in found):
        inner = list(dict.fromkeys(s.asked for s in found))
    return [NamedNode(a) for a in dict.fromkeys([*wide, *inner, *beside])]


def _refuse_empty(name: str, one: Spread, names: Names, day: date) -> None:
    if not one.areas:
        when = f"it knows them from {one.known_from}" if one.known_from else "none ever"
        problem = f"the register knows no district of {names.named(one.asked)} on {day}"
        raise ParameterError(f"{name}: {problem}; {when}; name a district")


def _note(one: Spread, names: Names, day: date, *, each: bool) -> str:
    """Say what an area that is asked for stands for, and how sure that is."""
    named = names.named(one.asked)
    if not one.wide:
        if not each or len(one.areas) < 2:
            return ""
        county = " and ".join(map(names.named, one.areas[1:]))
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
