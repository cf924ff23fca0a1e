"""What the user put on top of what is shipped: kept, left out, and not agreed on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cspgraph import sources
from cspgraph.findings import Finding
from cspgraph.places import in_form
from cspgraph.recording.contradictions import differences, in_words
from cspgraph.recording.contributions import contributions
from cspgraph.recording.literals import readable
from cspgraph.vocab import CSP, PREFIXES

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from cspgraph.names import Names
    from cspgraph.recording.contradictions import Contradiction, Difference
    from cspgraph.recording.contributions import Refused
    from cspgraph.sources import Source

__all__ = ["Additions", "held"]

_GRAPH = NamedNode(PREFIXES["graph"] + "derived")
_LEFT_OUT = (
    "Take it out of the file: a record says what documents say happened and cannot"
    " change the law, the register or what follows from them; it was left out"
)
_DATE = NamedNode(PREFIXES["xsd"] + "date")
#: Where a record gives a day: anything else there is a finding and counts for nothing.
_DAYS = {
    *(CSP.on, CSP.notBefore, CSP.notAfter, CSP.validFrom, CSP.validUntil),
    *(CSP.periodFrom, CSP.periodUntil, CSP.assertsFrom, CSP.assertsDue),
}
_DIFFER = "Find out which source is right and correct the other"


class Additions:
    """The records of the user, held against what is `described` and on record already.

    `described` are the things of the ontology, the law and the register.
    """

    def __init__(
        self,
        own: Sequence[Source] = (),
        described: Collection[str] = (),
        records: Sequence[Source] = (),
    ) -> None:
        self.sources = list(own)
        self._shipped = records if own else ()
        graphs = {
            quad.graph_name.value
            for source in self._shipped
            for quad in sources.quads(source)
            if isinstance(quad.graph_name, NamedNode)
        }
        self.contributed = contributions(own, described, graphs)

    @property
    def refused(self) -> list[Refused]:
        """What was left out, because it is not for a record to say."""
        return [refused for one in self.contributed for refused in one.refused]

    @cached_property
    def differences(self) -> list[Difference]:
        """Where one of the sources does not agree with another, or with one shipped."""
        told = [(source, list(sources.quads(source))) for source in self._shipped]
        told += [(one.source, list(one.kept)) for one in self.contributed]
        return differences(told)

    def quads(self, *, written: bool = False) -> Iterator[Quad]:
        """Yield what is kept, and on which things sources differ.

        Values that nothing can count with, such as a day that does not exist, are left
        out, or kept as `written` for a check to find.
        """
        for one in self.contributed:
            for quad in one.kept:
                if written or _counts(quad):
                    yield quad
        for found in self.differences:
            yield Quad(found.thing, CSP.sourcesDifferOn, found.term, _GRAPH)

    def by_source(self) -> Iterator[Sequence[Quad]]:
        """Yield what is kept of each source."""
        yield from (one.kept for one in self.contributed)

    @property
    def unnamed(self) -> Mapping[str, str]:
        """Return the file in which each thing without a name stands."""
        return {
            quad.subject.value: one.source.name
            for one in self.contributed
            for quad in one.kept
            if isinstance(quad.subject, BlankNode)
        }

    def contradictions(self, names: Names) -> list[Contradiction]:
        """Return where sources do not agree, in words."""
        return in_words(self.differences, names)

    def notes(self) -> Mapping[str, str]:
        """Return what an answer must say of the records behind it; mostly nothing."""
        files = dict.fromkeys(refused.file for refused in self.refused)
        left = f"what {', '.join(files)} says of the law or the register"
        forms = [source.name for source in self.sources if source.faults]
        rows = f"rows of {', '.join(forms)} with a cell that cannot be read"
        differ = f"sources do not agree on {len(self.differences)} thing(s) on record"
        return {
            **({"left out": left} if files else {}),
            **({"rows left out": rows} if forms else {}),
            **({"sources": differ} if self.differences else {}),
        }

    def findings(self, names: Names) -> Iterator[Finding]:
        """Yield what is to be looked at: what was left out, and where sources differ."""
        for number, source in enumerate(self.sources, 1):
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
        for refused in self.refused:
            yield _finding(
                "record-above-law",
                refused.thing,
                names.label(refused.thing),
                f"{_LEFT_OUT}.",
                ", ".join(refused.terms),
                (refused.file, refused.place),
            )
        for one in self.contradictions(names):
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


def _counts(quad: Quad) -> bool:
    """Return whether the value of a fact is of a kind that can be counted with."""
    value = quad.object
    if quad.predicate in _DAYS and (
        not isinstance(value, Literal) or value.datatype != _DATE
    ):
        return False
    return not isinstance(value, Literal) or readable(value)


def held(
    own: Sequence[Source],
    texts: Iterable[Source],
    rows: Callable[[], Mapping[str, object]],
    records: Sequence[Source],
    tell: Callable[[str], object],
) -> Additions:
    """Return the `own` records of the user, held against what is shipped.

    That are the `texts` of ontology and law, the things in `rows` of the register, and
    the `records`. What is left out is told.
    """
    if not own:
        return Additions()
    described = {quad.subject for source in texts for quad in sources.quads(source)}
    named = {thing.value for thing in described if isinstance(thing, NamedNode)}
    added = Additions(own, named | rows().keys(), records)
    for refused in added.refused:
        tell(f"{refused} was left out; a record cannot change it")
    return added


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
