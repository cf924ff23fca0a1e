"""Find in which region each district of England lies, over time.

One edition says so. The regions have kept their outlines for as long as the register
reaches, so a district is taken to have lain there before that edition, and one that
ended earlier where what replaced it lies; each row says what it takes for granted.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cspgraph.register.tables import row
from tools.build_register.districts import FIRST_DAY, changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.build_register.districts import District
    from tools.build_register.publications import Lookup, Publications

    Cells = dict[str, str]

__all__ = ["in_regions", "regions"]

_TAKEN = "That it lay in this region before the edition given is taken for granted."
_SINCE = (
    "That the region had this outline before the edition given is taken for granted."
)


def regions(found: Publications) -> Iterator[Cells]:
    """Yield the regions of England, with the name that the last edition gives them."""
    said: dict[str, tuple[str, str]] = {}
    for lookup in found.of("RGN"):
        for _, code, name in lookup.pairs("RGN"):
            said[code] = name, lookup.edition.citation
    for code, (name, source) in said.items():
        yield row(
            "areas",
            code=code,
            name=f"{name} region",
            kind="Region",
            country="E92000001",
            valid_from=FIRST_DAY,
            confidence="High",
            verification="O",
            source=source,
            assumption=_SINCE,
        )


def in_regions(found: Publications, known: Sequence[District]) -> Iterator[Cells]:
    """Yield in which region each district lies, or lay until it ended.

    A district that no edition names lies where what replaced it lies, or else where what
    it replaced lay; where these are several regions, none is given.
    """
    said: dict[str, tuple[str, Lookup]] = {}
    for lookup in found.of("RGN"):
        for code, region, _ in lookup.pairs("RGN"):
            said[code] = region, lookup
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for change in changes(found, list(known)):
        after[change.old].append(change.new)
        before[change.new].append(change.old)
    for item in known:
        lies = _reached(item.code, said, after) or _reached(item.code, said, before)
        if len({region for region, _ in lies}) != 1:
            continue
        region, lookup = lies[0]
        read, beside = item.code in said, _beside(item.code, after, before)
        yield row(
            "containments",
            area=item.code,
            wider_area=region,
            valid_from=item.start,
            valid_until=item.until,
            confidence="High" if read else "Medium",
            verification="O" if read else "B",
            source=lookup.edition.citation,
            assumption=_TAKEN if item.start < lookup.edition.on else "",
            note="" if read else beside,
        )


def _reached(
    code: str,
    said: Mapping[str, tuple[str, Lookup]],
    links: Mapping[str, Sequence[str]],
) -> list[tuple[str, Lookup]]:
    """Return the regions of a code, or of what it leads to in the end by `links`."""
    if code in said:
        return [said[code]]
    return [one for new in links.get(code, ()) for one in _reached(new, said, links)]


def _beside(
    code: str, after: Mapping[str, Sequence[str]], before: Mapping[str, Sequence[str]]
) -> str:
    """Say from which other code the region of one that no edition names is taken."""
    if after.get(code):
        return f"the region of {', '.join(sorted(after[code]))}, which replaced it"
    return f"taken from its former code {', '.join(sorted(before.get(code, ())))}"
