"""What people type into cells: every common British form of a day, and no guesses."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from cspgraph.forms.cells import days, length, words
from filled import filled_in

if TYPE_CHECKING:
    from pathlib import Path

THE_DAY = date(2024, 7, 23)
RIGHT = [
    *("2024-07-23", "23/07/2024", "23.07.2024", "23-07-2024", "23/7/2024"),
    *("23 July 2024", "23 july 2024", "23 Jul 2024", "23 Jul. 2024", "23rd July 2024"),
    *("23rd of July 2024", "Tuesday 23 July 2024", "Tue 23 Jul 2024"),
    *("Tuesday, 23 July 2024", "23-Jul-2024", "July 23, 2024", "23 July, 2024"),
    *(" 23\u00a0July\u00a02024 ", "23\u2010Jul\u20102024", "2024-07-23 00:00:00"),
]
WRONG = {
    "03/04/2024": "may be 3 April or 4 March 2024; write 3 April 2024 or 2024-04-03",
    "Monday 23 July 2024": "is not a Monday; 23 July 2024 was a Tuesday",
    "31/02/2024": "is not a date",
    "29 February 2023": "is not a date",
    "23/07/24": "is not a date",
    "July 2024": "is not a date",
    "2024": "is not a date",
    "no": "is not a date",
    "2024-7-23": "is not a date",
    "\u0662\u0660\u0662\u0664-07-23": "is not a date",
    "23 Julember 2024": "is not a date",
    "Foo 23 July 2024": "is not a date",
    "32/01/2024": "is not a date",
    "00/13/2024": "is not a date",
}


@pytest.mark.parametrize("text", RIGHT)
def test_a_day_in_any_british_form(text: str) -> None:
    assert days(text) == THE_DAY


@pytest.mark.parametrize("text", WRONG)
def test_a_day_that_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(WRONG[text])):
        days(text)


def test_a_declared_order_makes_a_day_clear() -> None:
    assert days("03/04/2024", "day") == date(2024, 4, 3)
    assert days("03/04/2024", "month") == date(2024, 3, 4)
    assert days("05/05/2024") == date(2024, 5, 5)
    assert days("07/23/2024") == THE_DAY


def test_what_a_spreadsheet_makes_of_a_day() -> None:
    assert days(datetime(2024, 7, 23)) == THE_DAY  # noqa: DTZ001
    assert days(THE_DAY) == THE_DAY
    with pytest.raises(ValueError, match="holds a time of day as well; write 2024-"):
        days(datetime(2024, 7, 23, 14, 30))  # noqa: DTZ001
    with pytest.raises(ValueError, match="is a number, not a date"):
        days(45496)


def test_numbers_in_cells_for_words() -> None:
    assert words(4) == "4"
    assert words(2024.0) == "2024"
    for value in (2.1, True, THE_DAY):
        with pytest.raises(ValueError, match="format the cell as text"):
            words(value)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("3 years", "P3Y"),
        ("1 Year", "P1Y"),
        ("18 months", "P18M"),
        ("2 weeks", "P14D"),
        ("P1Y6M", "P1Y6M"),
    ],
)
def test_a_length_of_time(text: str, stored: str) -> None:
    assert length(text) == stored


@pytest.mark.parametrize("text", ["three years", "3", "P", "PT", "3 years ago"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        length(text)


OUTLINE = """
record: {{name: made-up, day: 2024-07-23, dates in numbers: {order}}}
documents:
  - ref: paper
    title: A paper
    kind of document: minutes
    day of the document: {day}
decisions:
  - name: It is adopted
    kind of decision: {kind}
    about: {about}
    decided by: {by}
    done or proposed: done
    source: {source}
"""
GIVEN = {
    "order": "",
    "day": "23 July 2024",
    "kind": "adopt",
    "about": "paper",
    "by": "Full Council of Dorset Council",
    "source": "paper / 2.10",
}


def outline(place: Path, more: str = "", **other: str) -> list[str]:
    """Return what is said of an outline, each by its line."""
    made = filled_in(place / "form.yaml", OUTLINE.format(**GIVEN | other) + more)
    return [str(problem).partition("form.yaml, ")[2] for problem in made.problems]


def test_the_order_of_dates_is_declared_once(tmp_path: Path) -> None:
    assert len(outline(tmp_path, day="03/04/2024")) == 1
    assert outline(tmp_path, day="03/04/2024", order="day first") == []
    assert "write day first or month first" in outline(tmp_path, order="any")[0]


@pytest.mark.parametrize(
    "word",
    [
        "Full\u00a0Council of Dorset Council",
        "full council of dorset council",
        "dorset-council-full-council",
        "organ:dorset-council-full-council",
        "Full Council of Dorset  Council\u200b",
    ],
)
def test_a_name_is_found_however_it_is_typed(word: str, tmp_path: Path) -> None:
    assert outline(tmp_path, by=word) == []


def test_a_name_is_never_guessed(tmp_path: Path) -> None:
    (said,) = outline(tmp_path, by="Full Council of Dorest Council")
    assert said.startswith("line 12: 'Full Council of Dorest Council' is not known")
    assert "did you mean 'Full Council of Dorset Council'?" in said
    (said,) = outline(tmp_path, kind="adopts")
    assert "did you mean 'adopt'? write one of adopt, agree, approve" in said


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    wrong = {"day": "03/04/2024", "kind": "adopts", "by": "nobody", "source": "x / 1"}
    said = outline(tmp_path, **wrong)
    lines = [line.partition(":")[0] for line in said]
    assert lines == ["line 7", "line 10", "line 12", "line 14"]


def test_a_paragraph_keeps_its_last_nought(tmp_path: Path) -> None:
    made = filled_in(tmp_path / "form.yaml", OUTLINE.format(**GIVEN))
    assert any(getattr(q.object, "value", "") == "2.10" for q in made.quads)


def test_a_name_that_fits_two_rows_is_refused(tmp_path: Path) -> None:
    more = "strategies:\n- {ref: a, name: Same}\nversions:\n- {ref: b, name: Same}\n"
    (said,) = outline(tmp_path, more, about="Same")
    assert "may be version:made-up.b or strategy:made-up.a; write one of these" in said
