"""Twelve questions of every area on eight days: no traceback, and no silence without a reason.

`python -m bench sweep` asks all of them, which takes long; `python -m bench sweep 20`
asks every twentieth area, and `python -m bench sweep 2027-05-01` one day. What follows
is derived for some areas at a time. Each day is printed when it is done: its counts, and
what was found amiss.
"""

from __future__ import annotations

import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import cspgraph
from cspgraph.errors import CspgraphError
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import ask, terms
from cspgraph.questions.query_file import find
from cspgraph.questions.why_empty import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.areas import Rounds
    from cspgraph.questions.query_file import Query
    from cspgraph.rdf.results import Term

    Ask = Callable[..., Answer]
    Terms = Mapping[str, Sequence[Term]]

__all__ = ["DAYS", "QUESTIONS", "TOGETHER", "Tally", "areas", "look", "main", "near"]

#: From the first year of the Act to years that nobody can know yet.
DAYS = (
    *("1999-06-01", "2005-01-15", "2012-11-22", "2019-04-01"),
    *("2022-07-01", "2024-07-23", "2027-05-01", "2035-01-01"),
)
#: Law, roles, register, record and standing, with filters that leave much out.
QUESTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("who-must-do-what", {"action": "adopt", "product": "csp-plan"}),
    ("who-must-do-what", {"product": "youth justice plan", "action": "prepare"}),
    ("who-must-adopt", {}),
    ("responsible-authorities", {}),
    ("specified-authorities", {}),
    ("bodies-of-area", {"role": "specified authority"}),
    ("amendment-allowed", {"product": "csp-plan"}),
    ("evidence-for", {"product": "domestic abuse safe accommodation strategy"}),
    ("plan-dates", {}),
    ("decision-trail", {"product": "crime and disorder strategy"}),
    ("agreed-not-adopted", {}),
    ("scrutiny", {}),
)
#: Areas whose graph is derived at once: the country takes longer to ask than to derive.
TOGETHER = 30
_SILENT = "empty answers without a reason"


@dataclass
class Tally:
    """What a sweep counts, and a line for each thing amiss."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)

    @property
    def unknown_share(self) -> float:
        """How many of the empty answers have no reason that is known, as a share."""
        return self.reasons[NOT_KNOWN] / max(1, self.counts["empty answers"])

    def lines(self) -> Iterable[str]:
        """Yield the counts in words."""
        for name, count in sorted(self.counts.items()):
            yield f"{name}: {count:,}"
        yield f"{_SILENT}: {self.counts[_SILENT]:,}"
        yield f"share of reasons that are not known: {self.unknown_share:.4f}"
        for reason, count in self.reasons.most_common():
            yield f"  {reason}: {count:,}"
        yield from self.amiss[:40]


def areas(kg: KnowledgeGraph) -> list[str]:
    """Return the codes of all areas of the register, of any time, in order."""
    rows = kg._dataset.register.rows("areas")
    return sorted(
        row.cells["code"]
        for row in rows
        if row.cells["kind"] not in ("Country", "Region")
    )


def near(kg: KnowledgeGraph, on: str, codes: Iterable[str]) -> Ask:
    """Return what asks the graph of a day for the areas `codes` and all around them."""
    dataset, day = kg._dataset, date.fromisoformat(on)
    ever, names = dataset.all_dates, dataset.labels

    def prepared(name: str, given: Mapping[str, str]) -> tuple[Query, Terms, Rounds]:
        query = find(name)
        bound = terms(query, given, names, day)
        return query, bound, rounds(query, bound, dataset.register, names, day)

    around: set[str] = set()
    for code, (name, given) in product(codes, QUESTIONS):
        with suppress(CspgraphError):
            around.update(prepared(name, {"area": code, **given})[2].areas or ())
    engine = dataset.day(day, frozenset(around)) if around else ever

    def answer(name: str, **given: str) -> Answer:
        query, bound, reached = prepared(name, given)
        receipt = dataset.receipt(day, areas=reached.areas or ())
        return ask(engine, query, bound, names, day, receipt, reached, lambda: ever)

    return answer


def look(answering: Ask, code: str, day: str, tally: Tally) -> None:
    """Ask all questions of one area on one day, and count what comes."""
    for name, given in QUESTIONS:
        tally.counts["questions"] += 1
        case = f"{name} {dict(given)} {code} {day}"
        try:
            answer = answering(name, area=code, **given)
        except CspgraphError:  # a sentence: no such area then
            tally.counts["refused in a sentence"] += 1
        except Exception:  # noqa: BLE001 - what a sweep is for
            tally.counts["tracebacks"] += 1
            tally.amiss.append(f"{case}: {traceback.format_exc(limit=-1)}")
        else:
            _count(answer, case, tally)


def _count(answer: Answer, case: str, tally: Tally) -> None:
    made = answer.receipt.get("register_made")
    if made and str(answer.on) > str(made) and not answer.receipt.get("beyond"):
        tally.counts["days beyond the horizon without warning"] += 1
        tally.amiss.append(f"{case}: no warning")
    if len(answer):
        return
    tally.counts["empty answers"] += 1
    said = answer.empty
    if said is None or not said["text"] or "{" in str(said["text"]):
        tally.counts[_SILENT] += 1
        tally.amiss.append(f"{case}: {said}")
        return
    tally.reasons[str(said["reason"])] += 1
    if said["reason"] == NOT_KNOWN:
        tally.amiss.append(f"{case}: {NOT_KNOWN}")


def main(*asked: str) -> None:
    """Print what a sweep counts on each day: on those `asked`, of each area or of some."""
    steps = [int(word) for word in asked if word.isdecimal()]
    kg = cspgraph.load()
    codes = areas(kg)[:: steps[0] if steps else 1]
    for day in [word for word in asked if not word.isdecimal()] or DAYS:
        tally = Tally()
        for first in range(0, len(codes), TOGETHER):
            some = codes[first : first + TOGETHER]
            answering = near(kg, day, some)
            for code in some:
                look(answering, code, day, tally)
        print(f"{day}, {len(codes)} areas")
        for line in tally.lines():
            print(f"  {line}", flush=True)
