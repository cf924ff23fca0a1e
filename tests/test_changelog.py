"""The changelog: one line for each change, under the four headings."""

import re
from collections import Counter
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "CHANGELOG.md").read_text()
UNRELEASED = TEXT.split("## Unreleased\n")[1].split("\n## ")[0]
ENTRIES = [line for line in UNRELEASED.splitlines() if line.startswith("- ")]
#: Longer than this, a line holds more than one change.
LONGEST = 280


def test_changes_stand_under_the_four_headings_in_their_order() -> None:
    headings = re.findall(r"^### (.+)$", UNRELEASED, re.M)
    four = ["Added", "Changed", "Fixed", "Removed"]
    assert headings == [heading for heading in four if heading in headings]
    assert headings


def test_every_line_is_an_entry_a_heading_or_the_name_of_a_group() -> None:
    for line in filter(None, UNRELEASED.splitlines()):
        assert re.fullmatch(r"- \S.*\.|### \w+|[A-Z][\w, ]+:", line), line


def test_no_entry_stands_twice() -> None:
    opening = Counter(" ".join(entry.split()[:7]) for entry in ENTRIES)
    assert [words for words, times in opening.items() if times > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=range(len(ENTRIES)))
def test_an_entry_is_one_short_line(entry: str) -> None:
    assert len(entry) <= LONGEST
