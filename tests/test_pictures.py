"""A picture shows every role, body and law once in its place, and says so in words.

Who must be in it is read in section 5(1) of the Crime and Disorder Act 1998 and in the
tables of the register, not in what was drawn before.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

import cspgraph
from cspgraph.diagrams.svg import Band, BandRow, svg, wrap
from cspgraph.errors import FileError, NameNotClearError
from cspgraph.graph import load
from cspgraph.overview.summary import Summary, summarise
from cspgraph.overview.views import AreaDiagram
from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import Column, find
from cspgraph.rdf.save import ending, save
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import warning
from runs import refused, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
SIDES = ("x", "y", "width", "height")
SVG = "{http://www.w3.org/2000/svg}"
REGISTER = Path(__file__).parents[1] / "data" / "register"

#: An area of each kind, and a county and a district as they were.
PLACES = [
    ("E06000059", DAY),
    ("E06000058", DAY),
    ("E07000105", DAY),
    ("E09000030", DAY),
    ("W06000024", DAY),
    ("E10000009", "2013-03-01"),
    ("E07000052", "2013-03-01"),
]
each_place = pytest.mark.parametrize(("area", "on"), PLACES)

#: Section 5(1) as it stood on that day: councils, providers of probation services,
#: the chief officer of police, the fire and rescue authority, the care board.
SECTION_5 = {
    ("Dorset Council", "CDA 1998 s.5(1)(a)"),
    ("Probation Service", "CDA 1998 s.5(1)(aa)"),
    ("Chief Constable of Dorset Police", "CDA 1998 s.5(1)(b)"),
    ("Dorset & Wiltshire Fire and Rescue Authority", "CDA 1998 s.5(1)(d)"),
    ("NHS Dorset Integrated Care Board", "CDA 1998 s.5(1)(e)"),
}


class Box(NamedTuple):
    """A box of an SVG picture, with its text and where the lines of it stand."""

    x: float
    y: float
    width: float
    height: float
    dashed: bool
    lines: tuple[str, ...]
    places: tuple[tuple[float, float], ...]

    @property
    def text(self) -> str:
        """The text of the box, its lines put together."""
        return " ".join(self.lines)

    def overlaps(self, other: Box) -> bool:
        """Say whether this box and the `other` share a place."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def boxes(text: str) -> list[Box]:
    """Return the boxes of a picture: each rectangle with the text that follows it."""
    root = ET.fromstring(text)  # noqa: S314 - our own text
    parts = [e for e in root if e.tag in (f"{SVG}rect", f"{SVG}text")]
    found = []
    for shape, words in pairwise(parts):
        if shape.tag == f"{SVG}rect" and shape.get("x"):
            assert words.tag == f"{SVG}text"
            spans = list(words)
            x, y, width, height = (float(shape.get(name, "")) for name in SIDES)
            dashed = shape.get("stroke-dasharray") is not None
            lines = tuple(span.text or "" for span in spans)
            places = tuple(
                (float(s.get("x", "")), float(s.get("y", ""))) for s in spans
            )
            found.append(Box(x, y, width, height, dashed, lines, places))
    return found


def drawn(kg: KnowledgeGraph, area: str = "E06000059", on: str = DAY) -> AreaDiagram:
    picture = kg.draw(area, on=on)
    assert isinstance(picture, AreaDiagram)
    return picture


# What is in it


def test_responsible_authorities_of_dorset_come_first(kg: KnowledgeGraph) -> None:
    rows = drawn(kg).holdings[:5]
    assert {row.role for row in rows} == {"responsible authority"}
    assert {(row.body, row.law) for row in rows} == SECTION_5


def test_two_tiers_both_councils(kg: KnowledgeGraph) -> None:
    """Section 5(1)(a): in a district of a county, the county council and the district's."""
    rows = drawn(kg, "E07000052", "2013-03-01").holdings
    councils = {
        row.body
        for row in rows
        if row.role == "responsible authority" and row.law == "CDA 1998 s.5(1)(a)"
    }
    assert councils == {"Dorset County Council", "West Dorset District Council"}


def test_a_kind_stands_where_no_body_is_named(kg: KnowledgeGraph) -> None:
    """Section 5(3): whom to invite is described by order, so no register names them."""
    (invited,) = (r for r in drawn(kg).holdings if r.role == "invitee")
    assert not invited.body
    assert invited.who == "prescribed invitee (body not in the register)"
    assert invited.law == "CDA 1998 s.5(3)"


@each_place
def test_every_holding_of_the_area_is_there(
    kg: KnowledgeGraph, area: str, on: str
) -> None:
    beside = {
        "E07000105": "gss:E10000016",
        "E07000052": "gss:E10000009",
        "E10000009": " ".join(f"gss:E070000{n}" for n in range(48, 54)),
    }.get(area, "")
    asked = f"""SELECT DISTINCT ?role ?body ?kind ?law WHERE {{
      VALUES ?area {{ gss:{area} {beside} }}
      ?h csp:area ?area ; a csp:RoleHolding ; csp:role ?role ;
        csp:provision/csp:citation ?law .
      OPTIONAL {{ ?h csp:body ?body }} ?h csp:capacity ?kind }}"""
    county = {"E07000105": ["E10000016"], "E07000052": ["E10000009"]}.get(area, [])
    near = load(on=on, areas=[area, *county])
    wanted = {
        (role, body or f"{kind} (body not in the register)", law)
        for role, body, kind, law in near.select(asked).words()
    }
    assert wanted
    assert {(r.role, r.who, r.law) for r in drawn(kg, area, on).holdings} == wanted


@each_place
def test_rows_of_a_role_stand_together_and_the_order_is_stable(
    kg: KnowledgeGraph, area: str, on: str
) -> None:
    picture = drawn(kg, area, on)
    roles = [row.role for row in picture.holdings]
    changes = sum(role != after for role, after in pairwise(roles))
    assert changes + 1 == len(set(roles))
    shuffled = replaced(picture.answer, picture.answer.terms[::-1])
    assert AreaDiagram(shuffled, picture.area).to_svg() == picture.to_svg()
    assert AreaDiagram(shuffled, picture.area).to_mermaid() == picture.to_mermaid()


def test_unknown_area_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError):
        kg.draw("Dorsett", on=DAY)


def test_scenario_is_said_on_the_picture() -> None:
    graph = cspgraph.load(scenario="victim-support-in-force")
    title = graph.draw("Dorset", on=DAY).title
    assert "in the scenario victim-support-in-force, which is not law" in title


def test_nothing_to_draw_is_said(kg: KnowledgeGraph) -> None:
    picture = drawn(kg, "E10000016")
    picture = AreaDiagram(replaced(picture.answer, []), picture.area)
    said = f"No role is held in {picture.area} on that day."
    for made in (form() for form in picture.forms.values()):
        assert said in made


# As SVG


@each_place
def test_svg_shows_each_row_in_its_columns(
    kg: KnowledgeGraph, area: str, on: str
) -> None:
    picture = drawn(kg, area, on)
    found = boxes(picture.to_svg())
    left, middle, right = (
        [box for box in found if box.x == x] for x in sorted({box.x for box in found})
    )
    assert [box.text for box in left] == [row.who for row in picture.holdings]
    assert [box.text for box in middle] == list(
        dict.fromkeys(row.role for row in picture.holdings)
    )
    for body, row in zip(left, picture.holdings, strict=True):
        level = body.y + body.height / 2
        beside = [
            box.text for box in (*middle, *right) if box.y < level < box.y + box.height
        ]
        assert beside == [row.role, row.by]


@each_place
def test_no_box_overlaps_another_and_texts_stay_inside(
    kg: KnowledgeGraph, area: str, on: str
) -> None:
    found = boxes(drawn(kg, area, on).to_svg())
    assert not [pair for pair in combinations(found, 2) if pair[0].overlaps(pair[1])]
    for box in found:
        assert_inside(box)


def assert_inside(box: Box) -> None:
    """Hold each line within the box, as wide as a narrow typeface makes it at least."""
    for (x, y), line in zip(box.places, box.lines, strict=True):
        width = sum(0.22 if c in "fijltI.,:;()/' " else 0.5 for c in line) * 15
        assert box.x < x
        assert x + width < box.x + box.width
        assert box.y + 12 < y < box.y + box.height - 3
    assert all(after[1] - y >= 18 for (_, y), after in pairwise(box.places))


@each_place
def test_svg_is_told_to_those_who_cannot_see_it(
    kg: KnowledgeGraph, area: str, on: str
) -> None:
    picture = drawn(kg, area, on)
    root = ET.fromstring(picture.to_svg())  # noqa: S314
    assert root.get("role") == "img"
    title, told = root[0], root[1]
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (
        title.get("id"),
        told.get("id"),
    )
    assert title.text == picture.title
    for row in picture.holdings:
        assert f"{row.who} holds the role {row.role} by {row.law} ({row.checked})." in (
            told.text or ""
        )


@each_place
def test_doubt_is_dashed_and_in_words(kg: KnowledgeGraph, area: str, on: str) -> None:
    words = (
        "(bounded)",
        "(recalled)",
        "(secondary source)",
        "(body not in the register)",
    )
    found = boxes(drawn(kg, area, on).to_svg())
    assert all(box.dashed == box.text.endswith(words) for box in found)


def test_svg_needs_nothing_else(kg: KnowledgeGraph) -> None:
    text = drawn(kg).to_svg()
    for word in ("<script", "href", "http://www.legislation", "<style", "url(", "<!"):
        assert word not in text


def test_colours_have_contrast(kg: KnowledgeGraph) -> None:
    root = ET.fromstring(drawn(kg).to_svg())  # noqa: S314
    ink = luminance(root.get("fill", ""))
    fills = {rect.get("fill", "") for rect in root.iter(f"{SVG}rect")}
    assert len(fills) > 1
    for fill in fills:
        assert (luminance(fill) + 0.05) / (ink + 0.05) > 7


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


TEXTS = st.text(max_size=80)
ROWS = st.builds(BandRow, TEXTS, TEXTS, st.booleans(), st.booleans())
BANDS = st.lists(
    st.builds(Band, TEXTS, st.lists(ROWS, min_size=1, max_size=5)), max_size=5
)


@given(bands=BANDS, title=TEXTS, told=TEXTS)
def test_any_text_makes_xml_without_overlaps(
    bands: list[Band], title: str, told: str
) -> None:
    found = boxes(svg("p", title, told, ("a", "b", "c"), bands, [told]))
    assert len(found) >= sum(1 + len(band.rows) for band in bands)
    assert not [pair for pair in combinations(found, 2) if pair[0].overlaps(pair[1])]


@given(text=TEXTS, width=st.integers(40, 400))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(words=st.lists(st.text("nmoM", max_size=60)), width=st.integers(60, 400))
def test_lines_are_as_wide_as_they_may_be(words: list[str], width: int) -> None:
    """No letter of these is narrower than half its size, or wider than 1.1 times."""
    lines = wrap(" ".join(words), width)
    assert all(len(line) * 15 * 0.33 <= width for line in lines)
    for line, after in pairwise(lines):
        assert (len(line) + 1 + len(after.split()[0])) * 15 * 1.1 > width


# As Mermaid

NODE = re.compile(r'(r\d+(?:[bl]\d+)?)\["([^"]*)"\]')


def read_mermaid(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield role, body and law of each line of a Mermaid picture."""
    names = {key: unescaped(label) for key, label in NODE.findall(text)}
    assert len(names) == len(NODE.findall(text))
    for line in text.splitlines():
        if " --- " in line or " -.- " in line:
            body, law = re.split(r" (?:---|-\.-) ", line.strip())
            ends = (re.match(r"r\d+[bl]\d+", end) for end in (body, law))
            left, right = (found[0] if found else "" for found in ends)
            yield names[left.partition("b")[0]], names[left], names[right]


def unescaped(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


@each_place
def test_mermaid_says_the_same(kg: KnowledgeGraph, area: str, on: str) -> None:
    picture = drawn(kg, area, on)
    text = picture.to_mermaid()
    assert text.startswith(f"flowchart TB\n  accTitle: {picture.title}\n")
    assert list(read_mermaid(text)) == [(r.role, r.who, r.by) for r in picture.holdings]
    told = text.partition("accDescr {\n")[2].partition("\n  }\n")[0]
    assert len(told.splitlines()) >= len(picture.holdings)


HOSTILE = '"]; click r1 "javascript:alert(1)" %%{init: {}}%%\n} end <b> `x` | & #'


def replaced(answer: Answer, rows: Sequence[Sequence[object]]) -> Answer:
    """Return `answer` with other rows."""
    return Answer(
        answer.name,
        answer.question,
        answer.columns,
        tuple(rows),  # type: ignore[arg-type]
        answer.on,
        answer.parameters,
        answer.labels,
        answer.receipt,
    )


def made_up(*rows: tuple[str, str, str]) -> AreaDiagram:
    """Return a picture of roles, bodies and laws, which are read."""
    read = NamedNode(PREFIXES["verification"] + "V")
    columns = find("role-holders").columns
    cells = [
        (
            *(Literal(role), Literal(body), Literal("kind"), Literal(law)),
            *(None, read, None, None),
        )
        for role, body, law in rows
    ]
    place = {"area": [NamedNode(PREFIXES["gss"] + "E06000059")]}
    answer = Answer(
        "role-holders",
        "Who?",
        columns,
        tuple(cells),
        date(2024, 7, 23),
        place,
        {read.value: "read"},
        {"version": "0", "engine": "none"},
    )
    return AreaDiagram(answer, HOSTILE)


def test_hostile_names_stay_names() -> None:
    picture = made_up((HOSTILE, HOSTILE, HOSTILE))
    mermaid = picture.to_mermaid()
    assert list(read_mermaid(mermaid)) == [(HOSTILE, HOSTILE, HOSTILE)]
    for word in ('click r1 "', "%%", "<b>", "`", 'javascript:alert(1)"'):
        assert word not in mermaid
    assert mermaid.count("}") == 1
    assert [box.text for box in boxes(picture.to_svg())] == [
        " ".join(HOSTILE.split())
    ] * 3
    assert "<b>" not in picture.to_html()
    assert "<b>" not in picture.to_markdown()


# As a table


class Cells(HTMLParser):
    """Collects the texts of the cells of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.addresses: list[str | None] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        self.inside = tag in ("td", "a")
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")
        if tag == "a" and self.rows and self.rows[-1]:
            self.addresses.append(dict(attrs)["href"])

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        """Add a text to its cell."""
        if self.inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@each_place
def test_tables_hold_every_row(kg: KnowledgeGraph, area: str, on: str) -> None:
    picture = drawn(kg, area, on)
    wanted = [
        [r.role, r.who, r.kind, r.law, r.checked, r.address] for r in picture.holdings
    ]
    cells = Cells(picture.to_html())
    assert list(filter(None, cells.rows)) == [row[:-1] for row in wanted]
    assert cells.addresses == [row[-1] for row in wanted if row[-1]]
    lines = [x for x in picture.to_markdown().splitlines() if x.startswith("| ")]
    assert [line[2:-2].split(" | ") for line in lines[2:]] == wanted


def test_no_row_of_a_large_area_is_left_out() -> None:
    picture = made_up(
        *((f"role {n % 12}", f"body {n}", f"law {n}") for n in range(200))
    )
    assert sum(map(bool, Cells(picture.to_html()).rows)) == 200
    assert len(boxes(picture.to_svg())) == 200 + 200 + 12


def test_page_and_notebook_have_picture_and_table(kg: KnowledgeGraph) -> None:
    picture = drawn(kg)
    for text in (picture.to_html(), picture._repr_html_()):
        assert text.count("<svg") == text.count("<table") == 1
        assert "<script" not in text
    doubt = f"Doubt: of {len(picture.holdings)} rows"
    assert doubt in re.sub("(?s)<svg.*</svg>", "", picture.to_html())
    warned = warning(picture.answer.receipt)
    above = f"{warned}\n\n" if warned else ""
    assert str(picture).startswith(f"{above}```mermaid\nflowchart")
    assert str(picture).endswith(picture.to_markdown().removeprefix(above))


# A country


@pytest.fixture(scope="module")
def country(national: KnowledgeGraph) -> Summary:
    return national.summary(on=DAY)


def test_areas_are_those_of_the_register(country: Summary) -> None:
    areas = country.tables[0]
    assert areas.titles == ["kind of area", "England", "Wales"]
    counted = [0, 0]
    for row in table("areas"):
        if row["kind"] != "Country" and in_effect(row):
            counted[row["country"] == "W92000004"] += 1
    assert [sum(int(row[n]) for row in areas.rows) for n in (1, 2)] == counted


def test_bodies_are_those_of_the_register(country: Summary) -> None:
    bodies = country.tables[1]
    wanted = sum(in_effect(row) for n in ("bodies", "partnerships") for row in table(n))
    assert sum(int(row[1]) for row in bodies.rows) == wanted
    assert all(int(row[2]) <= int(row[1]) for row in bodies.rows)


def table(name: str) -> Iterator[dict[str, str]]:
    for place in sorted(REGISTER.rglob(f"{name}.csv")):
        with place.open(encoding="utf-8") as file:
            yield from csv.DictReader(file)


def in_effect(row: dict[str, str]) -> bool:
    return row["valid_from"] <= DAY < (row["valid_until"] or "9999")


def counted(
    *holdings: tuple[str, str, str, str | None],
) -> dict[str, Sequence[Sequence[str]]]:
    """Return the rows of each table for made-up areas, roles, kinds and bodies."""

    def select(sparql: str) -> Answer:
        holds = "RoleHolding" in sparql
        rows = holdings if holds else ()
        terms = tuple(
            tuple(None if cell is None else NamedNode(f"urn:{cell}") for cell in row)
            for row in rows
        )
        labels = {f"urn:{cell}": cell for row in rows for cell in row if cell}
        columns = tuple(Column(n, "text", n) for n in ("area", "role", "kind", "body"))
        receipt = {"version": "0", "engine": "none"}
        return Answer("s", "?", columns, terms, None, {}, labels, receipt)

    return {table.caption: table.rows for table in summarise(select).tables}


def test_a_second_care_board_is_unusual() -> None:
    """Three areas have one board, one has two: it is shown, with its roles together."""
    one = [(f"area{n}", "authority", "board", f"board{n}") for n in range(3)]
    two = [
        ("border", role, "board", b)
        for role in ("authority", "partner")
        for b in ("x", "y")
    ]
    partner = [(area, "partner", kind, board) for area, _, kind, board in one]
    found = counted(*one, *partner, *two)["Several bodies where one is usual"]
    assert found == [["border", "board", "x; y", "authority; partner"]]


def test_several_councils_in_every_county_are_usual() -> None:
    rows = [
        (f"county{n}", "authority", "district", f"d{n}{m}")
        for n in range(4)
        for m in range(3)
    ]
    assert counted(*rows)["Several bodies where one is usual"] == []


def test_kinds_without_a_name_say_where() -> None:
    rows = [("a", "member", "prison", None), ("b", "member", "prison", None)]
    rows += [("a", "member", "police", "p"), ("b", "member", "police", None)]  # type: ignore[list-item]
    found = counted(*rows)["Kinds of body that the register does not name"]
    assert found == [["police", "member", "1 of 2: b"], ["prison", "member", "all 2"]]


def test_roles_say_where_nobody_is_named() -> None:
    rows = [("a", "member", "police", "p"), ("a", "member", "prison", None)]
    found = counted(*rows, ("b", "member", "prison", None))["Roles"]
    assert found == [["member", "2", "1", "1 of 2: b"]]


def test_long_lists_say_how_many_more() -> None:
    rows: list[tuple[str, str, str, str | None]]
    rows = [(f"a{n:02}", "member", "police", None) for n in range(20)]
    rows.append(("named", "member", "police", "p"))
    ((_, _, which),) = counted(*rows)["Kinds of body that the register does not name"]
    assert which.startswith("20 of 21: a00; a01;")
    assert which.endswith("a11; and 8 more")


# The command


def test_without_a_file_it_is_mermaid_and_table(
    kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "draw", "area", "Dorset", "--on", DAY)
    warned = warning(drawn(kg).answer.receipt)
    told = f"cspgraph: {warned}\n" if warned else ""
    assert (code, out, err) == (0, f"{drawn(kg)}\n", told)


@pytest.mark.parametrize("suffix", [".svg", ".mmd", ".md", ".html", ".SVG"])
def test_file_holds_the_form_of_its_ending(
    kg: KnowledgeGraph,
    suffix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / f"dorset{suffix}"
    code, out, err = run(
        capsys, "draw", "area", "E06000059", "--on", DAY, "-o", str(place)
    )
    assert (code, out) == (0, "")
    assert f"{place}: written" in err
    assert place.read_text(encoding="utf-8") == drawn(kg).forms[suffix.lower()]()
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_country_is_written(
    country: Summary, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / f"country.{suffix}"
    assert run(capsys, "draw", "country", "--on", DAY, "-o", str(place))[0] == 0
    assert place.read_text(encoding="utf-8") == country.forms[f".{suffix}"]()


def test_country_is_printed(
    country: Summary, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "draw", "country", "--on", DAY)[1] == f"{country}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("area", "Dorset", "-o", "x.png"),
            "x.png: the ending '.png' is not one of .svg",
        ),
        (("area", "Dorset", "-o", "x"), "x: the ending '(none)' is not one of"),
        (
            ("country", "-o", "x.svg"),
            "x.svg: the ending '.svg' is not one of .md, .html",
        ),
        (("area",), "area: no name follows; write cspgraph draw area Dorset"),
        (
            ("country", "Wales"),
            "country: England and Wales are counted together; leave",
        ),
        (("area", "Dorsett"), "area: 'Dorsett' is not known; did you mean 'Dorset'?"),
        (("county",), "invalid value for"),
        (("area", "Dorset", "-o", "none/x.svg"), "none/x.svg: no such file"),
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


def test_ending_and_place_are_held(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="not one of"):
        ending("x.tif", [".svg"])
    with pytest.raises(FileError, match="choose another place"):
        save("x", tmp_path / "none" / "x.svg")
