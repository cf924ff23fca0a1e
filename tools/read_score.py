"""How well reports are read: precision and recall by kind, and what must never be said.

    python -m tools.read_score                        the invented reports of the tests
    python -m tools.read_score REPORT RECORD          one report against a record made by hand

A report stays outside the repository. An invented report is a text with its right draft
below it, one fact to a line.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.drafts import draft as drafts
from cspgraph.drafts import record
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from cspgraph.reading import reader
from cspgraph.reading.facts import PERSON
from cspgraph.reading.printed_days import DAY, day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import NamedNode, Quad

    from cspgraph.reading.facts import Fact

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "reading" / "corpus"
MARK = "\n=== right draft\n"
KINDS = (
    *("strategy", "version", "period", "priority", "cross-cutting issue"),
    *("decision", "day", "organ", "assessment", "body", "claim", "doubt"),
)
Item = tuple[str, ...]


@dataclass(slots=True)
class Score:
    """What was right, what was read and not right, what was missed, by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    missed: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    never: list[str] = field(default_factory=list)

    def add(self, name: str, read: Iterable[Item], wanted: Iterable[Item]) -> None:
        """Count what was read of one report against what is right."""
        found, asked = Counter(read), Counter(wanted)
        for item, count in (found & asked).items():
            self.right[item[0]] += count
        for item in (found - asked).elements():
            self.wrong[item[0]].append(f"{name}: {' | '.join(item)}")
        for item in (asked - found).elements():
            self.missed[item[0]].append(f"{name}: {' | '.join(item)}")

    def figures(self, kinds: Sequence[str] = KINDS) -> tuple[float, float]:
        """Return precision and recall over some kinds; 1 where nothing was to be had."""
        right = sum(self.right[kind] for kind in kinds)
        wrong = sum(len(self.wrong[kind]) for kind in kinds)
        missed = sum(len(self.missed[kind]) for kind in kinds)
        return (
            right / (right + wrong) if right + wrong else 1.0,
            right / (right + missed) if right + missed else 1.0,
        )

    def table(self) -> str:
        """Return the figures as a table, with what must never be said below it."""
        lines = [
            f"{'kind':<22}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>11}{'recall':>8}"
        ]
        for kind in (*KINDS, "all"):
            kinds = KINDS if kind == "all" else (kind,)
            right = sum(self.right[k] for k in kinds)
            wrong = sum(len(self.wrong[k]) for k in kinds)
            missed = sum(len(self.missed[k]) for k in kinds)
            if right + wrong + missed:
                precision, recall = self.figures(kinds)
                lines.append(
                    f"{kind:<22}{right:>6}{wrong:>6}{missed:>7}{precision:>11.2f}{recall:>8.2f}"
                )
        lines.append(f"must never be said: {len(self.never)}")
        return "\n".join([*lines, *self.never])


def cases() -> list[tuple[str, str, list[Item]]]:
    """Return the invented reports: name, text, and what is right, one item each."""
    found = []
    for path in sorted(CORPUS.glob("*.txt")):
        text, _, right = path.read_text(encoding="utf-8").partition(MARK)
        items = [i for line in right.splitlines() if line.strip() for i in wanted(line)]
        found.append((path.stem, text, items))
    return found


def wanted(line: str) -> Iterable[Item]:
    """Yield what one line of a right draft asks for."""
    kind, *cells = (cell.strip() for cell in line.split("|"))
    if kind == "claim":
        yield ("claim", cells[0].casefold(), *_plain([*cells[1:], "", ""][:3]))
        return
    if kind != "decision":
        yield (kind, *_plain(cells))
        return
    subject, value, status, day, *rest = [*cells, "", ""]
    key = tuple(_plain((subject, value, status)))
    yield ("decision", *key)
    if day:
        yield ("day", *key, day)
    for one in filter(None, rest):
        word, _, name = one.partition(" ")
        yield ("organ", *key, word, *_plain((name,)))


def read_items(made: reader.ReadReport) -> list[Item]:
    """Return what was read of a report in the same form; doubts by their words."""
    return [item for fact in made.facts for item in _items(fact)]


def _items(fact: Fact) -> Iterable[Item]:
    if fact.kind in ("document",):
        return
    if fact.kind == "claim":
        cells = ["; ".join(fact.all(key)) for key in ("action", "product", "role")]
        yield ("claim", fact.place.casefold(), *_plain(cells))
    elif fact.kind == "decision":
        key = tuple(_plain((fact.subject, fact.value, fact.status)))
        yield ("decision", *key)
        if fact.day:
            yield ("day", *key, fact.day)
        for word in ("by", "to"):
            for name in fact.all(word):
                yield ("organ", *key, word, *_plain((name,)))
    else:
        yield (fact.kind, *_plain((fact.subject, fact.value)))


def _plain(cells: Iterable[str]) -> list[str]:
    return [
        re.sub(r"\W+", " ", cell.replace("&", "and")).strip().casefold()
        for cell in cells
    ]


def corpus() -> Score:
    """Return the score on the invented reports."""
    score = Score()
    for name, text, right in cases():
        made = reader.read_text(text)
        score.never += [f"{name}: {said}" for said in never(made, text)]
        doubts = [item for item in right if item[0] == "doubt"]
        told = [" ".join(_plain([d.said])) for d in made.doubts]
        seen = [d for d in doubts if any(d[1] in one for one in told)]
        score.add(name, [*read_items(made), *seen], right)
    return score


def never(made: reader.ReadReport, text: str) -> list[str]:
    """Return what was said of a report that must never be said."""
    said = []
    days = {day(found) for found in re.findall(DAY, " ".join(text.split()))} - {""}
    for fact in made.facts:
        words = " ".join(
            [
                fact.subject,
                fact.value,
                fact.quote,
                fact.heading,
                fact.place,
                *(v for vs in fact.more.values() for v in vs),
            ]
        )
        if PERSON.search(words) or re.search(
            r"\S@\S|\b0\d{3,4} ?\d{3} ?\d{3}\b", words
        ):
            said.append(f"a person: {words}")
        if len(fact.quote.split()) > 15:
            said.append(f"a long quotation: {fact.quote}")
        if fact.kind != "decision":
            continue
        if fact.day and fact.day not in days and fact.day != made.head.day:
            said.append(f"a day that is not printed: {fact.day}")
        alone = fact.value in ("publish", "choose through whom to act", "sign off")
        if fact.status == "done" and not fact.all("by") and not alone:
            said.append(f"done by nobody: {fact.value} {fact.subject}")
    return said


# A report against a record made by hand


def against(report: str, path: str) -> Score:
    """Return the score of a report against a record made by hand, as graphs."""
    held = drafts.read(report)
    rows = held.filled(every=True)
    source = files.Source(
        "draft.trig", record.trig(rows, report, status="draft").text.encode()
    )
    (hand,) = files.user_files(path)
    score = Score()
    read, right = _graph(list(files.quads(source))), _graph(list(files.quads(hand)))
    score.add(Path(report).name, read, right)
    made = reader.read_file(report)
    text = (
        Path(report).read_text(encoding="utf-8", errors="replace")
        if report.endswith(".txt")
        else ""
    )
    if text:
        score.never = never(made, text)
    return score


def _graph(quads: Sequence[Quad]) -> list[Item]:
    """Return what a record says, free of its own addresses."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        name = quad.predicate.value.rpartition("#")[2].rpartition("/")[2]
        value = getattr(quad.object, "value", "")
        said[getattr(quad.subject, "value", "")][name].append(value)
    kinds = {
        q.subject.value: q.object.value  # type: ignore[union-attr]
        for q in quads
        if q.predicate == RDF_TYPE
    }
    items: list[Item] = []

    def is_a(thing: str, kind: NamedNode) -> bool:
        return kinds.get(thing) == kind.value

    def plan(thing: str) -> str:
        """Return a plan by its kind and years: titles may be worded otherwise."""
        facts = said[thing]
        if is_a(thing, CSP.StrategyVersion):
            years = facts["printedPeriod"] or [re.sub(r"\D+", " ", facts["label"][0])]
            first = "first" if "first year" in facts["label"][0] else years[0]
            return f"version {first} of {plan(facts['versionOf'][0])}"
        if is_a(thing, CSP.Assessment):
            return f"{_end(facts['kind'][0])} of {' '.join(sorted(map(plan, facts['about'])))}"
        if is_a(thing, CSP.SourceDocument):
            return "the report"
        return f"{_end(facts['kind'][0])} {' '.join(facts['printedPeriod'])}".strip()

    for thing, facts in said.items():
        if is_a(thing, CSP.Strategy):
            items.append(("strategy", plan(thing)))
            items += [("period", plan(thing), p) for p in facts["printedPeriod"]]
            items += [("body", plan(thing), _end(b)) for b in facts["developedBy"]]
        elif is_a(thing, CSP.StrategyVersion):
            items.append(("version", plan(thing)))
            items += [("period", plan(thing), p) for p in facts["printedPeriod"]]
            for term, kind in (
                ("priority", "priority"),
                ("crossCutting", "cross-cutting issue"),
            ):
                items += [
                    (kind, plan(thing), *_plain(said[p]["label"])) for p in facts[term]
                ]
        elif is_a(thing, CSP.Assessment):
            items.append(("assessment", plan(thing)))
        elif is_a(thing, CSP.Decision):
            for about in facts["about"]:
                key = (plan(about), _end(facts["kind"][0]), _end(facts["status"][0]))
                items.append(("decision", *key))
                items += [("day", *key, day) for day in facts["on"]]
                items += [
                    ("organ", *key, word, _end(o))
                    for word in ("by", "to")
                    for o in facts[word]
                    if "/organ/" in o
                ]
                items += [("body", *key, _end(o)) for o in facts["by"] if "/body/" in o]
        elif is_a(thing, CSP.Claim):
            place = said[facts["source"][0]]["paragraph"][0].casefold()
            cells = (
                " ".join(sorted(map(_end, facts[t])))
                for t in ("assertsAction", "assertsProduct", "assertsRole")
            )
            items.append(("claim", place, *cells))
    return items


def _end(iri: str) -> str:
    return iri.removeprefix(PREFIXES["kind"]).rpartition("/")[2]


def main(arguments: Sequence[str]) -> int:
    """Print a score, and what is wrong or missed with `--all`."""
    told = "--all" in arguments
    words = [word for word in arguments if not word.startswith("-")]
    if len(words) not in (0, 2):
        print("give a report and a record, or nothing", file=sys.stderr)
        return 2
    score = against(*words) if words else corpus()
    print(score.table())
    if told:
        for name, lists in (("wrong", score.wrong), ("missed", score.missed)):
            for items in lists.values():
                print("\n".join(f"{name}: {item}" for item in items))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
