"""Every answer says how far what is known reaches, and warns of a day beyond it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

import cspgraph
from cspgraph import horizon
from cspgraph.horizon import Change, Horizon
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph
from cspgraph.receipt import reach, supposed, warning
from cspgraph.report import formats

#: By which day the pages of the law, the tables and the records were read: the second
#: line of each file of law, and the page on the records, say so.
LAST = date(2026, 11, 23)
BEFORE, AFTER = LAST - timedelta(days=1), LAST + timedelta(days=1)
ORDER = "Surrey (Structural Changes) Order 2026, SI 2026/264"
DAYS = st.dates(date(1999, 1, 1), date(2060, 1, 1))


@cache
def dorset() -> cspgraph.KnowledgeGraph:
    """Return the graph of Dorset, read once."""
    return cspgraph.load(areas=["Dorset"])


@cache
def elmbridge() -> cspgraph.KnowledgeGraph:
    """Return the graph of Elmbridge, read once."""
    return cspgraph.load(areas=["Elmbridge"])


def test_the_days_stand_in_the_data() -> None:
    written = files.shipped("data/law", "/evidence.ttl")[0].text
    read = set(re.findall(r'csp:readOn "([0-9-]+)"', written))
    assert written.count("a csp:EvidenceEntry") == written.count("csp:readOn")
    # Parts were read again later; the whole is known as of the earliest day.
    assert min(read) == str(LAST)
    assert "2026-11-23" in written.splitlines()[1]
    for path in Path(cspgraph.__file__).parent.rglob("*.py"):
        code = re.sub(r'""".*?"""', "", path.read_text("utf-8"), flags=re.DOTALL)
        assert str(LAST) not in code, path


def told(day: date) -> dict[str, list[str]]:
    """Return what each output says on `day`, by its name, in each of its forms."""
    kg, on = dorset(), str(day)
    answer = kg.answer("responsible-authorities", area="Dorset", on=on)
    brief = kg.brief("Dorset", "csp-plan", on=on)
    why = kg.why("dorset-council", area="Dorset", on=on)
    drawn = kg.draw("Dorset", on=on)
    view = kg.draw("Dorset", view="duties", on=on)
    report = kg.validate(on=on)
    absent = kg.why_not("dorset-pcc", "csp-plan", "Dorset", on=on)
    return {
        "answer": [answer.to_markdown(), answer._repr_html_(), answer.to_json()],
        "brief": [brief.to_markdown(), brief.to_html(), brief.to_json()],
        "why": [form() for form in why.forms.values()],
        "draw": [form() for form in drawn.forms.values()],
        "view": [form() for form in view.forms.values()],
        "check": [report.to(form) for form in formats.FORMATS if form != "line"],
        "why-not": [str(absent), absent.to_json()],
    }


@pytest.fixture(scope="module")
def on_last() -> dict[str, list[str]]:
    return told(LAST)


@pytest.fixture(scope="module")
def on_after() -> dict[str, list[str]]:
    return told(AFTER)


OUTPUTS = ["answer", "brief", "why", "draw", "view", "check", "why-not"]
_WARNS = re.compile(r"looks beyond 23 November 2026|\"beyond\"")


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_form_warns_after_the_horizon_and_not_on_it(
    name: str, on_last: dict[str, list[str]], on_after: dict[str, list[str]]
) -> None:
    assert [bool(_WARNS.search(form)) for form in on_after[name]] == [True] * len(
        on_after[name]
    )
    assert not any(_WARNS.search(form) for form in on_last[name])


def test_a_brief_never_calls_law_of_a_later_day_in_force() -> None:
    later = dorset().brief("Dorset", "csp-plan", on="2029-11-30").to_markdown()
    assert "law in force on" not in later
    assert later.splitlines()[2].startswith("This looks beyond 23 November 2026.")
    assert "if the law stays as read by 23 November 2026" in later
    assert "law of 30 November 2029" not in later
    now = dorset().brief("Dorset", "csp-plan", on="2024-07-23").to_markdown()
    assert "law in force on 23 July 2024" in now


def test_elmbridge_ends_by_an_order_and_what_replaces_it_is_said() -> None:
    found = elmbridge().answer("who-must-adopt", area="Elmbridge", on="2027-05-10")
    changes = json.loads(found.to_json())["receipt"]["beyond"]["changes"]
    assert {
        "day": "2027-04-01",
        "what": "Elmbridge ends and becomes part of East Surrey",
        "source": ORDER,
        "status": "order made",
    } in changes
    assert not any("Guildford" in one["what"] for one in changes)
    assert ORDER in warning(found.receipt)
    earlier = elmbridge().answer("who-must-adopt", area="Elmbridge", on="2027-03-31")
    whats = [one["what"] for one in earlier.receipt["beyond"]["changes"]]
    assert not any(str(what).startswith("Elmbridge ends") for what in whats)
    apart = dorset().answer("who-must-adopt", area="Dorset", on="2027-05-10")
    assert "East Surrey" not in json.dumps(apart.receipt)


@settings(max_examples=60)
@given(DAYS)
@example(LAST)
@example(AFTER)
@example(BEFORE)
def test_a_day_is_beyond_exactly_when_it_is_later(day: date) -> None:
    receipt = dorset()._dataset.receipt(day)
    assert ("beyond" in receipt) == (day > LAST) == bool(warning(receipt))
    assert bool(supposed(receipt)) == (day > LAST)
    assert "23 November 2026" in reach(receipt)


@given(DAYS, DAYS, DAYS, DAYS)
def test_the_earliest_of_the_three_days_counts(
    law: date, made: date, seen: date, day: date
) -> None:
    known = Horizon(law, made, seen)
    later = known.beyond([day], [])
    assert (later is not None) == (day > min(law, made, seen))
    if later:
        assert later["since"] == str(min(law, made, seen))


@given(DAYS, st.lists(st.one_of(st.just(""), DAYS.map(str)), max_size=5))
def test_only_changes_up_to_the_day_are_told(day: date, days: list[str]) -> None:
    changes = [
        Change(d, f"{n}", "s", "proposal", frozenset()) for n, d in enumerate(days)
    ]
    later = Horizon(date(1998, 1, 1), LAST, LAST).beyond([day], changes)
    assert later
    assert len(later["changes"]) == sum(d <= str(day) for d in days)  # type: ignore[arg-type]


def test_a_source_that_says_no_day_is_always_beyond() -> None:
    """A server that was filled with other data does not say when its law was read."""
    assert horizon.look(Oxigraph()) == Horizon()
    later = Horizon().beyond([date(2024, 7, 23)], [])
    assert later
    assert later["since"] is None
    assert "not known" in warning({"beyond": later})


def test_a_page_read_long_ago_holds_the_horizon_back() -> None:
    engine = Oxigraph()
    engine.store.load(
        b"""@prefix csp: <https://w3id.org/cspgraph/ns#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:a> a csp:EvidenceEntry ; csp:readOn "2025-01-01"^^xsd:date .
        <urn:b> a csp:EvidenceEntry ; csp:readOn "2024-01-01"^^xsd:date , "2026-01-01"^^xsd:date .
        """,
        format=RdfFormat.TURTLE,
    )
    assert horizon.look(engine).law_read == date(2025, 1, 1)


def test_days_in_a_question_count_as_well() -> None:
    days = {"from": "2026-01-01", "to": str(AFTER)}
    assert "beyond" in dorset().what_changed("Dorset", days["from"], days["to"]).receipt
    assert (
        "beyond" not in dorset().what_changed("Dorset", "2026-01-01", str(LAST)).receipt
    )
    assert "beyond" in dorset().answer("membership-changes", **days).receipt
    days["to"] = str(LAST)
    assert "beyond" not in dorset().answer("membership-changes", **days).receipt


#: What the tables of the register and the order say: the districts of Surrey end.
SURREY = ["Elmbridge", "Guildford", "Woking", "Tandridge"]


@pytest.mark.parametrize("area", SURREY)
@pytest.mark.parametrize(
    "name",
    ["who-must-adopt", "responsible-authorities", "who-must-do-what", "standing"],
)
def test_no_row_of_an_area_that_ended_by_then_stands_without_a_mark(
    area: str, name: str
) -> None:
    kg = cspgraph.load(areas=[area])
    answer = kg.answer(name, area=area, on="2027-05-10")
    assert len(answer)
    assert all("on 2027-04-01 (order made)" in str(row["ended"]) for row in answer)
    assert warning(answer.receipt).split(". ")[1].startswith("Over by then")
    assert area in {
        str(one["what"]).partition(" ends")[0]
        for one in answer.receipt["beyond"]["ended"]
    }
    before = kg.answer(name, area=area, on="2027-03-31")
    assert "ended" not in [column.name for column in before.columns]
    assert "ended" not in before.receipt["beyond"]


def test_rows_of_other_areas_have_no_mark() -> None:
    answer = dorset().answer("responsible-authorities", area="Dorset", on="2027-05-10")
    assert "ended" not in [column.name for column in answer.columns]
    council = cspgraph.load().answer(
        "areas-of-body", body="Surrey County Council", on="2027-05-10"
    )
    assert all(row["ended"] for row in council)


def test_what_takes_the_place_of_an_area_is_said_first_on_every_paper() -> None:
    """An officer of Elmbridge who makes a brief for May 2027 reads it at the top."""
    brief = elmbridge().brief("Elmbridge", "csp-plan", on="2027-05-10").to_markdown()
    first = brief.splitlines()[2]
    assert "Elmbridge ends and becomes part of East Surrey" in first
    assert first.index("Over by then") < first.index("It holds only if")


@given(st.sampled_from(["order made", "decision announced", "proposal"]), st.booleans())
def test_only_an_order_that_is_made_ends_an_area(status: str, whole: bool) -> None:
    engine = Oxigraph()
    share = "whole" if whole else "part"
    engine.store.load(
        f"""@prefix csp: <https://w3id.org/cspgraph/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:a> a csp:ScheduledChange ; csp:changesOn "2028-04-01"^^xsd:date ;
          rdfs:label "Here ends" ; csp:changeStatus "{status}" ; csp:share "{share}" ;
          csp:area <urn:here> ; csp:decidedBy "an order" .
        """.encode(),
        format=RdfFormat.TURTLE,
    )
    found = horizon.scheduled(engine)
    later = Horizon(LAST, LAST, LAST).beyond([date(2028, 4, 1)], found)
    assert later
    ended = later.get("ended", [])
    assert bool(ended) == (status == "order made" and whole)
