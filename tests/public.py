"""A site of two areas as a folder, and what its pages hold, for the tests of sites."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.site.build import SitePlan, build

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.site.build import Built

DAY = "2024-07-23"
DORSET, ASHFORD = "E06000059", "E07000105"
#: Where `.ci/run` unpacks the engine of the Ask page.
ENGINE = "CSPGRAPH_ENGINE"


def made(kg: KnowledgeGraph, folder: Path, *, engine: bool = False) -> Built:
    """Build a site of Dorset and Ashford on a day; with the engine of the Ask page."""
    place = os.environ.get(ENGINE, "") if engine else ""
    plan = SitePlan(
        (DORSET, ASHFORD), engine=Path(place) if place else None, processors=1
    )
    return build(kg.at(DAY), folder, plan)


@dataclass
class Held(HTMLParser):
    """What a page holds: its identifiers, its links, what it fetches, its elements."""

    text: str
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    elements: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one element."""
        self.elements += 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "action", "srcset", "data", "poster"):
                (self.links if tag == "a" else self.fetched).append(value or "")
