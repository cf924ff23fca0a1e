"""The lines of a brief: what the law asks, of whom, by which provision, and the doubt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cspgraph.inquiry.answers import Answer

    Row = Mapping[str, object]
    Words = Mapping[str, str]

__all__ = ["Line", "Standing", "doubts", "duty_lines", "formed", "standings", "worded"]

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
class Line:
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
) -> list[Line]:
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
) -> Line:
    row, said = rows[0]
    roles = _each(words["counterpart"] for _, words in rows)
    first = min(one["since"] or one["since_by"] for one, _ in rows)  # type: ignore[type-var]
    unknown = any(one["since_by"] for one, _ in rows)
    return Line(
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
