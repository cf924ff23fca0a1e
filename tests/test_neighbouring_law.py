"""Duties beside those of sections 5 to 7, each asked before, on and after its day.

The tables in `tests/reference/` need no Python: `neighbouring.csv` has one row for each
fact of law with the pages read, `neighbouring-asked.csv` one for each question that
shows it, in an area where the law binds and in one where it does not. They are read as
those of `test_corrections.py` are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from cspgraph.rdf.files import shipped
from test_corrections import answered, table, told

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answered"]

FACTS = table("neighbouring")
ASKED = table("neighbouring-asked")


def test_every_fact_is_asked_where_it_holds_and_where_it_does_not() -> None:
    told = defaultdict(set)
    for row in ASKED:
        told[row["fact"]].add(row["there"])
    assert told == {row["fact"]: {"yes", "no"} for row in FACTS}


def test_the_pages_read_are_held() -> None:
    held = "".join(file.text for file in shipped("data/law", "/evidence.ttl"))
    named = {name for row in FACTS for name in row["evidence"].split(", ")}
    assert not {name for name in named if f"evidence:{name}\n" not in held}


@pytest.mark.parametrize(
    "row", ASKED, ids=[f"{row['fact']}-line-{row['line']}" for row in ASKED]
)
def test_the_answer_is_that_of_the_law(
    row: dict[str, str],
    answered: Callable[[dict[str, str]], list[dict[str, str]]],
) -> None:
    assert told(row, answered(row)) == (row["there"] == "yes")
