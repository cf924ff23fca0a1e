"""Try every promise for long: `make harden`, or `python -m tests.hardening --help`.

Each row is a promise. What was tried of a row is kept, so that a run that was stopped
goes on where it was; `harden.json` and the table of the page are written at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE / "tests"))

from hardening.attempts import ATTEMPTS  # noqa: E402 - the tests are no package

PAGE = HERE / "docs" / "reference" / "hardness.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"


def batch(name: str, seed: int, count: int) -> list[str]:
    """Return what broke the promise `name` in `count` cases from `seed`."""
    warnings.simplefilter("ignore")
    return list(ATTEMPTS[name][0](seed, count))


def harden(
    names: list[str], seed: int, seconds: float, state: Path, times: float
) -> list[dict[str, Any]]:
    """Return a row for each promise; stop a row when its share of the time is over."""
    kept: dict[str, dict[str, Any]] = {}
    if state.is_file():
        kept = {row["name"]: row for row in json.loads(state.read_bytes())}
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        row = kept.get(name, {})
        if row.get("seed") != seed:
            row = {"name": name, "tried": 0, "failed": 0, "seed": seed, "first": ""}
        begun, share = time.monotonic(), seconds / len(names)
        _, most, size = ATTEMPTS[name]
        wanted = max(1, int(most * times))
        row["promise"], row["wanted"] = promise(name), most
        while row["tried"] < wanted and time.monotonic() - begun < share:
            count = min(size, wanted - row["tried"])
            start = seed + row["tried"]
            try:
                with ProcessPoolExecutor(1) as pool:  # a death is a failure, not an end
                    found = pool.submit(batch, name, start, count).result()
            except BrokenProcessPool:
                found = [f"the process ended, from {start} on"]
            row["tried"] += count
            row["failed"] += len(found)
            row["first"] = row["first"] or next(iter(found), "")
            row["day"] = datetime.now(UTC).date().isoformat()
            rest = [kept[n] for n in names[place + 1 :] if n in kept]
            state.write_text(json.dumps([*rows, row, *rest]), encoding="utf-8")
        rows.append(row)
        sys.stdout.write(line(row))
        sys.stdout.flush()
    return rows


def promise(name: str) -> str:
    """Return the promise of a row in words: the first line of what tries it."""
    return str(ATTEMPTS[name][0].__doc__).partition("\n")[0].rstrip(".")


def line(row: dict[str, Any]) -> str:
    """Return a row of the table."""
    less = "" if row["tried"] >= row["wanted"] else f" of {row['wanted']:,}"
    return f"| {row['promise']} | {row['tried']:,}{less} | {row['failed']:,} | {row['seed']} | {row.get('day', '')} |\n"


HEAD = "| promise | tried | failed | seed | day |\n| --- | --- | --- | --- | --- |\n"


def main() -> None:
    """Run, print the table, write `harden.json` and, where asked, the page."""
    say = argparse.ArgumentParser(prog="make harden", description=__doc__)
    say.add_argument("--seed", type=int, default=20261130)
    say.add_argument("--minutes", type=float, default=120)
    say.add_argument("--times", type=float, default=1.0, help="try this part of it")
    say.add_argument("--row", action="append", choices=[*ATTEMPTS])
    say.add_argument("--state", type=Path, default=HERE / "harden.json")
    say.add_argument("--page", action="store_true", help="write the table on the page")
    given = say.parse_args()
    names = given.row or [*ATTEMPTS]
    sys.stdout.write(HEAD)
    rows = harden(names, given.seed, given.minutes * 60, given.state, given.times)
    given.state.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if given.page:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        table = HEAD + "".join(map(line, rows))
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    for row in rows:
        if row["failed"]:
            sys.stdout.write(f"\n{row['promise']}: {row['first'][:500]}\n")
    sys.exit(any(row["failed"] for row in rows))


if __name__ == "__main__":
    main()
