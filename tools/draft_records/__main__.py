"""Write a record for each council of which facts were seen.

    python -m tools.draft_records

Nothing is written where any row cannot be right. With --check nothing is written at
all, and the command ends with 1 where a record differs from its facts.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from tools.draft_records.draft import STEM, Draft, draft
from tools.draft_records.facts import FACTS, READ, FactError, facts, not_seen
from tools.draft_records.register import ROOT, council_of
from tools.draft_records.trig import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.draft_records.facts import Fact, NotSeen

__all__ = ["drafts", "main", "written"]

RECORDS = ROOT / "data" / "record"


def drafts(folder: Path = FACTS) -> list[Draft]:
    """Return the record of each council that has facts, by the name of its folder.

    Raises `FactError` for a row that cannot be right.
    """
    said: dict[str, list[Fact]] = defaultdict(list)
    unseen: dict[str, list[NotSeen]] = defaultdict(list)
    found = {}
    for fact in facts(folder):
        found[fact.code] = council_of(fact.code, fact.council, fact.place)
        said[fact.code].append(fact)
    for missing in not_seen(folder):
        council_of(missing.code, missing.council, missing.place)
        unseen[missing.code].append(missing)
    made = [draft(found[code], rows, unseen[code]) for code, rows in said.items()]
    return sorted(made, key=lambda record: record.council.slug)


def written(record: Draft) -> str:
    """Return the file of a record."""
    seen = "opening parts of stored copies of the pages named below"
    head = [
        f"What was seen on pages about {record.council.area_name}.",
        f"Made by tools/draft_records from facts in the {seen}, read by {READ}.",
    ]
    return text(record.graph, head, record.entries)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the records, or compare them, and tell what became of the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument(
        "--facts", type=Path, default=FACTS, help="folder of the tables"
    )
    parser.add_argument("--records", type=Path, default=RECORDS, help="where to write")
    given = parser.parse_args(arguments)
    try:
        made = drafts(given.facts)
        files = {
            given.records / record.council.slug / f"{STEM}.trig": written(record)
            for record in made
            if record.entries
        }
        for path, new in files.items():
            _parsed(path, new)
    except (FactError, OSError) as error:
        print(f"draft_records: {error}; nothing was written", file=sys.stderr)
        return 2
    here = set(given.records.glob(f"*/{STEM}.trig"))
    differ = sorted(here - files.keys())
    differ += [path for path, new in files.items() if _now(path) != new]
    if given.check:
        for path in differ:
            print(f"differs from its facts: {path.relative_to(given.records)}")
        return int(bool(differ))
    for path in differ:
        _put(path, files.get(path))
    tell(made)
    return 0


def tell(made: Sequence[Draft]) -> None:
    """Print how many entries of each class there are, and what was left out."""
    records = [record for record in made if record.entries]
    kinds = sum((record.kinds() for record in records), Counter[str]())
    left = sum((record.left_out for record in made), Counter[str]())
    print(f"{len(records)} records")
    for kind, count in sorted(kinds.items()):
        print(f"  {count:5} {kind}")
    print("areas with")
    for what, count in counts(records).items():
        print(f"  {count:5} {what}")
    print("rows that became notes, or nothing")
    for reason, count in left.most_common():
        print(f"  {count:5} {reason}")
    bare = [record.council.area_name for record in made if not record.entries]
    print(f"without any page that can be cited: {', '.join(bare) or 'none'}")


def counts(records: Sequence[Draft]) -> dict[str, int]:
    """Return of how many areas the records hold what the national questions ask for."""

    def done(kind: str, *terms: str) -> int:
        """Count areas with a decision of a kind that was done and has these terms."""
        said = {"csp:kind": [f"kind:{kind}"], "csp:status": ["kind:Done"]}
        return sum(
            any(
                all(entry.facts.get(k) == v for k, v in said.items())
                and entry.facts.keys() >= set(terms)
                for entry in record.entries
            )
            for record in records
        )

    return {
        "a page": sum("csp:SourceDocument" in r.kinds() for r in records),
        "a priority": sum("csp:Priority" in r.kinds() for r in records),
        "a decision": sum("csp:Decision" in r.kinds() for r in records),
        "an agreement by a partnership": done("Agree"),
        "an agreement on a known day": done("Agree", "csp:on"),
        "an adoption by full council": done("Adopt"),
    }


def _parsed(path: Path, new: str) -> None:
    """Raise `FactError` where the file that was made is no TriG."""
    try:
        list(parse(new.encode(), RdfFormat.TRIG))
    except SyntaxError as error:
        raise FactError(f"{path.parent.name}: {error.msg}") from None


def _now(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _put(path: Path, new: str | None) -> None:
    """Put a file in its place whole, or take away one that has no facts any more."""
    if new is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(new, encoding="utf-8", newline="")
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
