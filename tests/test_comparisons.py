"""A document held against the law: counted, shown in each form, and what it leaves out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import few
from cspgraph.claims import VERDICTS
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files
from test_claims import by_hand
from test_data import CAUTION

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.claims import Comparison

REPORT, DAY = "dorset-2024-07-23", "2024-07-23"


@pytest.fixture(scope="module")
def held(kg: KnowledgeGraph) -> Comparison:
    return kg.claims(REPORT)


def test_each_statement_counts_once_under_the_verdict_furthest_from_the_law(
    held: Comparison,
) -> None:
    worst = [
        min((verdict for verdict, _, _ in judged), key=VERDICTS.index)
        for judged in by_hand().values()
    ]
    assert {word: n for word, n in held.counts.items() if n} == Counter(worst)
    assert list(held.counts) == list(reversed(VERDICTS))
    assert sum(held.counts.values()) == len(held.statements) == len(by_hand())


def test_statements_come_in_the_order_of_places(held: Comparison) -> None:
    places = list(dict.fromkeys(s.place for s in held.statements))
    assert places[:4] == [
        *("Brief Summary 1", "Brief Summary 2", "Brief Summary 3"),
        "Reason for Recommendation",
    ]
    assert places[4:] == sorted(places[4:], key=float)


def test_statements_say_what_law_they_name(held: Comparison) -> None:
    named = {s.place: s.names for s in held.statements if s.names}
    assert named == {
        "1.2": "CDA 1998",
        "1.5": "PCSCA 2022",
        "1.6": "PCSCA 2022",
        "3.1": "PCA 2009",
    }
    assert held.caption.endswith("26 of 31 name no law.")


def test_a_finding_has_its_law_and_the_law_as_it_stood(held: Comparison) -> None:
    found = [f for s in held.statements for f in s.findings if f.law]
    assert len(found) > 30
    assert all(f.law_url.endswith(f"/{DAY}") and f.verification for f in found)
    ended = {(f.verdict, f.ended) for f in found if f.ended}
    assert ended == {("no longer law", "2011-06-01")}


def test_a_row_for_each_statement_verdict_and_provision(held: Comparison) -> None:
    rows = [row for row in held.rows() if row[0] == "1.5"]
    assert [(verdict, law) for _, _, verdict, _, law, _ in rows] == [
        ("supported", "PCSCA 2022 Sch.1")
    ]
    assert rows[0][3].count("gives the role to this kind of body") == 6
    listed = [row[2] for row in held.rows() if row[1].startswith("the following")]
    assert listed == ["imprecise"] * 3 + ["supported"] * 4


# What it does not mention


def test_one_row_for_each_provision_that_is_not_mentioned(held: Comparison) -> None:
    silent = {one.law: one for one in held.unmentioned}
    assert len(silent) == len(held.unmentioned) > 40
    assert silent["PCSCA 2022 s.8(4)"].binds == ("specified authority",)
    assert len(silent["CDA 1998 s.6(8)"].duties) == 4
    assert not {"PCSCA 2022 s.8(3)(c)", "CDA 1998 s.6(1)(d)"} & silent.keys()


def test_powers_are_left_out_and_prohibitions_are_told(held: Comparison) -> None:
    silent = {one.law: one for one in held.unmentioned}
    assert not {"PCSCA 2022 s.14(2)", "SI 2007/1830 reg.14A"} & silent.keys()
    assert all(d.startswith("not to ") for d in silent["PCSCA 2022 s.8(8)"].duties)
    said = [d for one in held.unmentioned for d in one.duties if d.startswith("not to")]
    assert len(said) == 1


def test_another_day_is_that_of_the_duties_alone(
    kg: KnowledgeGraph, held: Comparison
) -> None:
    before = kg.claims(REPORT, on="2023-01-30")
    assert before.statements == held.statements
    laws = {one.law for one in before.unmentioned}
    assert not [law for law in laws if law.startswith("PCSCA 2022 s.8")]
    assert "30 January 2023" in before.silence
    assert all(one.law_url.endswith("/2023-01-30") for one in before.unmentioned)


def test_a_document_of_which_nothing_is_claimed(kg: KnowledgeGraph) -> None:
    made = kg.claims("dorset-council-2024-10-10")
    assert made.statements == ()
    assert made.caption == "No statement of law was taken from this document."
    assert made.unmentioned
    assert made.silent is not None
    assert str(made.silent.on) == "2024-10-22"


NOBODY = """\
@prefix claim: <https://w3id.org/cspgraph/id/claim/> .
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix document: <https://w3id.org/cspgraph/id/document/> .
@prefix passage: <https://w3id.org/cspgraph/id/passage/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

document:nobodys a csp:SourceDocument ;
    rdfs:label "<b>Nobody's</b> | report" ;
    csp:on "2024-01-01"^^xsd:date .
"""


def test_without_a_publisher_no_duties_are_looked_for(tmp_path: Path) -> None:
    place = tmp_path / "own.ttl"
    place.write_text(NOBODY, encoding="utf-8")
    made = KnowledgeGraph(few.dataset(files.user_files(place))).claims("nobodys")
    assert (made.unmentioned, made.silent) == ((), None)
    assert made.silence.startswith("No area is known")
    assert json.loads(made.to_json())["duties_on"] is None
    assert "<b>" not in made.to_html() + made.to_markdown()


def test_what_is_not_known_is_refused_with_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError, match="did you mean 'dorset-2024-07-23'"):
        kg.claims("dorset-2024-07-24")
    with pytest.raises(ParameterError, match="is not a date"):
        kg.claims(REPORT, on="tomorrow")


# The forms


def test_csv_is_one_table(held: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(held.to_csv())))
    assert list(rows[0]) == ["place", "words", "verdict", "why", "law", "as_it_stood"]
    silent = [row for row in rows if row["verdict"] == "not mentioned"]
    assert len(silent) == len(held.unmentioned)
    assert not any(row["place"] or row["words"] for row in silent)
    assert len(rows) - len(silent) == len(held.rows())
    assert {row["verdict"] for row in rows} <= {*VERDICTS, "not mentioned"}


def test_json_is_one_object(held: Comparison) -> None:
    whole = json.loads(held.to_json())
    assert whole["on"] == whole["duties_on"] == DAY
    assert whole["counts"] == held.counts
    assert whole["document"].endswith("/document/dorset-2024-07-23")
    by_claim = {one["claim"].rpartition("/")[2]: one for one in whole["statements"]}
    plan = by_claim["dorset-2024-07-23.1.3.three-year-plan"]
    assert plan["verdict"] == "no longer law"
    assert plan["names"] is None
    assert plan["findings"][0]["ended"] == "2011-06-01"
    assert plan["findings"][0]["reason"] is None
    assert len(whole["unmentioned"]) == len(held.unmentioned)
    assert whole["receipt"]["rules"]


class Tables(HTMLParser):
    """Counts what a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = Counter[str]()
        self.scopes: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count the tag, and keep the scope of a header cell."""
        self.tags[tag] += 1
        if tag == "th":
            self.scopes.add(dict(attrs).get("scope"))


def test_in_a_notebook_and_on_a_page_it_is_two_tables(held: Comparison) -> None:
    for text in (held._repr_html_(), held.to_html()):
        seen = Tables(text)
        assert seen.tags["table"] == seen.tags["caption"] == 2
        assert seen.scopes == {"col"}
        assert seen.tags["tr"] == len(held.rows()) + len(held.unmentioned) + 2
        assert seen.tags["script"] == 0
    assert Tables(held.to_html()).tags["h1"] == 1


def test_markdown_has_both_tables(held: Comparison) -> None:
    text = held.to_markdown()
    assert str(held) == text.rstrip()
    assert text.startswith(f"# {held.label}")
    assert len(re.findall(r"^\| --- ", text, re.MULTILINE)) == 2
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(lines) == len(held.rows()) + len(held.unmentioned) + 4
    assert "This is not legal advice." in text


def test_no_form_judges_a_body(held: Comparison) -> None:
    whole = held.to_json() + held.to_markdown() + held.to_html()
    assert not CAUTION.search(whole)
    assert not re.search(r"\b(illegal|failed)", whole.lower())
