"""The partnerships that are taken for granted, because the law asks for one in each area.

Nothing was read that names them: each row says so, and a row kept by hand goes before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cspgraph.register.tables import row
from tools.build_register.councils import slug_of
from tools.build_register.districts import country

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.register.register import Register
    from tools.build_register.councils import Councils
    from tools.build_register.districts import District

    Cells = dict[str, str]

__all__ = ["partnerships"]

#: First day on which the regulations asked for strategy groups, by country: SI 2007/1830
#: in England and SI 2007/3076 in Wales, both read (V); `data/law/` has them in full.
GROUPS = {"E92000001": "2007-08-01", "W92000004": "2007-11-19"}


class Sort(NamedTuple):
    """What is assumed of one sort of area: the kind of group, how it is called, and why."""

    kind: str
    label: str
    ending: str
    assumption: str


DISTRICT = Sort(
    "CommunitySafetyPartnership",
    "Community safety partnership for {}",
    "-csp",
    "One partnership for each area, because the law asks for a strategy group in each; nothing was read that says how this area works together with others.",
)
COUNTY = Sort(
    "CountyStrategyGroup",
    "County strategy group for {}",
    "-county-strategy-group",
    "A county strategy group, because the law asks for one; nothing was read that names it.",
)


def partnerships(
    known: Sequence[District], councils: Councils, kept: Register
) -> tuple[list[Cells], list[Cells]]:
    """Return a partnership for each area that no kept row serves, and whom each serves."""
    served = _served(kept)
    groups: dict[str, Cells] = {}
    serving: list[Cells] = []
    for sort, code, name, start, until in _areas(known, councils):
        first = max(start, GROUPS[country(code)])
        end = served.get(code, until)
        if end and end <= first:
            continue
        said = {
            "valid_from": first,
            "valid_until": end,
            "confidence": "Low",
            "verification": "R",
            "source": "working assumption",
            "assumption": sort.assumption,
        }
        slug, label = slug_of(name) + sort.ending, sort.label.format(name)
        new = row("partnerships", slug=slug, name=label, kind=sort.kind, **said)
        group = groups.setdefault(slug, new)
        group["valid_from"] = min(group["valid_from"], first)
        group["valid_until"] = end and max(group["valid_until"], end)
        serving.append(row("services", body=slug, area=code, **said))
    return list(groups.values()), serving


def _areas(
    known: Sequence[District], councils: Councils
) -> Iterator[tuple[Sort, str, str, str, str]]:
    """Yield each area, as sort, code, name, first day and end."""
    for item in known:
        yield DISTRICT, item.code, item.name, item.start, item.until
    for cells in councils.counties():
        name = cells["name"].partition(" (")[0]
        yield COUNTY, cells["code"], name, cells["valid_from"], cells["valid_until"]


def _served(kept: Register) -> dict[str, str]:
    """Return the first day on which a partnership kept by hand serves an area, by area."""
    joint = {r.cells["slug"] for r in kept.rows("partnerships")}
    found: dict[str, str] = {}
    for r in kept.rows("services"):
        if r.cells["body"] in joint:
            first = r.cells["valid_from"]
            found[r.cells["area"]] = min(found.get(r.cells["area"], first), first)
    return found
