"""Days are counted as the law counts them: leap days, month ends, first days."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspgraph.derive.counting import after, before, last_year_end, year_end
from cspgraph.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph

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


#: The same the other way round: event, period, whether its day counts, last day, why.
COUNTED_BACK = [
    ("2022-01-04", "P70D", False, "2021-10-26", "4 + 31 + 30 + 5 days"),
    ("2022-01-04", "P70D", True, "2021-10-27", "the day itself is the first of 70"),
    ("2024-03-10", "P10D", False, "2024-02-29", "over a leap day"),
    ("2023-03-10", "P10D", False, "2023-02-28", "over the end of February"),
    ("2024-03-31", "P1M", False, "2024-02-29", "no 31 February"),
    ("2024-01-15", "P2M", False, "2023-11-15", "over the new year"),
    ("2024-02-29", "P1Y", False, "2023-02-28", "no leap day the year before"),
    ("2025-01-03", "P3Y", True, "2022-01-04", "three years that end with the day"),
]


@pytest.mark.parametrize(("event", "period", "counting", "last", "why"), COUNTED_BACK)
def test_counted_back_from_an_event(
    event: str, period: str, counting: bool, last: str, why: str
) -> None:
    found = before(date.fromisoformat(event), period, counting_the_day=counting)
    assert found == date.fromisoformat(last), why


def test_a_duty_counted_back(kg: KnowledgeGraph) -> None:
    """A council that means to publish on 4 January 2022 has its draft out by then."""
    found = kg.due("daa21-assess-strategy.draft", "2022-01-04")
    assert found.day == date(2021, 10, 26)
    assert found.event == "the day on which the strategy is to be published"
    assert found.law == "SI 2021/990 reg.6"


def test_the_note_of_the_rule_counts_the_same_days(kg: KnowledgeGraph) -> None:
    """The note walks back month by month; each leg and their sum are right."""
    answer = kg.select(
        "SELECT ?rule ?note WHERE { ?rule csp:kind kind:BeforeEvent ; csp:modelNote ?note }"
        " ORDER BY ?rule"
    )
    (row,) = answer
    walk = str(row["note"]).partition(" make 70.")[0]
    here = day = date(2022, 1, 4)
    assert walk.startswith("Counted back from 4 January 2022: ")
    legs = re.findall(r"(\d+) (?:days )?to (\d+ [A-Z][a-z]+)", walk)
    for count, where in legs:
        there = datetime.strptime(f"{where} 2021", "%d %B %Y").date()  # noqa: DTZ007
        assert (here - there).days == int(count)
        here = there
    assert sum(int(count) for count, _ in legs) == (day - here).days == 70
    assert before(day, "P70D", counting_the_day=False) == here


def test_the_end_of_the_calendar_is_said_in_a_sentence(kg: KnowledgeGraph) -> None:
    said = "start: counted from 9998-12-31, the day lies outside the years 1 to 9999; write another day"
    with pytest.raises(ParameterError) as caught:
        kg.due("daa21-review-strategy", "9998-12-31")
    assert str(caught.value) == said
    assert kg.due("cda98-youth-justice-plan", "9998-12-31").day is None


@pytest.mark.parametrize(
    ("event", "period", "way"),
    [
        (date.max, "P1D", after),
        (date(9999, 12, 1), "P1M", after),
        (date(9998, 1, 1), "P2Y", after),
        (date.min, "P1D", before),
        (date(1, 1, 31), "P1M", before),
        (date(2, 1, 1), "P2Y", before),
    ],
)
def test_outside_the_calendar_is_one_kind_of_error(
    event: date, period: str, way: Callable[..., date]
) -> None:
    with pytest.raises(OverflowError):
        way(event, period, counting_the_day=False)


def test_no_end_of_year_after_the_last_year() -> None:
    with pytest.raises(OverflowError):
        year_end("--03-31", date(9999, 4, 1))


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


ELECTIONS = [
    ("prsra11-issue-plan", "2024-05-02", "2025-03-31"),
    ("prsra11-issue-plan.london", "2021-05-06", "2022-03-31"),
    ("vawdasv15-local-strategy", "2017-05-04", "2018-05-04"),
    ("vawdasv15-local-strategy.review", "2022-05-05", "2023-05-05"),
]


@pytest.mark.parametrize(("duty", "election", "due"), ELECTIONS)
def test_counted_from_an_election_alone(
    kg: KnowledgeGraph, duty: str, election: str, due: str
) -> None:
    """The day of an election is taken; no other is, and the days known are named."""
    found = kg.due(duty, election)
    assert found.day == date.fromisoformat(due)
    assert "recalled" in found.reason
    known = f"{date.fromisoformat(election):%-d %B %Y}"
    for days in (-1, 1, 100):
        other = date.fromisoformat(election) + timedelta(days=days)
        with pytest.raises(ParameterError, match=f"known: .*{known}"):
            kg.due(duty, other)


@given(start=st.dates(date(2017, 1, 1), date(2040, 1, 1)))
def test_no_day_but_a_known_one_is_an_election(kg: KnowledgeGraph, start: date) -> None:
    known = {date(2021, 5, 6), date(2024, 5, 2)}
    if start in known:
        assert kg.due("prsra11-issue-plan", start).day
    else:
        with pytest.raises(ParameterError):
            kg.due("prsra11-issue-plan", start)


def test_after_the_last_election_that_is_known(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="2 May 2024, and none later"):
        kg.due("prsra11-issue-plan", "2028-05-04")


@given(start=st.dates(date(2008, 1, 1), date(2040, 1, 1)))
def test_a_quarter_ends_when_it_does(kg: KnowledgeGraph, start: date) -> None:
    """Information about a quarter is given by the end of the one after it."""
    found = kg.due("cda98-s17a-exchange-information.england", start)
    assert found.day is not None
    following = found.day + timedelta(days=1)
    assert (following.day, following.month % 3) == (1, 1)
    assert start <= found.day < start + timedelta(days=92)
    moved = (start.day, start.month % 3) != (1, 1)
    assert ("is not the first day after the quarter" in found.reason) == moved


#: Looked at from, due, the due day before: the days are those of the regulations.
FIRST_DAYS = [
    ("daa21-assess-strategy", "2021-10-01", "2022-01-04", None),
    ("daa21-assess-strategy", "2022-01-04", "2022-01-04", None),
    ("daa21-assess-strategy", "2022-01-05", None, "2022-01-04"),
    ("si07-prepare-partnership-plan.wales", "2007-11-19", "2008-03-31", None),
    ("smw07-revise-substance-misuse-plan.prepare", "2008-04-01", None, "2008-03-31"),
    ("cda98-s17a-exchange-information.england", "2007-08-01", "2007-12-31", None),
    ("cda98-s17a-exchange-information.england", "2007-12-31", "2007-12-31", None),
    (
        "cda98-s17a-exchange-information.england",
        *("2008-01-01", "2008-03-31", "2007-12-31"),
    ),
    ("si07-revise-partnership-plan.england", "2007-08-01", "2008-03-31", None),
    (
        "si07-revise-partnership-plan.england",
        *("2025-04-15", "2026-03-31", "2025-03-31"),
    ),
]


@pytest.mark.parametrize(("duty", "start", "due", "passed"), FIRST_DAYS)
def test_the_first_due_day_and_the_one_that_passed(
    kg: KnowledgeGraph, duty: str, start: str, due: str | None, passed: str | None
) -> None:
    found = kg.due(duty, start)
    days = [day and day.isoformat() for day in (found.day, found.passed)]
    assert days == [due, passed]
    for day in filter(None, (found.day, found.passed)):
        assert f"{day:%-d %B %Y}" in str(found)


def test_a_quarter_before_the_duty_is_in_doubt(kg: KnowledgeGraph) -> None:
    found = kg.due("cda98-s17a-exchange-information.wales", "2007-12-01")
    assert "took effect on 19 November 2007" in found.reason


def test_no_due_day_before_the_first_year() -> None:
    assert last_year_end("--03-31", date(1, 3, 31)) is None


@pytest.mark.parametrize(
    ("duty", "start", "began", "instead"),
    [
        (
            "prsra11-issue-plan",
            "2012-11-15",
            "22 November 2012",
            "write a day of an ordinary election of the commissioner since then: 5 May 2016",
        ),
        (
            "prsra11-issue-plan.london",
            "2012-01-15",
            "16 January 2012",
            "since then: 3 May 2012",
        ),
        (
            "si07-revise-partnership-plan.england",
            "2007-07-31",
            "1 August 2007",
            "write a day from 1 August 2007 on",
        ),
    ],
)
def test_a_day_before_the_duty_is_not_counted_from(
    duty: str, start: str, began: str, instead: str, kg: KnowledgeGraph
) -> None:
    """Elections were held a week before commissioners and their duties came."""
    with pytest.raises(ParameterError, match=r"^start: ") as caught:
        kg.due(duty, start)
    said = str(caught.value)
    assert f"took effect on {began};" in said
    assert "was not read" in said
    assert instead in said
    assert "is not there" not in said
