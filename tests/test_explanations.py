"""Why, in all its forms: the same steps in each, with their days and how well they were checked.

What the law says of a step is read here in the files of the law, not in what was printed.
"""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explain.chain import Chain, Step, lines
from cspgraph.explain.explanation import FORMS, MOST, Explanation
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
DUTY = "duty:cda98-formulate-implement-reoffending.E06000059"
SVG = "{http://www.w3.org/2000/svg}"
LAW = PREFIXES["law"]


def steps(found: Explanation, relation: str) -> list[Step]:
    """Return the steps of `found` that follow by `relation`."""
    return [step for _, step in found.steps if step.relation == relation]


def provision(found: Explanation, end: str) -> Step:
    """Return the step of `found` to the provision with this end of its address."""
    return next(s for _, s in found.steps if s.iri == f"{LAW}ukpga/1998/37/{end}")


# The days and the check of a step


def test_step_has_the_days_of_the_provision_and_says_those_of_the_rule(
    kg: KnowledgeGraph,
) -> None:
    """Section 5(1)(d) is in force since 1 April 2003; fire and rescue authorities since 1 October 2004."""
    step = provision(kg.why(DUTY, on=DAY), "section/5/1/d")
    assert (step.since, step.until) == (date(2003, 4, 1), None)
    assert "in force since 2003-04-01, the role since 2004-10-01; law read" in str(step)
    assert step.verification == "read"
    assert step.link == (
        f"http://www.legislation.gov.uk/ukpga/1998/37/section/5/1/d/{DAY}"
    )


def test_step_has_the_days_in_the_country_of_the_area(kg: KnowledgeGraph) -> None:
    """The Police and Justice Act put section 6 in new words on 1 August 2007 in England, 19 November in Wales."""
    template = "cda98-formulate-implement-crime-disorder"
    found = {
        code: provision(
            kg.why(f"duty:{template}.{land}.{code}", on=DAY), "section/6/1/a"
        )
        for code, land in (("E06000059", "england"), ("W06000024", "wales"))
    }
    assert found["E06000059"].since == date(2007, 8, 1)
    assert found["W06000024"].since == date(2007, 11, 19)


def test_step_that_ends_has_the_day_on_which_it_is_over(kg: KnowledgeGraph) -> None:
    """The Health and Care Act 2022 put the care boards in place on 1 July 2022."""
    (before,) = (
        step
        for step in steps(kg.why(DUTY, on="2022-06-30"), "binds")
        if step.text == "NHS Dorset Clinical Commissioning Group"
    )
    assert before.until == date(2022, 7, 1)


def test_weakest_check_of_what_a_role_rests_on(kg: KnowledgeGraph) -> None:
    """The law of section 5(1)(aa) was read; since when the Probation Service serves is recalled."""
    found = kg.why("Probation Service", on=DAY, area="Dorset")
    role = next(s for s in steps(found, "as") if s.text.startswith("responsible"))
    assert role.verification == "recalled"
    assert provision(found, "section/5/1/aa").verification == "read"


def test_an_amendment_to_come_is_not_shown(kg: KnowledgeGraph) -> None:
    """Section 5(1)(e) was amended by the Health and Care Act 2022, which was no law in 2013."""
    then = kg.why("law:ukpga/1998/37/section/5/1/d", on="2004-09-30")
    now = kg.why("law:ukpga/1998/37/section/5/1/d", on="2004-10-01")
    assert [s.text for s in steps(then, "amended by")] == []
    assert [s.text for s in steps(now, "amended by")] == ["FRSA 2004 Sch.1 para.89"]


# What can be asked about


def test_an_area_keeps_to_it(kg: KnowledgeGraph) -> None:
    found = kg.why("Probation Service", on=DAY, area="Dorset")
    assert {
        step.text.partition(" in ")[2].partition(",")[0] for step in steps(found, "as")
    } == {"Dorset"}


def test_a_body_of_the_country_is_refused_without_an_area() -> None:
    whole = cspgraph.load(on=DAY)
    with pytest.raises(
        ParameterError, match=r"^thing: Probation Service concerns 318 areas.*--area"
    ):
        whole.why("Probation Service")
    with pytest.raises(ParameterError, match="concerns 318 areas"):
        whole.why("body:probation-service")
    assert whole.why("body:probation-service", area="Dorset")


def test_a_role_holding_leads_to_its_law(kg: KnowledgeGraph) -> None:
    found = kg.why("holding:ra-council.E06000059.dorset-council.2019-04-01", on=DAY)
    assert provision(found, "section/5/1/a").relation == "by"
    assert found[0].steps[1].relation == "as"


def test_a_district_council_holds_a_role_in_its_county_through_its_district(
    kg: KnowledgeGraph,
) -> None:
    found = kg.why("West Dorset District Council", on="2013-03-01")
    through = [
        (step.text, chain.steps[-1].text)
        for chain in found
        for step in chain.steps
        if step.relation == "holding the role" or step.relation == "where lies"
    ]
    assert any("in West Dorset" in text for text, _ in through)
    assert any(text.startswith("West Dorset in Dorset") for text, _ in through)


def test_a_report_leads_to_what_it_tells_and_what_it_says_of_the_law(
    kg: KnowledgeGraph,
) -> None:
    """Paragraph 1.3: three-year plans, which regulation 11 asked for until 1 June 2011."""
    found = kg.why("document:dorset-2024-07-23", on=DAY)
    assert any(
        s.text.startswith("The partnership agrees the plan refresh")
        for s in steps(found, "tells of")
    )
    ended = steps(found, "no longer law:")
    assert any("ceased to have effect on 2011-06-01" in step.text for step in ended)
    laws = [
        s for s in steps(found, "held against") if "1830/regulation/11/1/a" in s.iri
    ]
    assert {step.until for step in laws} == {date(2011, 6, 1)}


def test_a_finding_leads_to_its_reason_its_place_and_its_law(
    kg: KnowledgeGraph,
) -> None:
    report = kg.at(DAY).validate(area="Dorset")
    for finding in report.findings:
        found = kg.why(finding, on=DAY)
        assert found.thing == finding.focus
        assert {chain.steps[0].text for chain in found} == {finding.message}
        assert [s.text for s in steps(found, "because:")] == (
            [finding.reason] if finding.reason else []
        )
        if finding.law:
            links = {step.link for _, step in found.steps}
            assert finding.link in links, finding
    with pytest.raises(ParameterError, match="ask on the day of the check"):
        kg.why(next(f for f in report.findings if f.duty), on="2001-01-01")


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("responsible-authorities", {"area": "Dorset"}),
        ("who-must-do-what", {"area": "Dorset"}),
        ("standing", {"area": "Dorset"}),
        ("role-holders", {"area": "Dorset"}),
        ("decision-trail", {"area": "Dorset"}),
    ],
)
def test_each_row_of_an_answer_leads_to_its_law(
    question: str, given: dict[str, Any], kg: KnowledgeGraph
) -> None:
    answer = kg.answer(question, on=DAY, **given)
    assert len(answer) > 4
    for number, row in enumerate(answer):
        found = kg.why_row(answer, number)
        assert found.on == date(2024, 7, 23)
        texts = [str(step) for _, step in found.steps]
        if "law" in row:
            assert any(str(row["law"]) in text for text in texts), (number, row)
        if "role" in row:
            label = answer.labels[str(row["role"])]
            assert all(s.text.startswith(label) for s in steps(found, "as"))
        if "statement" in row:
            assert all(str(row["statement"]) in c.steps[0].text for c in found)


def test_a_row_that_is_not_there_or_has_no_law(kg: KnowledgeGraph) -> None:
    terms = kg.answer("terms", on=DAY)
    with pytest.raises(ParameterError, match=r"^row: row 0 has no law behind it"):
        kg.why_row(terms, 0)
    for number in (-1, len(terms)):
        with pytest.raises(ParameterError, match=r"^row: .* count from 0"):
            kg.why_row(terms, number)


def test_an_area_that_is_not_known(kg: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError, match=r"^area: "):
        kg.why(DUTY, on=DAY, area="Atlantis")


# The forms


@pytest.fixture(scope="module")
def short(kg: KnowledgeGraph) -> Explanation:
    return kg.why(DUTY, on=DAY)


@pytest.fixture(scope="module")
def long(kg: KnowledgeGraph) -> Explanation:
    return kg.why("document:dorset-2024-07-23", on=DAY)


def flat(tree: list[dict[str, Any]], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Yield each step of JSON with its depth, in order."""
    for item in tree:
        yield depth, item["relation"], item["text"]
        yield from flat(item["steps"], depth + 1)


def test_json_has_every_step_in_its_place(long: Explanation) -> None:
    whole = json.loads(long.to_json())
    assert list(flat(whole["steps"])) == [
        (depth, step.relation, step.text) for depth, step in long.steps
    ]
    assert whole["on"] == DAY
    assert whole["receipt"]["law"]


def test_table_has_every_step_under_its_number() -> None:
    a, b, c = (Step("", name, f"urn:{name}", verification="read") for name in "abc")
    chains = (Chain((a, b, c)), Chain((a, b, b)), Chain((a, c)))
    receipt = {"version": "1", "engine": "x"}
    made = Explanation("urn:a", date(2024, 7, 23), chains, receipt)
    assert [(row[0], row[2]) for row in made.rows()] == [
        *(("0", "a"), ("1", "b"), ("1.1", "c"), ("1.2", "b"), ("2", "c"))
    ]
    assert [row[5] for row in made.rows()] == ["read"] * 5


def test_markdown_has_every_step(long: Explanation) -> None:
    rows = [line for line in long.to_markdown().splitlines() if line.startswith("| ")]
    assert len(rows) == len(long.steps) + 2


def drawn(text: str) -> ET.Element:
    """Return an SVG picture as a tree."""
    return ET.fromstring(text)  # noqa: S314 - our own pictures


def boxes(text: str) -> list[str]:
    """Return the texts of the boxes of an SVG picture, their lines put together."""
    root = drawn(text)
    found = [
        " ".join(span.text or "" for span in item.iter(f"{SVG}tspan"))
        for item in root.iter(f"{SVG}text")
    ]
    return [re.sub(r"\s", "", words) for words in found]


def test_svg_shows_the_steps_and_says_them_all(short: Explanation) -> None:
    assert len(short.steps) <= MOST
    shown = boxes(short.to_svg())
    for _, step in short.steps:
        assert re.sub(r"\s", "", str(step)) in shown
    said = drawn(short.to_svg()).findtext(f"{SVG}desc") or ""
    assert all(str(step) in said for _, step in short.steps)


def test_a_long_picture_is_cut_and_says_so(long: Explanation) -> None:
    count = len(long.steps)
    assert count > MOST
    root = drawn(long.to_svg())
    assert len(root.findall(f"{SVG}rect")) == MOST + 1, "boxes, and the paper"
    note = f"The picture shows the first {MOST} of {count} steps"
    assert note.replace(" ", "") in " ".join(boxes(long.to_svg()))
    assert all(str(s) in (root.findtext(f"{SVG}desc") or "") for _, s in long.steps)
    mermaid = long.to_mermaid()
    assert len(re.findall(r"\bs\d+\[", mermaid)) == MOST
    assert note in mermaid
    assert long.to_html().count("<tr ") == count + 1


def test_mermaid_hangs_each_step_on_the_one_above(short: Explanation) -> None:
    above = {
        int(child): int(parent)
        for parent, child in re.findall(
            r"s(\d+) -->(?:\|.*?\|)? s(\d+)\[", short.to_mermaid()
        )
    }
    depths = [depth for depth, _ in short.steps]
    assert len(above) == len(depths) - depths.count(0)
    assert all(depths[child] == depths[parent] + 1 for child, parent in above.items())


def test_boxes_stand_below_one_another(short: Explanation) -> None:
    rects = drawn(short.to_svg()).findall(f"{SVG}rect")[1:]
    ends = [(float(r.attrib["y"]), float(r.attrib["height"])) for r in rects]
    assert all(y + high <= after for (y, high), (after, _) in pairwise(ends))
    indents = [float(r.attrib["x"]) for r in rects]
    depths = [depth for depth, _ in short.steps]
    assert [indents.index(x) for x in indents] == [depths.index(d) for d in depths]


def test_hostile_words_stay_words() -> None:
    word = '<script>"|]\n--> end `#'
    chain = Chain((Step("", word, "urn:x"), Step(word, word, "urn:y")))
    made = Explanation(
        "urn:x", date(2024, 7, 23), (chain,), {"version": "1", "engine": "x"}
    )
    assert "<script>" not in made.to_html() + made.to_svg() + made.to_mermaid()
    assert len(drawn(made.to_svg()).findall(f"{SVG}rect")) == 3
    assert len(re.findall(r"^  s", made.to_mermaid(), re.MULTILINE)) == 2


# The command


@pytest.mark.parametrize("form", FORMS)
def test_command_gives_each_form(
    form: str,
    short: Explanation,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The library that is asked here holds a few areas; the receipt is the same."""
    with pytest.raises(SystemExit) as ended:
        main(["why", DUTY, "--on", DAY, "--format", form])
    assert not ended.value.code
    assert capsys.readouterr().out == short.forms[form]()
    ending = "txt" if form == "text" else form
    place = tmp_path / f"why.{ending}"
    with pytest.raises(SystemExit) as ended:
        main(["why", DUTY, "--on", DAY, "-o", str(place)])
    assert not ended.value.code
    assert place.read_text(encoding="utf-8") == short.forms[form]()


@pytest.mark.parametrize(
    "words",
    [
        (DUTY, "-o", "why.docx"),
        (DUTY, "-o", "why.svg", "--format", "json"),
        (DUTY, "--format", "docx"),
        ("Probation Service",),
        ("kind:Adopt",),
    ],
)
def test_command_refuses_in_one_sentence(
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["why", *words, "--on", DAY])
    assert ended.value.code == 2
    done = capsys.readouterr()
    assert done.out == ""
    assert done.err.startswith("cspgraph: ")
    assert done.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_lines_share_what_is_the_same() -> None:
    a, b, c = (Step("", name, f"urn:{name}") for name in "abc")
    chains = [Chain((a, b)), Chain((a, c)), Chain((b,))]
    assert list(lines(chains)) == [(0, a), (1, b), (1, c), (0, b)]
