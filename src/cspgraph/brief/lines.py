"""The lines of a brief: what the law asks, of whom, by which provision, and the doubt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from cspgraph.questions.answer import Answer

    Row = Mapping[str, object]
    Words = Mapping[str, str]

__all__ = [
    "BriefLine",
    "Provision",
    "Sentence",
    "Standing",
    "doubts",
    "duty_lines",
    "formed",
    "sentences",
    "standings",
    "worded",
]

_MANY = 3
_MODALS = {"May": "may ", "MayRequire": "may ", "MustNot": "must not "}
#: Statements of these say who decides and begin with "have".
_RESERVED = ("ReservedTo", "BelongsTo")
_CHECKED = {
    "O": "an official page that is not the law was read",
    "S": "only a secondary source was read",
    "B": "a day lies between two versions that were read; the line that made the change was not read",
    "R": "recalled and not checked against a page: a hypothesis",
}
_BASES = {
    "StatuteReserved": "kept for it by an instrument",
    "StatuteArguable": "kept for it by an instrument, on a reading that can be argued",
    "ConstitutionReserved": "kept for it by the constitution of the council",
    "ExecutiveDefault": "it decides where no instrument keeps the decision for another; none was found",
    "Delegable": "the council may delegate it; no instrument was found that keeps the decision",
    "LocalChoice": "left to each council to choose",
    "LocalRule": "the instruments that keep such decisions do not reach this council; its standing orders say who decides",
}
_ARGUED = {
    "StatuteArguable": "a reading that can be argued",
    "AssertedOnly": "a document says so; no provision was found",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands on the record, what is on record, and where that is read."""

    word: str = ""
    on_record: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One line of a brief. `doubt` is empty where the law was read and is clear.

    `provided` is the form of governance under which alone it holds, where the register
    does not know that of the council. `since` is the first day on which a body was
    bound; where that is not known, `since_by` is a day by which one was. Where `due` has passed without a record, the
    day after it is `next_due`.
    """

    what: str
    who: tuple[str, ...] = ()
    role: str = ""
    with_whom: tuple[str, ...] = ()
    basis: str = ""
    provided: str = ""
    law: str = ""
    law_url: str = ""
    since: date | None = None
    since_by: date | None = None
    due: date | None = None
    next_due: date | None = None
    standing: Standing = Standing()
    doubt: tuple[str, ...] = ()
    note: str = ""
    action: str = ""
    modality: str = ""
    document: str = ""
    checked: str = ""

    @property
    def bodies(self) -> str:
        """Who is bound, in words; many in one role are counted, not named."""
        if len(self.who) > _MANY and self.role:
            return f"{len(self.who)} bodies, each as {self.role}"
        return "; ".join(self.who) or f"{self.role} (the register names no body)"

    @property
    def last_day(self) -> str:
        """The last day in time; where it has passed without a record, the next beside it."""
        if self.due and self.next_due:
            return f"{self.due} (passed, no record dated for it); next {self.next_due}"
        return self.due.isoformat() if self.due else ""


def worded(answer: Answer) -> list[tuple[Row, Words]]:
    """Return the rows of `answer` twice: as values, and in words by column.

    >>> from cspgraph import load
    >>> answer = load().answer("who-must-adopt", area="Dorset", on="2024-07-23")
    >>> worded(answer)[0][1]["organ"]
    'full council'
    """
    names = [column.name for column in answer.columns]
    return [
        (row, dict(zip(names, words, strict=True)))
        for row, words in zip(answer, answer.words(), strict=True)
    ]


def standings(answer: Answer) -> dict[str, Standing]:
    """Return for each duty of the answer `standing` how it stands."""
    return {
        str(row["duty"]): Standing(said["standing"], said["evidence"], said["source"])
        for row, said in worded(answer)
    }


def doubts(row: Row, said: Words) -> tuple[str, ...]:
    """Return the doubts about a row of an answer, the gravest first; none where it is clear.

    >>> doubts({"verification": "verification/V"}, {"confidence": "low"})
    ('how sure the reading is: low',)
    """
    found = [_CHECKED.get(_end(row.get("verification")), "")]
    found.append(_ARGUED.get(_end(row.get("basis")), ""))
    if presumed(row):
        found.append(said["assumes"])
    elif row.get("assumes"):
        found.append(
            f"the register does not know whether the council has {formed(said['assumes'])}"
        )
    if said.get("confidence", "high") not in ("high", ""):
        found.append(f"how sure the reading is: {said['confidence']}")
    return tuple(filter(None, found))


def presumed(row: Row) -> bool:
    """Return whether `row` rests on a form of governance that the register presumes.

    >>> presumed({"assumes": "https://w3id.org/cspgraph/governance/PresumedExecutive"})
    True
    """
    return _end(row.get("assumes")).startswith("Presumed")


def formed(form: str) -> str:
    """Return the name of a form of governance with its article; "" for none.

    >>> formed("committee system"), formed("executive arrangements")
    ('a committee system', 'executive arrangements')
    """
    return form if form.endswith("s") or not form else f"a {form}"


def duty_lines(
    answer: Answer,
    stand: Mapping[str, Standing],
    holders: Mapping[str, tuple[str, ...]],
) -> list[BriefLine]:
    """Return the answer `document-duties` as lines: one duty of many bodies is one line.

    `stand` says how each duty stands, `holders` which bodies hold a role in the area.
    """
    groups: defaultdict[tuple[object, ...], list[tuple[Row, Words]]] = defaultdict(list)
    for row, said in worded(answer):
        now = stand.get(str(row["duty"]))
        key = (row["law"], row["statement"], row["assumes"], row["due"], now)
        groups[key].append((row, said))
    return [_line(rows, stand, holders) for rows in groups.values()]


def _line(
    rows: list[tuple[Row, Words]],
    stand: Mapping[str, Standing],
    holders: Mapping[str, tuple[str, ...]],
) -> BriefLine:
    row, said = rows[0]
    roles = _each(words["counterpart"] for _, words in rows)
    first = min(one["since"] or one["since_by"] for one, _ in rows)  # type: ignore[type-var]
    unknown = any(one["since_by"] for one, _ in rows)
    return BriefLine(
        what=_modal(row) + said["statement"],
        who=_each(words["bearer"] for _, words in rows),
        role=said["role"],
        with_whom=tuple(_named(role, holders.get(role, ())) for role in roles),
        basis=_ground(row, said),
        provided="" if presumed(row) else formed(said["assumes"]),
        law=said["law"],
        law_url=said["law_url"],
        since=None if unknown else first,  # type: ignore[arg-type]
        since_by=first if unknown else None,  # type: ignore[arg-type]
        due=row["due"],  # type: ignore[arg-type]
        next_due=row["next_due"],  # type: ignore[arg-type]
        standing=stand.get(str(row["duty"]), Standing()),
        doubt=doubts(row, said),
        note=said["note"],
        action=_end(row["action"]),
        modality=_end(row["modality"]),
        document=said["document"],
        checked=said["verification"],
    )


def _modal(row: Row) -> str:
    """Return how the law binds, to go before the statement of a duty."""
    modality = _end(row["modality"])
    return "" if modality in _RESERVED else _MODALS.get(modality, "must ")


def _ground(row: Row, said: Words) -> str:
    ground = _BASES.get(_end(row["basis"]), "")
    return f"{said['organ']}: {ground}" if ground and said["organ"] else ground


def _named(role: str, bodies: tuple[str, ...]) -> str:
    return f"{role} ({'; '.join(bodies)})" if 0 < len(bodies) <= _MANY else role


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


def _end(thing: object) -> str:
    return str(thing or "").rpartition("/")[2]


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
    deciding: Iterable[BriefLine],
    making: Iterable[BriefLine],
    document: str,
    area: str,
    on: date,
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


def _alike(lines: Iterable[BriefLine]) -> list[list[BriefLine]]:
    """Return `lines` that say the same of the same bodies together."""
    groups: dict[tuple[object, ...], list[BriefLine]] = {}
    for line in lines:
        groups.setdefault((line.what, line.who), []).append(line)
    return list(groups.values())


def _decided(lines: list[BriefLine]) -> Sentence:
    first = lines[0]
    if not first.law:
        return _cited(f"A document on record says that {first.what}", lines)
    many = len(first.who) > 1
    bodies = " and ".join(first.who)
    return _cited(f"{bodies} {'are each' if many else 'is'} to {first.what}", lines)


def _due(line: BriefLine) -> Sentence:
    day = f"{line.due:%-d %B %Y}" if line.due else ""
    text = f"The last day in time for the next revision of the {line.document} is {day}"
    if line.next_due:
        text = (
            f"The last day in time for the revision of the {line.document} was {day},"
            f" and no record is dated for it; the next is {line.next_due:%-d %B %Y}"
        )
    return _cited(text, [line])


def _recorded(lines: list[BriefLine], on: date) -> Iterator[Sentence]:
    """Yield one sentence on what is on record about `lines`."""
    found = _entries(line.standing.on_record for line in lines)
    places = _entries(line.standing.source for line in lines)
    day = f"{on:%-d %B %Y}"
    nothing = f"Nothing of this is on record here by {day}, which does not say that it was not done."
    read = f"On record by {day}: {found} (read in: {places})."
    yield Sentence(read if found else nothing)


def _entries(texts: Iterable[str]) -> str:
    """Return the entries of `texts`, which are lists in words, once each."""
    entries = (entry for text in texts for entry in text.split("; ") if entry)
    return "; ".join(dict.fromkeys(entries))


def _cited(text: str, lines: list[BriefLine]) -> Sentence:
    laws = [Provision(o.law, o.law_url, o.provided) for o in lines if o.law]
    cited = f" ({'; '.join(map(str, laws))})" if laws else ""
    doubt = dict.fromkeys(said for line in lines for said in line.doubt)
    notes = dict.fromkeys(o.note for o in lines if o.note and o.doubt)
    return Sentence(f"{text}{cited}.", tuple(laws), tuple(doubt), tuple(notes))


def _bearers(line: BriefLine, area: str) -> str:
    """Return who is bound: one body by name, several, or a group, by their role."""
    if line.role.startswith("strategy group"):
        return f"The {line.role} of {area}"
    if len(line.who) == 1:
        return line.who[0]
    first, _, rest = line.role.partition(" (")
    many = f"{first[:-1]}ies" if first.endswith("y") else f"{first}s"
    return f"The {many}{f' ({rest}' if rest else ''} of {area}"
