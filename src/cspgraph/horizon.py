"""How far what is known reaches, as the data says it, and what is to change after that.

The days stand in the data: evidence entries say when law was read, readings when the
register was made and when records were looked at. Changes to come are law that is not
in force and the scheduled changes of areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import HORIZON, day_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cspgraph.rdf.engines import Engine
    from cspgraph.receipt import Json

__all__ = ["Change", "Horizon", "HorizonView", "law_to_come", "look", "scheduled"]

_PREFIXES = """
PREFIX csp: <https://w3id.org/cspgraph/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
#: The day on which each entry was read; a page read again counts as of the last time.
_READ = f"""{_PREFIXES}
SELECT DISTINCT ?of ?thing ?day
WHERE {{
  {{ ?thing a csp:EvidenceEntry ; csp:readOn ?day . BIND ("law" AS ?of) }}
  UNION {{ ?thing a csp:Reading ; csp:readOn ?day ; csp:readingOf ?of . }}
}}
ORDER BY ?of ?thing ?day
"""
_COMING = f"""{_PREFIXES}
SELECT DISTINCT ?thing ?day ?what ?status ?place ?source
WHERE {{
  ?thing a csp:ProspectiveTemplate ;
    csp:statement ?what ;
    csp:force ?force ;
    csp:extent ?extent ;
    csp:verifiedBy ?page .
  ?force skos:prefLabel ?word .
  ?page rdfs:label ?source .
  OPTIONAL {{ ?thing csp:expectedBy ?day }}
  OPTIONAL {{ ?thing csp:area ?area }}
  BIND (COALESCE(?area, ?extent) AS ?place)
  BIND (IF(?force = <https://w3id.org/cspgraph/kind/Statute>, "enacted, not in force", STR(?word)) AS ?status)
}}
ORDER BY ?thing ?place ?source
"""
_SCHEDULED = f"""{_PREFIXES}
SELECT DISTINCT ?thing ?day ?what ?status ?place ?source ?share
WHERE {{
  ?thing a csp:ScheduledChange ;
    rdfs:label ?what ;
    csp:changeStatus ?status ;
    csp:area ?place ;
    csp:decidedBy ?source .
  OPTIONAL {{ ?thing csp:changesOn ?day }}
  OPTIONAL {{ ?thing csp:share ?share }}
}}
ORDER BY ?thing ?place ?source
"""
#: The countries, by how the codes of their areas begin.
_COUNTRIES = {
    code: f"{PREFIXES['gss']}{code}92{end}"
    for code, end in (("E", "000001"), ("W", "000004"))
}
#: How far a change must have come to end an area.
_MADE = "order made"
_KEYS = dict(zip(("law", "register", "records"), HORIZON, strict=True))


@dataclass(frozen=True, slots=True)
class Change:
    """A change made or announced: its day, "" where none is named, and whom it concerns.

    `places` are addresses of areas, or of countries for a change of the law. It `ends`
    them where an order that is made does away with the whole of each.
    """

    day: str
    what: str
    source: str
    status: str
    places: frozenset[str]
    ends: bool = False

    def told(self) -> dict[str, Json]:
        """Return the change as a receipt has it."""
        return {
            "day": self.day or None,
            "what": self.what,
            "source": self.source,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Horizon:
    """The day by which law, register and records were looked at; None where not said.

    >>> known = Horizon(date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23))
    >>> known.beyond([date(2026, 11, 23)], ()) is None
    True
    >>> known.beyond([date(2026, 11, 24)], ())["since"]
    '2026-11-23'
    """

    law_read: date | None = None
    register_made: date | None = None
    records_seen: date | None = None

    @property
    def first(self) -> date | None:
        """The earliest of the three days; None where one of them is not known."""
        days = (self.law_read, self.register_made, self.records_seen)
        known = [day for day in days if day]
        return min(known) if len(known) == len(days) else None

    def days(self) -> dict[str, Json]:
        """Return the three days as a receipt has them."""
        return {k: str(getattr(self, k)) if getattr(self, k) else None for k in HORIZON}

    def passed(self, days: Iterable[date]) -> bool:
        """Return whether one of `days` is beyond what is known; with no horizon, any is."""
        first = self.first
        return any(first is None or day > first for day in days)

    def beyond(
        self, days: Iterable[date], changes: Iterable[Change]
    ) -> dict[str, Json] | None:
        """Return what a receipt says for `days`, if one is beyond the horizon; else None.

        Of `changes` those are told that are to come by the last of the days, and those
        for which no day is named.
        """
        asked = list(days)
        if not self.passed(asked):
            return None
        last, said = max(asked).isoformat(), self.days()
        coming = sorted(
            (one for one in set(changes) if one.day <= last),
            key=lambda o: (o.day or "9", o.what),
        )
        ended = [
            {"area": area, **o.told()} for o in coming if o.ends for area in o.places
        ]
        stays = _stays(said)
        listed = ", and none of the changes listed bears on it" if coming else ""
        return {
            "since": self.first.isoformat() if self.first else None,
            "holds_if": stays + listed,
            "changes": [o.told() for o in coming],
            **({"ended": ended} if ended else {}),
        }


def _stays(said: Mapping[str, Json]) -> str:
    """Return what must stay as it is for an answer to hold on a later day."""
    read, made, seen = (day_in_words(said[key]) for key in HORIZON)
    if read == made == seen:
        return f"law, register and records stay as they were known on {read}"
    return (
        f"the law stays as read by {read}, the register as made on {made} and the"
        f" records as looked at by {seen}"
    )


def look(engine: Engine) -> Horizon:
    """Return the horizon of what `engine` holds.

    Of law and of each other part the page or table that was read longest ago counts.
    """
    read: dict[str, dict[str, str]] = {}
    for part, thing, day in _rows(engine, _READ):
        found = read.setdefault(part, {})
        found[thing] = max(day, found.get(thing, ""))
    first = {part: min(days.values()) for part, days in read.items()}
    return Horizon(
        **{
            key: date.fromisoformat(first[part])
            for part, key in _KEYS.items()
            if part in first
        }
    )


def law_to_come(engine: Engine) -> list[Change]:
    """Return law that is announced, proposed or enacted but not in force."""
    return _gathered(engine, _COMING)


def scheduled(engine: Engine) -> list[Change]:
    """Return the changes of areas that are made or announced for a later day."""
    return _gathered(engine, _SCHEDULED)


def _concerning(
    changes: Iterable[Change], areas: Iterable[str], around: Callable[[str], set[str]]
) -> Iterator[Change]:
    """Yield the `changes` that concern `areas`; all of them where there are none.

    A county beside one of its districts stands for itself, and not for the others.
    """
    reach = {area: around(area) for area in areas}
    near: set[str] = set()
    for area, places in reach.items():
        inner = (len(o) < len(places) and area in o for o in reach.values())
        near |= {area} if any(inner) else places
    near |= {
        _COUNTRIES[code]
        for code in {a.rpartition("/")[2][:1] for a in near} & _COUNTRIES.keys()
    }
    for one in changes:
        if not near or near & one.places:
            yield one


@dataclass(frozen=True, slots=True)
class HorizonView:
    """A horizon, and how to find the changes beyond it that concern some areas.

    `around` gives the areas in which an area lies and those that lie in it, and itself.
    """

    known: Horizon
    coming: Callable[[], Iterable[Change]]
    around: Callable[[str], set[str]]

    def reach(self, days: Iterable[date], areas: Iterable[str] = ()) -> dict[str, Json]:
        """Return how far what is known reaches and, if one of `days` is later, what then.

        The changes told are those that concern `areas`; without, all.
        """
        asked = list(days)
        if not self.known.passed(asked):
            return self.known.days()
        near = _concerning(self.coming(), areas, self.around)
        return {**self.known.days(), "beyond": self.known.beyond(asked, near)}


def _gathered(engine: Engine, query: str) -> list[Change]:
    """Return a change for each thing, its places and sources put together."""
    found: dict[str, list[list[str]]] = {}
    for thing, *rest in _rows(engine, query):
        found.setdefault(thing, []).append(rest)
    return [
        Change(
            day=rows[0][0],
            what=rows[0][1],
            source="; ".join(dict.fromkeys(row[4] for row in rows)),
            status=rows[0][2],
            places=frozenset(row[3] for row in rows),
            ends=rows[0][2] == _MADE and rows[0][5:] == ["whole"],
        )
        for rows in found.values()
    ]


def _rows(engine: Engine, query: str) -> list[list[str]]:
    _, rows = from_json(engine.rows(query))
    return [[term.value if term else "" for term in row] for row in rows]
