"""Days are counted as the law counts them: leap days, month ends, first days."""

from __future__ import annotations

from datetime import date

import pytest

from cspgraph.deadlines import after, year_end

# event, period, whether the day of the event counts, last day, why
COUNTED = [
    ("2024-02-01", "P28D", False, "2024-02-29", "28 days on, in a leap year"),
    ("2023-02-01", "P28D", False, "2023-03-01", "28 days on, in a common year"),
    ("2024-12-31", "P28D", False, "2025-01-28", "over the new year"),
    ("2022-01-04", "P3Y", True, "2025-01-03", "three years beginning with the day"),
    ("2022-01-04", "P3Y", False, "2025-01-04", "three years after the day"),
    ("2023-03-01", "P1Y", True, "2024-02-29", "the day before 1 March in a leap year"),
    ("2024-02-29", "P1Y", True, "2025-02-28", "no 29 February to stop the day before"),
    ("2024-02-29", "P1Y", False, "2025-02-28", "the last day of February"),
    ("2024-02-29", "P4Y", False, "2028-02-29", "leap day to leap day"),
    ("2024-11-30", "P3M", False, "2025-02-28", "month end to month end"),
    ("2024-03-31", "P3M", False, "2024-06-30", "a quarter's end"),
    ("2024-01-31", "P1M", False, "2024-02-29", "a month from 31 January"),
    ("2024-05-01", "P1D", True, "2024-05-01", "one day beginning with the day"),
]


@pytest.mark.parametrize(("event", "period", "counting", "last", "why"), COUNTED)
def test_counted_from_an_event(
    event: str, period: str, counting: bool, last: str, why: str
) -> None:
    found = after(date.fromisoformat(event), period, counting_the_day=counting)
    assert found == date.fromisoformat(last), why


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2024-03-30", "2024-03-31"),
        ("2024-03-31", "2024-03-31"),
        ("2024-04-01", "2025-03-31"),
    ],
)
def test_end_of_the_plan_year(day: str, end: str) -> None:
    assert year_end("--03-31", date.fromisoformat(day)) == date.fromisoformat(end)


@pytest.mark.parametrize("period", ["", "P", "28D", "PT5H", "P1W", "three years"])
def test_other_periods_are_refused(period: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        after(date(2024, 1, 1), period, counting_the_day=False)
