"""An answer as a picture: every thing of every row, in which rows, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cspgraph.diagrams.diagram import Arrow, Figure
from cspgraph.questions.answer_picture import illustrate
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.results import Term

HOSTILE = '"]; click n1 "javascript:alert(1)" %%{init: {}}%%\n} end <b> `x` | & #'
BOUNDED = NamedNode(PREFIXES["verification"] + "B")
READ = NamedNode(PREFIXES["verification"] + "V")


def word(term: Term) -> str:
    return {BOUNDED.value: "bounded"}.get(term.value, term.value)


def numbers(when: str) -> Iterator[int]:
    """Yield the rows that an arrow says, such as rows 1 to 3, 5."""
    for part in re.sub("rows? ", "", when).split(", "):
        first, _, last = part.partition(" to ")
        yield from range(int(first), int(last or first) + 1)


def arrows(text: str) -> list[tuple[str, str, str]]:
    """Return from where to where arrows lead in Mermaid, and what they say."""
    boxes = dict(re.findall(r'^  (n\d+)\["(.*)"\]$', text, re.MULTILINE))
    found = re.findall(
        r'^  (n\d+) -\.?->\|"(.*)"\| (n\d+)$|^  (n\d+) -->\|"(.*)"\| (n\d+)$',
        text,
        re.MULTILINE,
    )
    ends = [tuple(filter(None, groups)) for groups in found]
    return [(read(boxes[a]), read(said), read(boxes[b])) for a, said, b in ends]


def read(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def shapes(svg: str) -> int:
    """Return how many boxes the SVG has."""
    rects = [e for e in ET.fromstring(svg).iter() if e.tag.endswith("}rect")]  # noqa: S314
    return len(rects) - 1  # the first is the paper


THINGS = st.sampled_from("abcdef").map(lambda name: NamedNode(f"urn:{name}"))
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["body", "product", "law"]), THINGS, min_size=2),
    max_size=12,
)


@settings(deadline=None)
@given(ROWS)
def test_each_row_can_be_read_back(rows: list[dict[str, Term]]) -> None:
    picture = illustrate("What?", rows, word)
    back: dict[int, set[tuple[str, str, str]]] = {}
    for start, link, end, when in picture.rows():
        for number in numbers(when):
            back.setdefault(number, set()).add((start, link, end))
    wanted = {}
    for number, row in enumerate(rows, 1):
        (_, first), *others = row.items()
        wanted[number] = {(first.value, name, term.value) for name, term in others}
    assert back == wanted


@settings(deadline=None)
@given(ROWS)
def test_all_forms_say_the_same(rows: list[dict[str, Term]]) -> None:
    picture = illustrate("What?", rows, word)
    wanted = [(a, f"{link} ({when})", b) for a, link, b, when in picture.rows()]
    assert arrows(picture.to_mermaid()) == wanted
    lines = [x for x in picture.to_markdown().splitlines() if x.startswith("| ")]
    assert [line[2:-2].split(" | ") for line in lines[2:]] == picture.rows()


def test_a_row_of_one_thing_hangs_on_the_answer() -> None:
    (row,) = illustrate("What?", [{"duty": NamedNode("urn:d")}], word).rows()
    assert row == ["this answer", "duty", "urn:d", "row 1"]


def test_texts_days_and_addresses_are_no_things() -> None:
    row: dict[str, Term] = {
        "body": NamedNode("urn:a"),
        "statement": Literal("do it"),
        "since": Literal("2024-07-23"),
        "law": Literal("CDA 1998 s.6"),
        "law_url": NamedNode("http://www.legislation.gov.uk/x"),
        "verification": READ,
    }
    assert illustrate("What?", [row], word).rows() == [
        ["urn:a", "law", "CDA 1998 s.6", "row 1"]
    ]
    empty = illustrate("What?", [{"text": Literal("x")}], word)
    assert empty.rows() == []
    assert empty.notes == ["No row names a thing; the table of the answer says it all."]
    assert shapes(empty.to_svg()) == 0


def test_law_in_doubt_is_dashed_and_says_so() -> None:
    rows: list[dict[str, Term]] = [
        {"body": NamedNode("urn:a"), "law": Literal("s.6"), "verification": code}
        for code in (READ, BOUNDED)
    ]
    picture = illustrate("What?", rows, word)
    assert [(a.link, a.when, a.dashed) for a in picture.arrows] == [
        ("law", "row 1", False),
        ("law, bounded", "row 2", True),
    ]
    assert picture.to_mermaid().count("-.->") == 1
    assert picture.to_svg().count("stroke-dasharray") == 1
    assert picture.notes[0].startswith("Dashed arrows: law")


def test_a_large_answer_is_cut_and_says_where() -> None:
    rows: list[dict[str, Term]] = [
        {"body": NamedNode(f"urn:{n}"), "kind": NamedNode("urn:kind")}
        for n in range(1000)
    ]
    picture = illustrate("What?", rows, word)
    ends = {end for arrow in picture.arrows for end in (arrow.start, arrow.end)}
    assert len(ends) == 60
    (note,) = picture.notes
    assert note == (
        "The picture shows the first 59 of 1,000 rows, with 60 things; "
        "the table of the answer has all rows."
    )
    assert len(illustrate("What?", rows, word, most=2).arrows) == 1
    assert "the first 59 of 1,000 rows" in picture.to_mermaid()


def test_a_duty_without_a_name_is_called_what_it_asks() -> None:
    duty = NamedNode(PREFIXES["duty"] + "x")
    row: dict[str, Term] = {"duty": duty, "statement": Literal("do"), "of": READ}

    def short(term: Term) -> str:
        return term.value.replace(PREFIXES["duty"], "duty:")

    assert illustrate("What?", [row], short).rows()[0][0] == "do"
    assert illustrate("What?", [row], word).rows()[0][0] == duty.value


@pytest.mark.parametrize("form", ["mermaid", "svg", "html", "markdown"])
def test_hostile_names_stay_names(form: str) -> None:
    made = Figure(HOSTILE, [Arrow("a", HOSTILE, "b")], {"a": HOSTILE, "b": HOSTILE})
    text = getattr(made, f"to_{form}")()
    assert "<b>" not in text
    if form == "mermaid":
        assert arrows(text) == [(HOSTILE, HOSTILE, HOSTILE)]
        assert text.count("}") == 1
        assert "%%" not in text
    if form == "svg":
        assert shapes(text) == 2


def test_the_picture_of_a_shipped_answer(kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", on="2024-07-23", area="Dorset")
    picture = answer.picture()
    assert ["Dorset Council", "law", "CDA 1998 s.5(1)(a)", "row 1"] in picture.rows()
    assert picture.title == answer.caption
    assert f"Doubt: {answer.receipt['doubt']}." in picture.notes
    assert str(picture).startswith("```mermaid\nflowchart LR\n")
    assert picture.to_html().count("<tr ") == 1 + len(picture.arrows)
    ends = {end for arrow in picture.arrows for end in (arrow.start, arrow.end)}
    assert shapes(picture.to_svg()) == len(ends)
    view = picture._repr_html_()
    assert view.count("<svg") == view.count("<table") == 1
    assert len(answer.picture(most=3).arrows) < len(picture.arrows)


def test_every_form_has_its_ending() -> None:
    made = Figure("What?", [Arrow("a", "is", "b", "now")])
    starts: Sequence[tuple[str, str]] = [
        (".svg", "<svg"),
        (".mmd", "flowchart"),
        (".md", "```mermaid"),
        (".html", "<!DOCTYPE"),
    ]
    assert list(made.forms) == [ending for ending, _ in starts]
    for ending, start in starts:
        assert made.forms[ending]().startswith(start)
