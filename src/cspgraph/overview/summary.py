"""A country at a glance: what the register holds on a day, counted, and what is unusual.

Tables and no picture: hundreds of areas drawn at once would show nobody anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.receipt import receipt_in_words, supposed, warning
from cspgraph.render import html, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cspgraph.questions.answer import Answer
    from cspgraph.receipt import Receipt

__all__ = ["CountTable", "Summary", "summarise"]

_AREAS = """
SELECT DISTINCT ?kind ?country ?area
WHERE {
  ?area a csp:Area ; csp:areaKind ?kind ; csp:country ?country .
  FILTER (?kind != kind:Country && ?kind != kind:PilotArea)
  MINUS { ?area csp:areaKind ?smaller . ?smaller skos:broader ?kind }
}"""
_BODIES = """
SELECT DISTINCT ?kind ?body
WHERE { ?body csp:bodyKind ?kind . { ?body a csp:Body } UNION { ?body a csp:Partnership } }"""
_HOLDINGS = """
SELECT DISTINCT ?area ?role ?kind ?body
WHERE {
  ?holding a csp:RoleHolding ; csp:area ?area ; csp:role ?role ; csp:capacity ?kind .
  OPTIONAL { ?holding csp:body ?body }
}"""
_NAMED_AT_MOST = 12
_COUNTED = (
    "What is counted is what the register holds, not all that there is. One body "
    "is usual where at least half of the areas that have such a body have one."
)


class CountTable(NamedTuple):
    """One table of a summary."""

    caption: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the register holds on a day; made by `KnowledgeGraph.summary`."""

    title: str
    tables: Sequence[CountTable]
    notes: Sequence[str]
    receipt: Receipt

    def __str__(self) -> str:
        parts = [f"# {self.title}", *map(markdown.escaped, self.above)]
        for table in self.tables:
            rows = markdown.markdown(table.titles, table.rows).rstrip()
            parts += [f"## {table.caption}", rows if table.rows else "None."]
        return "\n\n".join([*parts, *self.notes])

    def _repr_html_(self) -> str:
        return html.fragment(self._parts())

    def to_html(self) -> str:
        """Return a page of its own."""
        return html.page(self.title, self._parts())

    @property
    def forms(self) -> Mapping[str, Callable[[], str]]:
        """What to call for each ending of a file."""
        return {".md": lambda: f"{self}\n", ".html": self.to_html}

    @property
    def above(self) -> list[str]:
        """What stands first: the warning for a day beyond what is known, if it is one."""
        return list(filter(None, [warning(self.receipt)]))

    def _parts(self) -> list[str]:
        tables = [
            html.table(
                t.caption if t.rows else f"{t.caption}: none.", *t[1:], len(t.rows)
            )
            for t in self.tables
        ]
        above = map(html.paragraph, self.above)
        return [*above, *tables, *map(html.paragraph, self.notes)]


class RoleCount(NamedTuple):
    """A row of `_HOLDINGS`: who holds a role in an area, by address."""

    area: str
    role: str
    kind: str
    body: str | None


def summarise(select: Callable[[str], Answer]) -> Summary:
    """Return the summary of the graph that `select` asks."""
    areas, bodies, held = map(select, (_AREAS, _BODIES, _HOLDINGS))
    words = {**areas.labels, **bodies.labels, **held.labels}
    holdings = [RoleCount._make(row.values()) for row in held]
    day = f" on {held.on:%-d %B %Y}" if held.on else ""
    scenario = held.receipt.get("scenario")
    assumed = f", in the scenario {scenario}, which is not law" if scenario else ""
    assumed += supposed(held.receipt)
    return Summary(
        f"England and Wales{day}{assumed}: what the register holds",
        [
            _areas(areas),
            _bodies(bodies, holdings),
            _roles(holdings, words),
            _several(holdings, words),
            _unnamed(holdings, words),
        ],
        [
            _COUNTED,
            *receipt_in_words(held.receipt).splitlines(),
        ],
        held.receipt,
    )


def _areas(areas: Answer) -> CountTable:
    found = Counter((kind, country) for kind, country, _ in areas.words())
    countries = sorted({country for _, country in found})
    rows = [
        [kind, *(str(found[kind, country]) for country in countries)]
        for kind in sorted({kind for kind, _ in found})
    ]
    return CountTable("Areas", ["kind of area", *countries], rows)


def _bodies(bodies: Answer, holdings: Iterable[RoleCount]) -> CountTable:
    holders = {holding.body for holding in holdings}
    in_being, holding_one = Counter[str](), Counter[str]()
    for (kind, _), row in zip(bodies.words(), bodies, strict=True):
        in_being[kind] += 1
        holding_one[kind] += row["body"] in holders
    rows = [[k, str(in_being[k]), str(holding_one[k])] for k in sorted(in_being)]
    return CountTable("Bodies", ["kind of body", "in being", "holding a role"], rows)


def _roles(holdings: Iterable[RoleCount], words: Mapping[str, str]) -> CountTable:
    areas, named, bodies = (defaultdict[str, set[str]](set) for _ in range(3))
    for area, role, _, body in holdings:
        areas[role].add(area)
        if body:
            named[role].add(area)
            bodies[role].add(body)
    rows = [
        [
            words[role],
            str(len(areas[role])),
            str(len(bodies[role])),
            _which(areas[role] - named[role], len(areas[role]), words),
        ]
        for role in sorted(areas, key=words.__getitem__)
    ]
    titles = ["role", "areas where it is held", "bodies", "areas with no named body"]
    return CountTable("Roles", titles, rows)


def _several(holdings: Iterable[RoleCount], words: Mapping[str, str]) -> CountTable:
    """Return the areas with several bodies where at least half of the areas have one."""
    found: defaultdict[tuple[str, str], defaultdict[str, set[str]]]
    found = defaultdict(lambda: defaultdict(set))
    for area, role, kind, body in holdings:
        if body:
            found[role, kind][area].add(body)
    roles: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (role, kind), places in found.items():
        one = sum(len(bodies) == 1 for bodies in places.values())
        for area, bodies in places.items():
            if len(bodies) > 1 and 2 * one >= len(places):
                key = words[area], words[kind], _list(bodies, words)
                roles[key].add(role)
    rows = [[*key, _list(roles[key], words)] for key in sorted(roles)]
    titles = ["area", "kind of body", "bodies", "in the roles"]
    return CountTable("Several bodies where one is usual", titles, rows)


def _unnamed(holdings: Sequence[RoleCount], words: Mapping[str, str]) -> CountTable:
    """Return the kinds that hold a role without a name, roles with the same areas at once."""
    places, without = (defaultdict[tuple[str, str], set[str]](set) for _ in range(2))
    for area, role, kind, body in holdings:
        places[role, kind].add(area)
        if not body:
            without[role, kind].add(area)
    roles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for (role, kind), areas in without.items():
        which = _which(areas, len(places[role, kind]), words)
        roles[words[kind], which].add(role)
    rows = [[kind, _list(roles[kind, w], words), w] for kind, w in sorted(roles)]
    titles = ["kind of body", "in the roles", "areas with no named body"]
    return CountTable("Kinds of body that the register does not name", titles, rows)


def _which(areas: set[str], among: int, words: Mapping[str, str]) -> str:
    """Return how many `areas` there are `among` so many, and their names if they are few."""
    if not areas:
        return "none"
    if len(areas) == among > 1:
        return f"all {among}"
    names = sorted(words[area] for area in areas)
    more = len(names) - _NAMED_AT_MOST
    shown = "; ".join(names[:_NAMED_AT_MOST])
    return f"{len(areas)} of {among}: {shown}{f'; and {more} more' if more > 0 else ''}"


def _list(things: Iterable[str], words: Mapping[str, str]) -> str:
    return "; ".join(sorted(words[thing] for thing in things))
