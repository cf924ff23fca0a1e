"""Who decides on adopting a document, in sentences: may, can alone, arguably, by default.

The law says who adopts, not that a document must be adopted, so no sentence says
"must adopt". What rests on a presumed form of governance says so, and a claim of a
report for which no provision was found stays a claim.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, str]

__all__ = ["GROUNDS", "grounds", "limits", "told"]

#: How each ground is told of an organ and documents; the surest first.
GROUNDS = {
    "statute-reserved": "Only the {organ} of {body} can adopt {what}{law}.",
    "statute-arguable": "Only the {organ} of {body} can, arguably, adopt {what}{law}{weak}.",
    "constitution-reserved": "The constitution of {body} keeps {what} for its {organ}{law}.",
    "executive-default": "The {organ} of {body} decides on {what}, unless the council kept that decision for full council{law}.",
    "delegable": "A {organ} of {body} may decide on {what}{law}.",
    "local choice": "{body} chooses which organ decides on {what}{law}.",
    "local-rule": "The {organ} of {body} decides on {what}{law}.",
    "not-required": "No adoption of {what} is asked of {body}{law}.",
    "asserted-only": "A report says that the {organ} of {body} adopts {what}{claim}; no provision was found that says so.",
}
_WEAK = "low"
_PRESUMED = "presumed "
_FEW = 3
_NO_DAY = "No provision held here sets a day for the decision."


def told(rows: Sequence[Row]) -> str:
    """Return the rows of the question in sentences, each with its law and doubt.

    >>> print(told([{"body": "X Council", "organ": "full council", "product": "plan",
    ...     "basis": "statute-reserved", "law": "SI 2000/2853 Sch.3", "confidence": "high"}]))
    Only the full council of X Council can adopt the plan (SI 2000/2853 Sch.3). No provision held here sets a day for the decision.
    """
    return " ".join([*(said for _, said, _ in grounds(rows)), *limits(rows)])


def grounds(rows: Sequence[Row]) -> Iterator[tuple[str, str, Sequence[Row]]]:
    """Yield each ground with its sentence and the rows that it tells of, the surest first."""
    for basis, organ, found in _groups(rows):
        yield basis, _sentence(basis, organ, found), found


def limits(rows: Sequence[Row]) -> list[str]:
    """Return what is not said of a day, and what is taken for granted, in sentences."""
    return [_NO_DAY, *_assumed(rows)]


def _groups(rows: Sequence[Row]) -> Iterable[tuple[str, str, list[Row]]]:
    """Yield each ground and organ with its rows, the bodies for which they are alike together."""
    by_ground: defaultdict[tuple[str, str], defaultdict[str, list[Row]]]
    by_ground = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_ground[row["basis"], row["organ"]][row["body"]].append(row)
    order = [*GROUNDS]
    for basis, organ in sorted(by_ground, key=lambda pair: order.index(pair[0])):
        alike: defaultdict[tuple[tuple[str, str], ...], list[Row]] = defaultdict(list)
        for found in by_ground[basis, organ].values():
            key = sorted({(row["product"], row["law"]) for row in found})
            alike[tuple(key)] += found
        for found in alike.values():
            yield basis, organ, found


def _sentence(basis: str, organ: str, rows: Sequence[Row]) -> str:
    laws = _each(rows, "law")
    weak = _each([row for row in rows if row.get("confidence") == _WEAK], "product")
    claims = _each(rows, "claim")
    return GROUNDS[basis].format(
        organ=organ,
        body=_bodies(_each(rows, "body")),
        what=_and([f"the {product}" for product in _each(rows, "product")]),
        law=f" ({_and(list(map(_checked(rows), laws)))})" if laws else "",
        weak=f"; for {_and([f'the {one}' for one in weak])} the argument is weak"
        if weak
        else "",
        claim=f" (paragraph {_and(claims)})" if claims else "",
    )


def _checked(rows: Sequence[Row]) -> Callable[[str], str]:
    """Return how a provision is cited: with a word where its text was not read."""
    not_read = {
        row["law"]: row["verification"]
        for row in rows
        if row.get("verification", "read") not in ("", "read")
    }
    return lambda law: f"{law}, {not_read[law]}" if law in not_read else law


def _assumed(rows: Sequence[Row]) -> list[str]:
    """Return what is taken for granted of how councils are governed."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.get("assumes"):
            forms[row["body"]].add(row["assumes"])
    presumed = [body for body, of in forms.items() if _presumed(of)]
    open_ones = [body for body, of in forms.items() if len(of) > 1]
    said = []
    if presumed:
        form = min(forms[presumed[0]]).removeprefix(_PRESUMED)
        said.append(
            f"This takes for granted that {_bodies(presumed)} runs under {form}, which the register presumes."
            if len(presumed) == 1
            else f"This takes for granted how {_bodies(presumed)} are governed, which the register presumes."
        )
    if open_ones:
        said.append(
            f"How {_bodies(open_ones)} {'is' if len(open_ones) == 1 else 'are'} governed is not known: each form is told."
        )
    return said


def _presumed(forms: set[str]) -> bool:
    return all(form.startswith(_PRESUMED) for form in forms)


def _bodies(names: Sequence[str]) -> str:
    """Return one, a few, or a number of bodies."""
    if len(names) <= _FEW:
        return _and(names)
    return f"each of {len(names)} councils"


def _each(rows: Iterable[Row], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows if row.get(column)))


def _and(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if words[:-1] else "") + "".join(words[-1:])
