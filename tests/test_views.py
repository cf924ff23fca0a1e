"""A view drawn says the same as its table, with Graphviz and without it, and no more.

Where boxes and lines stand is read from the picture itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import cspgraph
from cspgraph.diagrams import layout
from cspgraph.diagrams.layout import LayoutEdge, plan
from cspgraph.errors import ParameterError
from cspgraph.overview.views import VIEWS, ViewDiagram
from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import find
from cspgraph.rdf.terms import PREFIXES
from cspgraph.render.escape import visible
from runs import refused, run
from test_hostile_reports import HOSTILE
from test_pictures import Cells

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-10-11"
SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"duties": "Dorset", "law": "", "priorities": "Dorset", "decisions": "Dorset"}
each_view = pytest.mark.parametrize("view", VIEWS)
rendering = pytest.mark.rendering


@pytest.fixture(params=[pytest.param("dot", marks=rendering), "layers"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Draw with Graphviz, or on a machine that has nothing installed."""
    if request.param == "layers":
        monkeypatch.setenv("PATH", "")
    else:
        assert shutil.which("dot"), "install graphviz; `make check` needs none"
    return str(request.param)


class Box(NamedTuple):
    """A box of a picture and its texts: the kind, then the label."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str

    def near(self, point: tuple[float, float]) -> bool:
        """Say whether `point` is on the box or within two pixels of it."""
        across = self.x - 2 <= point[0] <= self.x + self.width + 2
        return across and self.y - 2 <= point[1] <= self.y + self.height + 2


class Drawn(NamedTuple):
    """What stands in a picture."""

    title: str
    told: str
    boxes: list[Box]
    lines: list[tuple[tuple[float, float], tuple[float, float], bool]]
    labels: list[str]


def read(text: str) -> Drawn:
    """Return what an SVG picture shows."""
    root = ET.fromstring(text)  # noqa: S314 - our own text
    (group,) = root.iter(f"{SVG}g")
    boxes, lines, labels = [], [], []
    parts = list(group)
    for part, after, last in zip(parts, [*parts[1:], None], [*parts[2:], None, None], strict=True):  # fmt: skip
        if part.tag == f"{SVG}rect":
            assert after is not None
            assert last is not None
            x, y, width, height = (
                float(part.get(name, "")) for name in ("x", "y", "width", "height")
            )
            boxes.append(Box(x, y, width, height, words(after), words(last)))
        elif part.tag == f"{SVG}path":
            assert after is not None
            numbers = list(
                map(float, re.findall(r"-?\d+(?:\.\d+)?", part.get("d", "")))
            )
            assert (part.get("marker-end") or "").startswith("url(#")
            dashed = part.get("stroke-dasharray") is not None
            lines.append(((numbers[0], numbers[1]), (numbers[-2], numbers[-1]), dashed))
            labels.append(words(after))
    return Drawn(root[0].text or "", root[1].text or "", boxes, lines, labels)


def words(part: ET.Element) -> str:
    assert part.tag == f"{SVG}text"
    return " ".join(span.text or "" for span in part)


# Where things stand


@each_view
def test_each_link_is_a_line_from_box_to_box(
    view: str, place: str, kg: KnowledgeGraph
) -> None:
    diagram = kg.draw(NAMES[view], view=view, on=DAY)
    assert isinstance(diagram, ViewDiagram)
    drawn = read(diagram.to_svg())
    things = list(diagram.things.values())
    assert place
    assert [(box.kind, box.label) for box in drawn.boxes] == [
        (told["kind"], " ".join(told["label"].split())) for told in things
    ]
    ends = {(link.start, link.end): [] for link in diagram.links}  # type: ignore[var-annotated]
    for link in diagram.links:
        if link.told["label"] not in ends[link.start, link.end]:
            ends[link.start, link.end].append(link.told["label"])
    assert drawn.labels == ["; ".join(said) for said in ends.values()]
    numbers = {iri: number for number, iri in enumerate(diagram.things)}
    for (start, end), (first, last, _) in zip(ends, drawn.lines, strict=True):
        assert drawn.boxes[numbers[start]].near(first)
        assert drawn.boxes[numbers[end]].near(last)


@each_view
def test_no_box_lies_on_another(view: str, place: str, kg: KnowledgeGraph) -> None:
    drawn = read(kg.draw(NAMES[view], view=view, on=DAY).to_svg())
    assert place
    for one, other in combinations(drawn.boxes, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one, other)


SIZES = st.lists(
    st.tuples(st.floats(20, 300), st.floats(20, 120)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(sizes=SIZES, data=st.data())
@pytest.mark.parametrize("way", [pytest.param("_graphviz", marks=rendering), "_layers"])
def test_any_boxes_and_links_have_a_plan(
    way: str, sizes: list[tuple[float, float]], data: st.DataObject
) -> None:
    """Circles, links to itself and boxes without a link as well."""
    number = st.integers(0, len(sizes) - 1)
    ends = data.draw(st.lists(st.tuples(number, number), max_size=10))
    links = [LayoutEdge(start, end, (60, 18)) for start, end in ends]
    made = getattr(layout, way)(sizes, links)
    assert made == getattr(layout, way)(sizes, links)
    assert len(made.boxes) == len(sizes)
    assert len(made.arrows) == len(links)
    for (x, y), (width, height) in zip(made.boxes, sizes, strict=True):
        assert width / 2 - 1 <= x <= made.size[0] - width / 2 + 1
        assert height / 2 - 1 <= y <= made.size[1] - height / 2 + 1
    for (one, size), (other, by) in combinations(zip(made.boxes, sizes, strict=True), 2):  # fmt: skip
        assert (
            abs(one[0] - other[0]) > (size[0] + by[0]) / 2 - 1
            or abs(one[1] - other[1]) > (size[1] + by[1]) / 2 - 1
        )
    for arrow in made.arrows:
        assert len(arrow.points) % 3 == 1


def test_links_lead_from_left_to_right_in_both(place: str) -> None:
    links = [LayoutEdge(a, b, (40, 18)) for a, b in ((0, 1), (1, 2), (0, 2))]
    made = plan([(100, 40)] * 3, links)
    assert place
    columns = [x for x, _ in made.boxes]
    assert columns == sorted(columns)
    assert all(after - x >= 100 for x, after in pairwise(columns))


def test_a_graphviz_that_fails_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [LayoutEdge(0, 1, (40, 18))]
    monkeypatch.setenv("PATH", "")
    wanted = plan([(100, 40)] * 2, links)
    monkeypatch.setenv("PATH", str(tmp_path))
    for body in ("exit 1", "echo no", "echo '{}'", 'echo \'{"bb": "0,0,1,1"}\''):
        program = tmp_path / "dot"
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        assert plan([(100, 40)] * 2, links) == wanted


def test_graphviz_is_told_no_text() -> None:
    """Sizes and numbers are all that reaches the other program."""
    text = layout._dot([(100.5, 40)], [LayoutEdge(0, 0, (33.3, 18))])
    assert set(re.findall(r"[A-Za-z]{6,}", text)) <= {
        *("digraph", "rankdir", "nodesep", "ranksep", "fixedsize", "height"),
        *("border", "cellborder", "cellpadding", "cellspacing"),
    }


# What is said


@each_view
def test_every_form_says_every_link(view: str, kg: KnowledgeGraph) -> None:
    diagram = kg.draw(NAMES[view], view=view, on=DAY)
    assert isinstance(diagram, ViewDiagram)
    wanted = [
        (
            diagram.things[link.start]["label"],
            link.told["label"],
            diagram.things[link.end]["label"],
        )
        for link in diagram.links
    ]
    assert len(wanted) > 10
    told = read(diagram.to_svg()).told
    assert all(f"{a}, {b}: {c}" in told for a, b, c in wanted)
    cells = [row for row in Cells(diagram.to_html()).rows if row]
    assert len(cells) == len(wanted)
    for row, row_wanted in zip(cells, wanted, strict=True):
        assert set(row_wanted) <= set(row)
    lines = [x for x in diagram.to_markdown().splitlines() if x.startswith("| ")]
    assert len(lines) == len(wanted) + 2
    names = dict(re.findall(r'^  (n\d+)\["([^"]*)"\]$', diagram.to_mermaid(), re.M))
    found = re.findall(
        r'^  (n\d+) -\.?->\|"([^"]*)"\| (n\d+)$', diagram.to_mermaid(), re.M
    )
    assert [
        (unescaped(names[a]).partition(": ")[2], unescaped(b), unescaped(names[c]).partition(": ")[2])
        for a, b, c in found
    ] == wanted  # fmt: skip
    back = nx.parse_graphml(diagram.to_graphml(), force_multigraph=True)
    assert back.number_of_edges() == len(wanted)
    assert back.graph["title"] == diagram.title


def unescaped(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def test_doubt_is_dashed_and_in_words(kg: KnowledgeGraph) -> None:
    diagram = kg.draw("Dorset", view="duties", on=DAY)
    assert isinstance(diagram, ViewDiagram)
    doubtful = {
        (link.start, link.end)
        for link in diagram.links
        if link.told["verification"] in ("bounded", "recalled", "secondary source")
    }
    assert doubtful
    drawn = read(diagram.to_svg())
    assert sum(dashed for *_, dashed in drawn.lines) == len(doubtful)
    assert diagram.to_mermaid().count("-.->") == len(doubtful)
    assert "Dashed lines: law that was not read itself" in drawn.told


def test_the_codes_in_doubt_are_called_so(kg: KnowledgeGraph) -> None:
    """The dashes go by the names of three codes; a renamed one would be drawn whole."""
    names = kg._dataset.labels
    for code, name in (("B", "bounded"), ("R", "recalled"), ("S", "secondary source")):
        assert names.label(PREFIXES["verification"] + code) == name


def test_nothing_to_draw_is_said(kg: KnowledgeGraph) -> None:
    diagram = kg.draw("City of London", view="priorities", on=DAY)
    assert isinstance(diagram, ViewDiagram)
    assert not diagram.links
    for made in (form() for form in diagram.forms.values()):
        assert "Nothing is on record for this view on that day." in made or (
            "graphml" in made
        )


def test_scenario_is_said() -> None:
    graph = cspgraph.load(scenario="victim-support-in-force")
    title = graph.draw("Dorset", view="duties", on=DAY).title
    assert "in the scenario victim-support-in-force, which is not law" in title


# What is left out


@pytest.mark.parametrize("nodes", [2, 7, 60, 10_000])
@each_view
def test_left_out_and_drawn_make_the_whole(
    view: str, nodes: int, kg: KnowledgeGraph
) -> None:
    diagram = kg.draw(NAMES[view], view=view, on=DAY, nodes=nodes)
    assert isinstance(diagram, ViewDiagram)
    whole = kg.network(view, on=DAY, **({"area": "Dorset"} if NAMES[view] else {}))
    assert 2 <= len(diagram.things) <= nodes
    assert diagram.links
    said = diagram.left_out
    if len(diagram.things) == len(whole):
        assert said == ""
        assert len(diagram.links) == whole.number_of_edges()
        return
    found = re.fullmatch(
        r"Left out to keep it readable: (\d+) of (\d+) nodes \((.*)\)"
        r" and (\d+) of (\d+) links \((.*)\)\. --nodes \(nodes=\) draws more\.",
        said,
    )
    assert found
    assert int(found[1]) + len(diagram.things) == int(found[2]) == len(whole)
    assert int(found[4]) + len(diagram.links) == int(found[5])
    assert int(found[5]) == whole.number_of_edges()
    for total, kinds in ((found[1], found[3]), (found[4], found[6])):
        assert sum(map(int, re.findall(r": (\d+)", kinds))) == int(total)
    for form in (diagram.to_svg, diagram.to_html, diagram.to_markdown):
        assert said in unescape(form())
    assert said in nx.parse_graphml(diagram.to_graphml()).graph["note"]


# The same bytes

_PROGRAM = """
import sys, cspgraph
graph = cspgraph.load(on="2024-10-11")
for view, name in (("decisions", "Dorset"), ("duties", "Dorset")):
    for form in graph.draw(name, view=view).forms.values():
        sys.stdout.buffer.write(form().encode())
"""


def test_same_bytes_each_run(place: str) -> None:
    """Whatever order a process puts its sets in."""
    assert place
    found = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop()) > 10_000


# Hostile texts


def made_up(text: str) -> ViewDiagram:
    """Return a view in which everything that data can say is `text`."""
    things = {name: NamedNode(f"urn:{name}") for name in ("a", "b", "kind", "term")}
    columns = find("decision-path").columns
    cells = {"version": "a", "from": "a", "to": "b", "from_kind": "kind"}
    cells |= {"to_kind": "kind", "link": "kind", "status": "kind", "term": "term"}
    row = [things.get(cells.get(column.name, "")) for column in columns]
    answer = Answer(
        "decision-path",
        "Which way?",
        columns,
        (tuple(row),),
        None,
        {"area": [NamedNode("urn:a")]},
        {thing.value: text for thing in things.values()},
        {"version": "0", "engine": "none", "area": text},
    )
    return ViewDiagram(answer, VIEWS["decisions"], text)


class Attributes(HTMLParser):
    """The names of all attributes of a page, as a browser reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes of one element."""
        del tag
        self.names |= {name for name, _ in attrs}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_stay_texts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    diagram = made_up(text)
    drawn = read(diagram.to_svg())
    said = visible(diagram.answer.words()[0][1])
    shown = " ".join(said.split())
    assert {box.label.replace(" ", "") for box in drawn.boxes} == {
        shown.replace(" ", "")
    }
    mermaid = diagram.to_mermaid()
    labels = re.findall(r'"([^"]*)"', mermaid)
    assert [unescaped(label) for label in labels] == [
        f"{said}: {said}",
        f"{said}: {said}",
        said,
    ]
    assert re.fullmatch(
        r"flowchart LR\n  accTitle: [^\n]*\n  accDescr \{\n(?:    [^\n{}]*\n)*  \}\n"
        r"(?:  n\d(?:\[\"[^\"]*\"\]| -->\|\"[^\"]*\"\| n\d)\n)*",
        mermaid,
    )
    page = diagram.to_html()
    for word in ("<script", "<img", "<iframe", "<base", "<form", "<meta http-equiv=r"):
        assert word not in page.casefold()
    assert not [name for name in Attributes(page).names if name.startswith("on")]
    for form in diagram.forms.values():
        assert form().encode()


# The command


@pytest.mark.parametrize("suffix", [".svg", ".mmd", ".md", ".html", ".graphml"])
def test_file_holds_the_form_of_its_ending(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / f"duties{suffix}"
    code, out, err = run(
        capsys,
        "draw",
        "duties",
        "Dorset",
        "--on",
        DAY,
        "--nodes",
        "20",
        "-o",
        str(place),
    )
    assert (code, out) == (0, "")
    assert f"{place}: written" in err
    assert "Left out to keep it readable" in err
    wanted = cspgraph.load().draw("Dorset", view="duties", on=DAY, nodes=20)
    assert place.read_text(encoding="utf-8") == wanted.forms[suffix]()
    assert list(tmp_path.iterdir()) == [place]


def test_without_a_file_it_is_mermaid_and_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = (
        "decisions",
        "Dorset",
        "--on",
        DAY,
        "--product",
        "CrimeAndDisorderStrategy",
    )
    code, out, err = run(capsys, "draw", *words)
    assert (code, err) == (0, "")
    assert out.startswith("```mermaid\nflowchart LR\n")
    assert "| Full Council of Dorset Council |" in out
    assert "Reoffending" not in out


OWN = """
PREFIX csp: <https://w3id.org/cspgraph/ns#>
PREFIX gss: <http://statistics.data.gov.uk/id/statistical-geography/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH <https://example.org/own> {
  <https://example.org/s> a csp:Strategy ; csp:area gss:E06000058 ; rdfs:label "Own strategy"@en .
  <https://example.org/v> a csp:StrategyVersion ; csp:versionOf <https://example.org/s> ;
    rdfs:label "Own version"@en ; csp:priority <https://example.org/p> .
  <https://example.org/p> a csp:Priority ; rdfs:label "Safer <b>nights"@en ;
    csp:theme <https://w3id.org/cspgraph/theme/SeriousViolence> ; csp:source <https://example.org/x> .
  <https://example.org/x> a csp:Passage ; csp:paragraph "1.1" ; csp:inDocument <https://example.org/d> .
  <https://example.org/d> a csp:SourceDocument ; csp:on "2024-05-01"^^xsd:date .
}
"""


def test_own_files_and_a_scenario_are_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.trig"
    file.write_text(OWN, encoding="utf-8")
    words = ("priorities", "E06000058", "--on", DAY, "--with", str(file))
    code, out, _ = run(capsys, "draw", *words, "--scenario", "victim-support-in-force")
    assert code == 0
    assert "| Own version |" in out
    assert "&lt;b>nights" in out
    assert "in the scenario victim-support-in-force" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("duties",), "duties: no name follows; write cspgraph draw duties Dorset"),
        (("area", "Dorset", "-o", "x.graphml"), "x.graphml: the ending '.graphml' is"),
        (("law", "-o", "x.png"), "x.png: the ending '.png' is not one of .svg"),
        (("priorities", "Dorset", "--body", "x"), "body: 'priorities-and-themes' has"),
        (("area", "Dorset", "--body", "x"), "'area' cannot be narrowed; leave --body"),
        (("law", "Act of 1066"), "instrument: 'Act of 1066' is not known"),
        (("duties", "Dorset", "--nodes", "1"), "invalid value for '--nodes'"),
        (("duties", "Dorset", "--with", "none.ttl"), "none.ttl: "),
    ],
)
def test_misuse_is_refused_in_a_sentence(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(capsys, ("draw", *words, "--on", DAY), said)
    assert not list(tmp_path.iterdir())


def test_unknown_view(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="did you mean 'law'"):
        kg.draw("Dorset", view="laws")
