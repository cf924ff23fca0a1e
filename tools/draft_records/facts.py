"""Facts that were seen on pages of councils: rows of tables, checked one by one."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "FACTS",
    "PARTS",
    "READ",
    "Fact",
    "FactError",
    "NotSeen",
    "facts",
    "not_seen",
    "span",
    "table",
]

HERE = Path(__file__).parent
FACTS = HERE / "facts"
PARTS = ("part-a", "part-b")
#: By this day all pages were read; nothing can have been seen of a later one.
READ = date(2026, 11, 30)
FACT_KINDS = (
    *("title", "priority", "cross-cutting", "decision", "assessment", "claim", "body"),
)
STATUSES = {"done": "Done", "proposed": "Proposed", "planned": "Planned"}
CONFIDENCES = ("High", "Medium", "Low")
_ALLOWED = {
    "fact_kind": FACT_KINDS,
    "status": tuple(STATUSES),
    "confidence": CONFIDENCES,
}
_COLUMNS = (
    *("council", "gss_code", "partnership", "document", "kind", "period_from"),
    *("period_until", "fact_kind", "fact", "organ", "day", "status", "source_url"),
    *("page_date", "quote", "confidence", "note"),
)
_MISSING = (
    *("council", "gss_code", "looked_for_and_not_seen", "search", "search_day", "note"),
)
_LONGEST_QUOTE = 15
_PART_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_OFFICIAL = re.compile(
    r"https?://[\w.-]*\.?(gov\.uk|gov\.wales|llyw\.cymru|moderngov\.co\.uk)"
    r"\.?(:\d+)?(/|$)"
)
_SECONDARY = re.compile(r"^S\b|secondary source", re.IGNORECASE)


class FactError(ValueError):
    """A row that cannot be right: which file and line, the value, and what to do."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what a page says of a document of a council."""

    place: str
    council: str
    code: str
    partnership: str
    document: str
    kind: str
    period: tuple[str, str]
    what: str
    words: str
    organ: str
    day: str
    status: str
    page: str
    page_day: str
    quote: str
    confidence: str
    note: str

    @property
    def official(self) -> bool:
        """Whether the page is one of a public body, and no copy and no press."""
        return bool(_OFFICIAL.match(self.page)) and not _SECONDARY.search(self.note)


@dataclass(frozen=True, slots=True)
class NotSeen:
    """What was looked for on the pages of a council, and not seen."""

    place: str
    council: str
    code: str
    words: str


def facts(folder: Path = FACTS) -> list[Fact]:
    """Return the facts of the tables in `folder` in the order of their rows.

    Raises `FactError` at the first row that cannot be right, and where two rows say
    what cannot both be right.
    """
    found = [_fact(*row) for name in PARTS for row in _rows(folder, name, _COLUMNS)]
    _agree(found)
    return found


def not_seen(folder: Path = FACTS) -> list[NotSeen]:
    """Return what was looked for and not seen; raise `FactError` as `facts` does."""
    found = []
    for place, row in _rows(folder, "not-seen", _MISSING):
        _known_by_then(row["search_day"], f"{place}: search_day")
        words = row["looked_for_and_not_seen"]
        if not words:
            raise FactError(f"{place}: nothing is named that was looked for; name it")
        found.append(NotSeen(place, row["council"], row["gss_code"], words))
    return found


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside this module.

    >>> table("documents")[0]["product"]
    'PartnershipPlan'
    """
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(words: str, place: str = "") -> tuple[date, date]:
    """Return the first and the last day that `words` can mean: a day, month or year.

    >>> span("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    found = _PART_DAY.fullmatch(words)
    parts = [int(part or 0) for part in found.groups()] if found else [0, 0, 0]
    year, month, day = parts
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return first, first
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    except ValueError:
        raise FactError(
            f"{place}: {words!r} is no day, month or year; write 2024, 2024-03 or 2024-03-09"
        ) from None
    return first, after - timedelta(days=1)


def _rows(
    folder: Path, name: str, columns: Iterable[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each row of a table with its place, such as part-a.csv:2."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != tuple(columns):
            raise FactError(f"{path.name}:1: the columns are not {', '.join(columns)}")
        try:
            for row in reader:
                place = f"{path.name}:{reader.line_num}"
                if None in row or None in row.values():
                    raise FactError(f"{place}: more or fewer cells than the head has")
                yield place, {key: " ".join(cell.split()) for key, cell in row.items()}
        except csv.Error as error:
            line = reader.line_num + 1
            raise FactError(f"{path.name}:{line}: {error}") from None


def _fact(place: str, row: dict[str, str]) -> Fact:
    for column, allowed in _ALLOWED.items():
        if row[column] not in allowed:
            raise FactError(
                f"{place}: {column} is {row[column]!r}; write one of {', '.join(allowed)}"
            )
    if not row["fact"]:
        raise FactError(f"{place}: no fact stands there; write what the page says")
    begins, ends = row["period_from"], row["period_until"]
    for column in ("period_from", "period_until"):
        if row[column]:
            span(row[column], f"{place}: {column}")
    if begins and ends and span(begins)[0] > span(ends)[1]:
        raise FactError(
            f"{place}: the period ends in {ends}, before it begins in {begins}"
        )
    if row["page_date"]:
        _known_by_then(row["page_date"], f"{place}: page_date")
    if row["day"]:
        span(row["day"], f"{place}: day")
        if row["status"] == "done":
            _known_by_then(row["day"], f"{place}: day")
    if row["source_url"] and not _ADDRESS.fullmatch(row["source_url"]):
        raise FactError(f"{place}: source_url {row['source_url']!r} is no web address")
    if len(row["quote"].split()) > _LONGEST_QUOTE:
        raise FactError(f"{place}: a quote of more than {_LONGEST_QUOTE} words; cut it")
    return Fact(
        place,
        row["council"],
        row["gss_code"],
        row["partnership"],
        row["document"],
        row["kind"],
        (begins, ends),
        row["fact_kind"],
        row["fact"],
        row["organ"],
        row["day"],
        row["status"],
        row["source_url"],
        row["page_date"],
        row["quote"],
        row["confidence"],
        row["note"],
    )


def _known_by_then(words: str, place: str) -> None:
    if span(words, place)[0] > READ:
        raise FactError(f"{place} {words} is after {READ}, when the pages were read")


def _agree(found: Iterable[Fact]) -> None:
    """Refuse rows that say the same of one page twice, or with other days or status."""
    known: dict[tuple[str, ...], Fact] = {}
    for fact in found:
        key = (
            *(fact.code, fact.document, fact.what, fact.words, fact.organ),
            *(fact.page, fact.kind, fact.quote),
        )
        other = known.setdefault(key, fact)
        if other is fact:
            continue
        for name in ("day", "status", "period"):
            mine, theirs = getattr(fact, name), getattr(other, name)
            if mine != theirs:
                raise FactError(
                    f"{fact.place}: {name} is {mine!r}, and {theirs!r} at {other.place}"
                    " for the same words of the same page; keep the right one"
                )
        raise FactError(f"{fact.place}: it says what {other.place} says; keep one")
