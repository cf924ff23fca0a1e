"""Which rows of the register a question about a few areas needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cspgraph.rdf.files import CsvRow

__all__ = ["NEAR", "Nearby"]


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a question about a few areas needs: codes of areas, slugs of bodies.

    Some areas are `served` by bodies that records name, and nothing else is near there.
    """

    asked: frozenset[str]
    areas: frozenset[str]
    bodies: frozenset[str]
    served: frozenset[str] = frozenset()


def _is_near(code: str, near: Nearby) -> bool:
    return code in near.areas or code in near.served


def _of_thing(row: CsvRow, near: Nearby) -> bool:
    kind, _, end = row.cells["thing"].partition(":")
    return end in (near.areas if kind in ("gss", "area") else near.bodies)


#: Which rows of a table are near; of a table that is not named here none are needed.
NEAR: Mapping[str, Callable[[CsvRow, Nearby], bool]] = {
    "areas": lambda row, near: _is_near(row.cells["code"], near),
    "containments": lambda row, near: _is_near(row.cells["area"], near),
    "bodies": lambda row, near: row.cells["slug"] in near.bodies,
    "partnerships": lambda row, near: row.cells["slug"] in near.bodies,
    "statistical-areas": lambda row, near: _is_near(row.cells["code"], near),
    "aliases": _of_thing,
    "services": lambda row, near: (
        _is_near(row.cells["area"], near) and row.cells["body"] in near.bodies
    ),
    "governance": lambda row, near: row.cells["body"] in near.bodies,
    "organs": lambda row, near: row.cells["body"] in near.bodies,
    "scheduled-changes": lambda row, near: _is_near(row.cells["area"], near),
}
