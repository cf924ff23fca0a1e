"""List the provisions here whose current text is younger than what was read.

    python -m tools.watch_law FOLDER

FOLDER holds current texts, as XML of legislation.gov.uk (`.../data.xml`) or of a mirror
that kept its form, fetched by a person: this tool fetches nothing. It writes a table to
standard output, one row for each provision and reason, for a person to decide:

* `text`: the text begins on a day after the one as at which it was read;
* `annotation`: a note on the provision has a day after that one;
* `effect`: the publisher lists a change that is not yet in the text;
* `not known`: it is not known as at which day the text was read.

It ends with 0 where there is nothing to decide, with 1 where there is, and with 2 for a
folder or a file that cannot be used. Acts without a file in the folder are told.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import parse  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from cspgraph.rdf.terms import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

__all__ = ["Provision", "Reason", "main", "provisions", "watch"]

LAW = Path(__file__).resolve().parents[1] / "data" / "law"
_SPACE = "{http://www.legislation.gov.uk/namespaces/legislation}"
_METADATA = "{http://www.legislation.gov.uk/namespaces/metadata}"
_NUMBERED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_ADDRESS = re.compile(r"^https?://(?:www\.)?legislation\.gov\.uk/(?:id/)?")
#: Of an address, the part that names the Act: kind, year and number.
_ACT = re.compile(r"^[^/]+/[^/]+/[^/]+")


@dataclass(frozen=True)
class Provision:
    """A provision that is held here: its address, its name, and as at when it was read."""

    place: str
    citation: str
    read_as_at: str

    @property
    def act(self) -> str:
        """Kind, year and number of the Act, as in an address."""
        found = _ACT.match(self.place)
        return found[0] if found else self.place


@dataclass(frozen=True, order=True)
class Reason:
    """Why a person should look at a provision."""

    provision: str
    citation: str
    read_as_at: str
    why: str
    day: str
    said: str


def provisions(folder: Path = LAW) -> list[Provision]:
    """Return the provisions that the files in `folder` describe, each with its youngest reading.

    Earlier texts, which have a mark after their address, are left out.
    """
    store = Store()
    for place in sorted(folder.glob("*.ttl")):
        store.load(path=str(place), format=RdfFormat.TURTLE)

    def values(thing: object, term: NamedNode) -> list[str]:
        found = store.quads_for_pattern(thing, term, None, None)  # type: ignore[arg-type]
        return [
            q.object.value for q in found if isinstance(q.object, NamedNode | Literal)
        ]

    held = []
    for quad in store.quads_for_pattern(None, RDF_TYPE, CSP.Provision, None):
        thing = quad.subject
        if not isinstance(thing, NamedNode) or "#" in thing.value:
            continue
        if not _ADDRESS.match(thing.value):
            continue
        pages = [NamedNode(page) for page in values(thing, CSP.verifiedBy)]
        days = [day for page in pages for day in values(page, CSP.textAsAt)]
        cited = next(iter(sorted(values(thing, CSP.citation))), thing.value)
        held.append(Provision(_short(thing.value), cited, max(days, default="")))
    return sorted(held, key=lambda one: one.place)


def watch(folder: Path, held: Sequence[Provision]) -> tuple[list[Reason], list[str]]:
    """Return what to look at by the texts in `folder`, and the Acts that have none there.

    Raises `ValueError` with the name of a file that cannot be used.
    """
    by_act: dict[str, dict[str, Provision]] = {}
    for one in held:
        by_act.setdefault(one.act, {})[one.place] = one
    found: set[Reason] = set()
    seen: set[str] = set()
    for place in sorted(folder.rglob("*.xml")):
        root = _root(place)
        act = _ACT.match(_short(root.get("IdURI") or root.get("DocumentURI") or ""))
        if act is None:
            raise ValueError(
                f"{place.name}: it names no Act; give XML of legislation.gov.uk"
            )
        seen.add(act[0])
        found.update(_reasons(root, by_act.get(act[0], {})))
    return sorted(found), sorted(by_act.keys() - seen)


def _root(place: Path) -> Element:
    try:
        root: Element | None = parse(place).getroot()
    except (ParseError, DefusedXmlException, OSError) as error:
        raise ValueError(f"{place.name}: it cannot be read as XML: {error}") from error
    if root is None or root.tag != f"{_SPACE}Legislation":
        raise ValueError(
            f"{place.name}: it is no XML of legislation.gov.uk; take it out"
        )
    return root


def _reasons(root: Element, held: dict[str, Provision]) -> Iterator[Reason]:
    notes = {
        note.get("id", ""): " ".join("".join(note.itertext()).split())
        for note in root.iter(f"{_SPACE}Commentary")
    }
    yield from _walk(root, root.get("RestrictStartDate", ""), held, notes)
    for effect in root.iter(f"{_METADATA}UnappliedEffect"):
        affected = {
            _short(section.get("URI", ""))
            for section in effect.iter(f"{_METADATA}Section")
        } | {_short(effect.get("AffectedURI", ""))}
        said = " ".join(
            effect.get(key, "")
            for key in ("Type", "AffectingProvisions", "AffectingURI")
        ).strip()
        for one in held.values():
            if one.place in affected or any(_below(one.place, a) for a in affected):
                yield _reason(one, "effect", effect.get("Modified", "")[:10], said)


def _below(place: str, other: str) -> bool:
    """Return whether `place` is a part of `other`, which is a part of an Act itself."""
    return other.count("/") > 2 and place.startswith(f"{other}/")


def _walk(
    element: Element, since: str, held: dict[str, Provision], notes: dict[str, str]
) -> Iterator[Reason]:
    """Yield the reasons in `element`, whose text is that `since` a day, and below it."""
    since = element.get("RestrictStartDate", since)
    one = held.get(_short(element.get("IdURI", "")))
    if one is not None:
        if not one.read_as_at:
            yield _reason(one, "not known", since, "as at which day it was read")
        elif since > one.read_as_at:
            yield _reason(one, "text", since, "the text begins on this day")
        for reference in element.iter(f"{_SPACE}CommentaryRef"):
            said = notes.get(reference.get("Ref", ""), "")
            days = [day for day in _days(said) if day > one.read_as_at]
            if days and one.read_as_at:
                yield _reason(one, "annotation", max(days), said)
    for part in element:
        yield from _walk(part, since, held, notes)


def _reason(one: Provision, why: str, day: str, said: str) -> Reason:
    return Reason(one.place, one.citation, one.read_as_at, why, day, said)


def _days(text: str) -> Iterator[str]:
    for day, month, year in _NUMBERED.findall(text):
        try:
            yield date(int(year), int(month), int(day)).isoformat()
        except ValueError:  # a number of a provision that looks like a day
            continue


def _short(address: str) -> str:
    return _ADDRESS.sub("", address).rstrip("/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, tell what was not looked at, and return how it ended."""
    words = argparse.ArgumentParser(
        prog="python -m tools.watch_law",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("folder", type=Path, help="where the current texts are")
    folder = words.parse_args(arguments).folder
    if not folder.is_dir():
        print(f"{folder}: there is no such folder", file=sys.stderr)
        return 2
    try:
        found, without = watch(folder, provisions())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["provision", "citation", "read_as_at", "why", "day", "said"])
    for one in found:
        table.writerow(
            [one.provision, one.citation, one.read_as_at, one.why, one.day, one.said]
        )
    if without:
        acts = ", ".join(without)
        print(f"Not looked at, for want of a text: {acts}.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
