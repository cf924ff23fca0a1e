"""Answers agree with each other on a document, a day and a law."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.errors import ParameterError
from cspgraph.report.findings import groups
from runs import run
from test_reports import NOTE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2024-03-31", "current"),
        ("2024-04-02", "superseded"),
        ("2025-04-15", "superseded"),
    ],
)
def test_a_superseded_strategy_is_not_current(on: str, status: str) -> None:
    """The strategy for 2024-27 was agreed in March 2024 and begins on 1 April."""
    kg = cspgraph.load(areas=["Dorset"])
    asked = {"on": on, "area": "Dorset"}
    dates = kg.answer("plan-dates", **asked)
    place = [c.name for c in dates.columns].index("document")
    (found,) = [
        row["status"]
        for row, said in zip(dates, dates.words(), strict=True)
        if said[place] == "Pan Dorset Reducing Reoffending Strategy 2023 to 26"
    ]
    assert found == status


def test_a_law_heads_only_what_rests_on_it() -> None:
    asked = replace(NOTE, law="EA 2010 s.149", link="https://example.org/", reason="")
    borne = replace(asked, law="PRSRA 2011 s.10(1)", reason="A period is seen.")
    heads = {(g.law, g.link) for g in groups([asked, borne])}
    assert heads == {("EA 2010 s.149", "https://example.org/"), ("", "")}


@pytest.mark.parametrize("area", ["England", "South East region"])
def test_a_brief_is_not_made_of_too_many_areas(area: str) -> None:
    with pytest.raises(ParameterError, match="too many for one brief"):
        cspgraph.load().brief(area, "csp-plan", on="2024-07-23")


def test_a_brief_says_of_how_many_areas_it_counts() -> None:
    made = cspgraph.load().brief("Tees Valley", "csp-plan", on="2024-07-23")
    assert made.areas > 1
    assert f"in {made.areas} areas together" in made.to_markdown()


@pytest.mark.parametrize(
    ("day", "beyond"), [("2035-07-23", True), ("2024-07-23", False)]
)
def test_a_form_for_a_later_day_says_so(
    day: str, beyond: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "form.yaml"
    code, _, said = run(
        capsys, "template", "--area", "Ashford", "-o", str(place), "--on", day
    )
    assert code == 0
    assert ("This looks beyond" in said) == beyond
    assert ("This looks beyond" in place.read_text(encoding="utf-8")) == beyond


@pytest.mark.parametrize("form", ["csv", "json"])
def test_claims_without_a_verdict_say_so_in_every_form(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("claims", "dorset-council-2024-10-10", "--format", form)
    code, _, said = run(capsys, *words)
    assert code == 0
    assert "No statement of law was taken from this document." in said
