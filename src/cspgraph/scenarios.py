"""Scenarios: law that is not in force, taken as if it were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.errors import ParameterError, did_you_mean

if TYPE_CHECKING:
    from cspgraph.sources import Source

__all__ = ["find"]


def find(name: str) -> list[Source]:
    """Return the file of the scenario called `name`; refuse one that is not shipped.

    >>> [source.name for source in find("victim-support-in-force")]
    ['data/scenario/victim-support-in-force.ttl']
    """
    known = {
        source.name.rpartition("/")[2].removesuffix(".ttl"): source
        for source in sources.shipped("data/scenario", ".ttl")
    }
    if name not in known:
        hint = did_you_mean(name, known) or f"the scenarios are {', '.join(known)}"
        raise ParameterError(f"scenario: {name!r} is not known; {hint}")
    return [known[name]]
