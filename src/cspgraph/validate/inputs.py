"""What a check says of the files themselves: left out, not read, empty, or not agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from cspgraph.rdf import files
from cspgraph.rdf.locate import in_form
from cspgraph.rdf.terms import PREFIXES
from cspgraph.report.findings import Finding, Unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.dataset import Dataset
    from cspgraph.rdf.labels import Labels
    from cspgraph.records.contributions import Contributions

__all__ = ["findings", "unseen"]

_LEFT_OUT = (
    "Take it out of the file: a record says what documents say happened and cannot"
    " change the law, the register or what follows from them; it was left out"
)
_DIFFER = "Find out which source is right and correct the other"


def findings(added: Contributions, names: Labels) -> Iterator[Finding]:
    """Yield what is to be looked at: what was left out, and where sources differ."""
    for number, source in enumerate(added.sources, 1):
        for place, value, said in source.faults:
            yield _finding(
                "form-cell",
                f"{PREFIXES['graph']}own/{number}#{quote(place, safe='')}",
                place,
                f"{said[0].upper()}{said[1:]}.",
                value,
                in_form(source.name, place),
                "What cannot be read counts for nothing; its row was left out.",
            )
    for refused in added.refused:
        yield _finding(
            "record-above-law",
            refused.thing,
            names.label(refused.thing),
            f"{_LEFT_OUT}.",
            ", ".join(refused.terms),
            (refused.file, refused.place),
        )
    for one in added.contradictions(names):
        last = one.sides[-1]
        said = " or ".join(map(str, one.sides))
        yield _finding(
            "sources-differ",
            one.thing,
            one.label,
            f"{_DIFFER}; they do not agree on {one.about}.",
            said,
            (last.file, last.place),
        )


def _finding(
    rule: str,
    thing: str,
    label: str,
    message: str,
    value: str,
    place: tuple[str, str],
    reason: str = "Records stand beside each other and below the law and the register.",
) -> Finding:
    return Finding(
        severity="violation",
        law="",
        link="",
        reason=reason,
        duty="",
        bodies=(),
        area="",
        focus=thing,
        label=label,
        language="en",
        shape=f"{PREFIXES['shape']}{rule}",
        component="",
        message=message,
        path="",
        value=value,
        value_language="",
        example="",
        file=place[0],
        place=place[1],
    )


def unseen(dataset: Dataset) -> list[Unseen]:
    """Return the files that no check can look into: those not read, and empty ones."""
    kinds = "it is not of a kind that is read there"
    return [
        Unseen(f"{name} was not read: {kinds}", broken=False)
        for name in (*files.unread_files(), *dataset.left_out)
    ] + [
        Unseen(f"{source.name} says nothing: write an entry into it", broken=True)
        for source in (*dataset.records, *dataset.added.sources, *dataset.law)
        if not any(files.quads(source))
    ]
