"""The reason for a recommendation: sentences, each with its provision and its doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cspgraph.paperwork.lines import Line

__all__ = ["Provision", "Sentence", "sentences"]

_MAKING = ("Formulate", "Prepare")
_NOTHING = (
    "The law held here asks nothing about the {} itself of a body in {} on {}, and does"
    " not say who adopts it."
)


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision that a sentence cites: how lawyers cite it, its address, and when it holds."""

    law: str
    law_url: str
    provided: str = ""

    def __str__(self) -> str:
        return f"{self.law} if it has {self.provided}" if self.provided else self.law


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the provisions that it cites, and what is not certain about it.

    `doubt` is empty where the law was read and the reading is clear; `notes` say what
    can be said for and against a reading.
    """

    text: str
    provisions: tuple[Provision, ...] = ()
    doubt: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def sentences(
    deciding: Iterable[Line], making: Iterable[Line], document: str, area: str, on: date
) -> tuple[Sentence, ...]:
    """Return why the document is made, who decides, by when, and what is on record.

    `deciding` are the lines on who adopts, `making` those on how the `document` is made;
    of these only what is asked of the document itself, or of what is adopted with it.
    """
    adopted = [line for line in deciding if line.action == "Adopt"]
    own = {document, *(line.document for line in adopted)}
    musts = [o for o in making if o.modality == "Must" and o.document in own]
    made = [line for line in musts if line.action in _MAKING]
    if not (adopted or made):
        return (Sentence(_NOTHING.format(document, area, f"{on:%-d %B %Y}")),)
    return (
        *(_cited(f"{_bearers(one, area)} {one.what}", [one]) for one in made),
        *map(_decided, _alike(adopted)),
        *(_due(one) for one in musts if one.due and one.action == "Revise"),
        *_recorded([*adopted, *made], on),
    )


def _alike(lines: Iterable[Line]) -> list[list[Line]]:
    """Return `lines` that say the same of the same bodies together."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.what, line.who), []).append(line)
    return list(groups.values())


def _decided(lines: list[Line]) -> Sentence:
    first = lines[0]
    if not first.law:
        return _cited(f"A document on record says that {first.what}", lines)
    many = len(first.who) > 1
    bodies = " and ".join(first.who)
    return _cited(f"{bodies} {'are each' if many else 'is'} to {first.what}", lines)


def _due(line: Line) -> Sentence:
    day = f"{line.due:%-d %B %Y}" if line.due else ""
    text = f"The last day in time for the next revision of the {line.document} is {day}"
    if line.next_due:
        text = (
            f"The last day in time for the revision of the {line.document} was {day},"
            f" and no record is dated for it; the next is {line.next_due:%-d %B %Y}"
        )
    return _cited(text, [line])


def _recorded(lines: list[Line], on: date) -> Iterator[Sentence]:
    """Yield one sentence on what is on record about `lines`."""
    found = _each(line.standing.on_record for line in lines)
    places = _each(line.standing.source for line in lines)
    day = f"{on:%-d %B %Y}"
    nothing = f"Nothing of this is on record here by {day}, which does not say that it was not done."
    read = f"On record by {day}: {found} (read in: {places})."
    yield Sentence(read if found else nothing)


def _each(texts: Iterable[str]) -> str:
    """Return the entries of `texts`, which are lists in words, once each."""
    entries = (entry for text in texts for entry in text.split("; ") if entry)
    return "; ".join(dict.fromkeys(entries))


def _cited(text: str, lines: list[Line]) -> Sentence:
    laws = [Provision(o.law, o.law_url, o.provided) for o in lines if o.law]
    cited = f" ({'; '.join(map(str, laws))})" if laws else ""
    doubt = dict.fromkeys(said for line in lines for said in line.doubt)
    notes = dict.fromkeys(o.note for o in lines if o.note and o.doubt)
    return Sentence(f"{text}{cited}.", tuple(laws), tuple(doubt), tuple(notes))


def _bearers(line: Line, area: str) -> str:
    """Return who is bound: one body by name, several, or a group, by their role."""
    if line.role.startswith("strategy group"):
        return f"The {line.role} of {area}"
    if len(line.who) == 1:
        return line.who[0]
    first, _, rest = line.role.partition(" (")
    many = f"{first[:-1]}ies" if first.endswith("y") else f"{first}s"
    return f"The {many}{f' ({rest}' if rest else ''} of {area}"
