"""The organs that the law gives to every council, from one short table for all of them.

A row of the table says which organ councils of some kinds have, since when, and under
which form of governance. Where the register does not know how a council was governed,
every form that may have been is taken, and the row says what it takes for granted.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from cspgraph.rdf.files import CsvRow
from cspgraph.rdf.terms import OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["COLUMNS", "by_law", "called", "shared"]

#: The columns of the table of organs by law.
COLUMNS = (
    *("slug", "name", "kind", "bodies", "governance", "valid_from", "words"),
    *("confidence", "verification", "evidence", "source", "assumption", "note"),
)
#: From well to badly checked, and from sure to unsure.
_CHECKED, _SURE = "VOSBR", ("High", "Medium", "Low")
_NOT_KNOWN = "NotKnown"
_TAKEN = (
    "Nothing was read that says how this council was governed{}; the organ is there"
    " only if it was governed by this form."
)
#: One member decides beside the organ whose member it is.
_MEMBER = " member "

Days = tuple[str, str]


def by_law(
    table: Sequence[CsvRow],
    bodies: Iterable[CsvRow],
    governance: Iterable[CsvRow],
    kept: Iterable[CsvRow],
) -> Iterator[CsvRow]:
    """Yield the rows of organs that the law gives to `bodies`, by the rows of `table`.

    `governance` says how they were governed. On days for which an organ of the same
    kind is `kept` by hand, none is given, but for committees, of which there are many.
    """
    governed: dict[str, list[CsvRow]] = defaultdict(list)
    for row in governance:
        governed[row.cells["body"]].append(row)
    there: dict[tuple[str, str], list[Days]] = defaultdict(list)
    slugs = set()
    for row in kept:
        slugs.add(row.cells["slug"])
        if _MEMBER not in row.cells["name"]:
            there[row.cells["body"], row.cells["kind"]].append(_days(row))
    for body in bodies:
        for law in table:
            if body.cells["kind"] in law.cells["bodies"].split(";"):
                key = body.cells["slug"], law.cells["kind"]
                taken = [] if law.cells["kind"] == "Committee" else there[key]
                for row in _organs(law, body, governed[key[0]], taken):
                    if row.cells["slug"] in slugs:
                        row.cells["slug"] += f"-until-{row.cells['valid_until']}"
                    yield row


def _organs(
    law: CsvRow, body: CsvRow, governed: Sequence[CsvRow], taken: Sequence[Days]
) -> Iterator[CsvRow]:
    """Yield a row for each stretch of days on which `body` has the organ."""
    first, until = _days(body)
    whole = [(max(first, law.cells["valid_from"]), until)]
    forms = {law.cells["governance"], _NOT_KNOWN}
    rests: list[CsvRow] = []
    if law.cells["governance"]:
        rests = [row for row in governed if row.cells["governance"] in forms]
        whole = _joined(_days(row) for row in rests)
        whole = [(max(first, a), min(until, b)) for a, b in whole]
    found = [days for days in _without(whole, taken) if days[0] < days[1]]
    for number, days in enumerate(found, 1):
        under = [row for row in rests if _meet(_days(row), days)]
        slug = f"{body.cells['slug']}-{law.cells['slug']}"
        if number < len(found):
            slug += f"-until-{days[1]}"
        yield CsvRow(law.file, law.line, _cells(law, body, under, slug, days))


def _cells(
    law: CsvRow, body: CsvRow, under: Sequence[CsvRow], slug: str, days: Days
) -> dict[str, str]:
    rests = [law, body, *under]
    evidence = (item for row in rests for item in row.cells["evidence"].split(";"))
    unknown = [row for row in under if row.cells["governance"] == _NOT_KNOWN]
    taken = ""
    if unknown:
        whole = len(unknown) == len(under)
        when = "" if whole else f" {_said(_days(unknown[0]), days)}"
        taken = _TAKEN.format(when)
    presumed = " ".join(filter(None, (row.cells["assumption"] for row in under)))
    return {
        "slug": slug,
        "name": f"{law.cells['name']} of {called(body.cells['name'])}",
        "body": body.cells["slug"],
        "kind": law.cells["kind"],
        "valid_from": days[0],
        "valid_until": "" if days[1] == OPEN_END else days[1],
        "confidence": max((r.cells["confidence"] for r in rests), key=_SURE.index),
        "verification": max(
            (r.cells["verification"] for r in rests), key=_CHECKED.index
        ),
        "evidence": ";".join(dict.fromkeys(filter(None, evidence))),
        "source": law.cells["source"],
        "assumption": taken or presumed or law.cells["assumption"],
        "note": law.cells["note"],
        "first_day": _first_day(rests, days[0]),
    }


def _first_day(rests: Iterable[CsvRow], day: str) -> str:
    """Return 'by' where all that begins on `day` may have begun before, else nothing."""
    begin = [row for row in rests if row.cells["valid_from"] == day]
    return "by" if begin and all(row.cells.get("first_day") for row in begin) else ""


def called(body: str) -> str:
    """Return the name of a body as it stands after 'of'.

    >>> called("London Borough of Brent"), called("Adur District Council")
    ('the London Borough of Brent', 'Adur District Council')
    """
    starts = (
        *("London Borough", "Royal Borough", "City of", "City and County"),
        *("Borough Council of", "Council of", "Common Council"),
    )
    council = body.startswith("City ") and body.endswith(" Council")
    return f"the {body}" if body.startswith(starts) and not council else body


def shared(
    table: Iterable[CsvRow], organ: CsvRow, names: Iterable[str]
) -> Iterator[str]:
    """Yield what `organ` is called within its body, whose `names` are given.

    That is its name without that of the body, and the words of the law for its kind.
    """
    name = organ.cells["name"]
    for body in names:
        for start in (f" of {body}", f" of the {body}"):
            if start in name:
                yield name.partition(start)[0]
    if _MEMBER not in name:
        for law in table:
            if law.cells["kind"] == organ.cells["kind"] != "Committee":
                yield from law.cells["words"].split(";")


def _days(row: CsvRow) -> Days:
    return row.cells["valid_from"], row.cells["valid_until"] or OPEN_END


def _meet(one: Days, other: Days) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _said(unknown: Days, days: Days) -> str:
    first, until = max(unknown[0], days[0]), min(unknown[1], days[1])
    return f"from {first} until {until}, that day not included"


def _joined(days: Iterable[Days]) -> list[Days]:
    """Return `days` with those that follow on each other made one."""
    found: list[Days] = []
    for first, until in sorted(days):
        if found and found[-1][1] >= first:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((first, until))
    return found


def _without(whole: Iterable[Days], taken: Iterable[Days]) -> list[Days]:
    """Return `whole` without the days that are `taken`."""
    cut = _joined(taken)
    found: list[Days] = []
    for first, until in whole:
        edges = [first]
        for start, end in cut:
            if _meet((start, end), (first, until)):
                edges += [max(first, start), min(until, end)]
        edges.append(until)
        found += [pair for pair in list(pairwise(edges))[::2] if pair[0] < pair[1]]
    return found
