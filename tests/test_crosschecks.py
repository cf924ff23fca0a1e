"""Checks that an officer would make by hand: each is provoked by one small file, and by that alone.

`tests/crosschecks/well-made.trig` is a record in which nothing is found. Every other
file adds one thing to it and says in its front matter which shape finds what, on which
day and for which area. A second file for the same shape has a word after a dot in its
name. What the shipped data provoke is listed below with the reason.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import SH, Literal, URIRef

import cspgraph
from cspgraph.derive.rules import rules
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import PREFIXES, compact
from cspgraph.validate.shapes import shapes

FOLDER = Path(__file__).parent / "crosschecks"
WELL_MADE = FOLDER / "well-made.trig"
CHECKS = sorted(path.stem for path in FOLDER.glob("*.trig") if path != WELL_MADE)
ASKED = sorted({name.partition(".")[0] for name in CHECKS})
SHAPES = shapes("files") + shapes("snapshot")
DORSET = "E06000059"

#: What the cross-checks find in the shipped data, and why it is so.
REAL = {
    (
        "asked-version-agreed",
        "version:dorset-csplan-2023.2023-24",
    ): "2.6 speaks of the second year, and so of a first; no decision about it is told",
    (
        "strategy-version-equality",
        "version:dorset-csplan-2023.2023-24",
    ): "10.1 speaks of an assessment of the plan as it now is, not of its first year",
    (
        "agreed-version-everywhere",
        "version:pan-dorset-rrs-2024.1",
    ): "3.3 tells of agreement in the Dorset partnership, not in the other one",
    (
        "claimed-duty-said",
        "claim:dorset-2024-07-23.1.3.three-year-plan",
    ): "1.3 speaks of three years; SI 2007/1830 reg 11 has not since 1 June 2011",
    (
        "claimed-duty-said",
        "claim:dorset-2024-07-23.brief-summary.2.three-year-plan",
    ): "the brief summary repeats the three years of 1.3",
    (
        "agreed-version-everywhere",
        "version:pan-dorset-rrs-2023.1",
    ): "the neighbouring partnership asked for changes; no agreement of it was seen",
    (
        "asked-version-agreed",
        "version:dorset-2019-ads.1",
    ): "no agreement of it was seen in the pages that were read",
    (
        "asked-version-agreed",
        "version:dorset-2019-csplan.1",
    ): "no agreement of it was seen in the pages that were read",
    (
        "asked-version-agreed",
        "version:dorset-2019-rrs.1",
    ): "no agreement of it was seen in the pages that were read",
    (
        "asked-version-agreed",
        "version:dorset-csplan-2020.2022-23",
    ): "no agreement of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:bpd-ads-2016.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-2019-ads.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-2019-csplan.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-2019-rrs.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-csplan-2020.2020-21",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-csplan-2020.2022-23",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-das-2021.draft",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-pcp-2013.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-pcp-2017.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:dorset-pcp-2021.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:pan-dorset-rrs-2018.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "strategy-version-equality",
        "version:pan-dorset-rrs-2023.1",
    ): "no equality assessment of it was seen in the pages that were read",
    (
        "coverage-missing-for",
        "strategy:bpd-ads-2016",
    ): "nothing was recorded of which subject its page says that it answers",
    (
        "coverage-missing-for",
        "strategy:dorset-das-later",
    ): "whether it is the strategy for 2021-24 or a later one was not seen",
    (
        "coverage-missing-for",
        "strategy:pan-dorset-rrs-2018",
    ): "nothing was recorded of which subject its page says that it answers",
}

#: What is found besides on 1 June 2025: the titles of two documents end with March 2025,
#: nothing later is on record, and of these subjects the law sets no day for the next.
RUN_OUT = {
    "cda98-formulate-implement-crime-disorder.england",
    "cda98-formulate-implement-serious-violence",
    "cda98-formulate-implement-substance-misuse.england",
    "pcsc22-prepare-implement-strategy",
    "si07-prepare-partnership-plan.england",
}


@cache
def front(name: str) -> dict[str, str]:
    """Return what the file says that it provokes."""
    lines = (FOLDER / f"{name}.trig").read_text(encoding="utf-8").splitlines()
    given = (line.removeprefix("#+ ") for line in lines if line.startswith("#+ "))
    return dict(line.split(": ", 1) for line in given)


@cache
def found(on: str, area: str, *names: str) -> frozenset[tuple[str, str]]:
    """Return shape and subject of each finding, with these files on top of the shipped.

    How a duty stands is left out: a new record may well change it.
    """
    files = [FOLDER / f"{name}.trig" for name in names]
    report = cspgraph.load(*files, areas=[area]).validate(on=on, area=area)
    assert [item.text for item in report.unseen if item.broken] == []
    return frozenset(
        (finding.shape.removeprefix(PREFIXES["shape"]), compact(finding.focus))
        for finding in report.findings
        if finding.path != "csp:standing"
    )


@pytest.mark.parametrize("name", CHECKS)
def test_is_provoked_by_one_file_alone(name: str) -> None:
    """The file gives the finding that it names, about the thing that it names."""
    given = front(name)
    shipped = found(given["on"], given["area"], "well-made")
    assert found(given["on"], given["area"], "well-made", name) - shipped == {
        (given["finds"], given["about"])
    }
    assert given["finds"] == name.partition(".")[0]


@pytest.mark.parametrize(
    ("on", "area"),
    sorted({(front(name)["on"], front(name)["area"]) for name in CHECKS}),
)
def test_nothing_is_found_in_a_record_that_is_well_made(on: str, area: str) -> None:
    assert found(on, area, "well-made") <= found(on, area)


@pytest.mark.parametrize(
    ("day", "run_out"),
    [("2024-07-23", set()), ("2024-10-11", set()), ("2025-06-01", RUN_OUT)],
)
def test_what_is_found_in_the_shipped_data_is_so(day: str, run_out: set[str]) -> None:
    """Each finding was held against the report, and none is missing."""
    lapsed = {("duty-lapsed", f"duty:{name}.{DORSET}") for name in run_out}
    assert {i for i in found(day, DORSET) if i[0] in ASKED} == {*REAL, *lapsed}


@pytest.mark.parametrize("name", ASKED)
def test_warns_or_informs(name: str) -> None:
    """A check calls nobody wrong: it asks somebody to look."""
    shape = URIRef(PREFIXES["shape"] + name)
    assert SHAPES.value(shape, SH.severity) in {SH.Warning, SH.Info}
    message = SHAPES.value(shape, SH.message)
    assert isinstance(message, Literal)
    assert "must" not in message.split()


@pytest.mark.parametrize(
    ("printed", "begins", "until", "confirmed"),
    [
        ("2023-2026", "2023-04-01", "2026-04-01", True),
        ("2023-26", "2023-04-01", "2026-04-01", True),
        ("2023/26", "2023-04-01", "2026-04-01", True),
        ("2023 to 2026", "2023-04-01", "2026-04-01", True),
        ("2023-2025", "2023-01-01", "2026-01-01", True),
        ("2023-2026", "2023-01-01", "2026-01-01", False),
        ("2024", "2024-01-01", "2025-01-01", True),
        ("2024", "2024-04-01", "2025-04-01", False),
        ("2023-2026", "2022-04-01", "2026-04-01", False),
        ("2023-2026", "2023-04-01", "2025-04-01", False),
    ],
)
@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_days_fall_in_the_years_of_the_title(
    engine: type[Oxigraph | Reference],
    printed: str,
    begins: str,
    until: str,
    confirmed: bool,
) -> None:
    """A period up to the end of a year ends on the first day of the next."""
    text = (
        f"@prefix csp: <{PREFIXES['csp']}> . @prefix xsd: <{PREFIXES['xsd']}> ."
        f' <urn:plan> csp:printedPeriod "{printed}" ;'
        f' csp:periodFrom "{begins}"^^xsd:date ; csp:periodUntil "{until}"^^xsd:date .'
    )
    data = engine(files.quads(Source("plan.ttl", text.encode())))
    assert bool(data.construct(rules()["04-printed-periods"].text)) is confirmed
