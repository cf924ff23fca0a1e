"""Two builds or releases side by side, and what was kept from earlier versions."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import FileError
from cspgraph.explain.compare import compare
from cspgraph.rdf.save import write
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).parent / "earlier"
BEFORE, AFTER = "2022-06-30", "2022-07-01"


def said(old: Path, new: Path) -> set[tuple[str, str, str]]:
    """Return change, kind and thing of each row."""
    return {
        (row[0].value, row[1].value, row[2].value)  # type: ignore[union-attr]
        for row in compare(old, new).terms
    }


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(cspgraph.load(on=AFTER, areas=["Dorset"]).quads())


@pytest.fixture(scope="module")
def built(
    quads: list[Quad], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Iterable[Quad]], Path]:
    """Return what writes a build under a name."""
    folder = tmp_path_factory.mktemp("builds")
    write(quads, folder / "whole.nq")

    def put(name: str, some: Iterable[Quad]) -> Path:
        if name != "whole.nq":
            write(some, folder / name)
        return folder / name

    return put


def things(quads: list[Quad], kind: NamedNode) -> list[NamedNode]:
    found = {q.subject for q in quads if (q.predicate, q.object) == (RDF_TYPE, kind)}
    return sorted(found, key=str)  # type: ignore[arg-type]


def test_a_build_is_like_itself_in_every_format(
    quads: list[Quad], built: Callable[[str, Iterable[Quad]], Path]
) -> None:
    whole = built("whole.nq", quads)
    for name in ("same.ttl", "same.trig", "same.nt"):
        assert said(whole, built(name, quads)) == set()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Duty", "duty"),
        ("RoleHolding", "role"),
        ("Body", "body"),
        ("DutyTemplate", "duty in the law"),
        ("RoleTemplate", "role in the law"),
    ],
)
def test_what_is_taken_out_is_lost_and_what_comes_back_is_gained(
    quads: list[Quad],
    built: Callable[[str, Iterable[Quad]], Path],
    kind: str,
    name: str,
) -> None:
    gone = things(quads, getattr(CSP, kind))[0]
    less = built("less.nq", (quad for quad in quads if quad.subject != gone))
    whole = built("whole.nq", quads)
    assert ("lost", name, gone.value) in said(whole, less)
    assert said(less, whole) == {("gained", name, gone.value)}


def test_a_day_that_moved_is_told_with_both_days(
    quads: list[Quad], built: Callable[[str, Iterable[Quad]], Path]
) -> None:
    moved = things(quads, CSP.Duty)[3]

    def other(quad: Quad) -> Quad:
        if (quad.subject, quad.predicate) != (moved, CSP.validUntil):
            return quad
        end = Literal("2031-05-04", datatype=quad.object.datatype)  # type: ignore[union-attr]
        return Quad(quad.subject, quad.predicate, end, quad.graph_name)

    later = built("later.nq", map(other, quads))
    (row,) = compare(built("whole.nq", quads), later).words()
    assert row[0] == "changed"
    assert row[6].startswith("csp:validUntil: ")
    assert row[6].endswith(", now 2031-05-04")


def test_the_roles_of_two_days_are_those_that_changes_tells(
    quads: list[Quad], built: Callable[[str, Iterable[Quad]], Path]
) -> None:
    """Boards came in the place of commissioning groups on 1 July 2022."""
    earlier = list(cspgraph.load(on=BEFORE, areas=["Dorset"]).quads())
    found = said(built("earlier.nq", earlier), built("whole.nq", quads))
    told = cspgraph.load(areas=["Dorset"]).what_changed("Dorset", BEFORE, AFTER)
    roles = {
        (str(change.value), thing.value)
        for _, change, kind, thing, *_ in told.terms
        if kind == Literal("role") and change and thing
    }
    assert {(change, what) for change, kind, what in found if kind == "role"} == roles
    assert roles


def test_areas_that_one_alone_was_built_for_are_told(
    quads: list[Quad],
    built: Callable[[str, Iterable[Quad]], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    wider = list(cspgraph.load(on=AFTER, areas=["Dorset", "Ashford"]).quads())
    whole, wide = built("whole.nq", quads), built("wider.nq", wider)
    assert said(whole, wide) == set()
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(whole), str(wide)])
    assert not ended.value.code
    assert (
        "1 area that wider.nq alone was built for: Ashford" in capsys.readouterr().err
    )


def test_releases_are_compared_by_their_law(tmp_path: Path) -> None:
    """A wheel with one duty less than the checkout."""
    wheel = tmp_path / "cspgraph-0.0.1-py3-none-any.whl"
    act = "data/law/care-act-2014.ttl"
    with zipfile.ZipFile(wheel, "w") as put:
        for part in ("data/law", "data/register", "ontology"):
            for file in sorted((ROOT / part).rglob("*")):
                name = file.relative_to(ROOT).as_posix()
                if file.is_file() and name != act:
                    put.write(file, f"cspgraph/_shipped/{name}")
    found = compare(wheel, ROOT)
    gained = {row[2].value for row in found.terms if row[0] == Literal("gained")}  # type: ignore[union-attr]
    text = (ROOT / act).read_text(encoding="utf-8")
    assert gained
    assert all(compact(iri).partition(":")[2] in text for iri in gained)
    assert {row[0] for row in found.terms} == {Literal("gained")}
    assert "duties and roles in areas" in str(found.receipt["not_compared"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.nq", None, "check the path"),
        ("text.nq", "nothing of the kind", "it is not RDF"),
        ("some.csv", "a,b", "give a file that 'cspgraph build' wrote"),
        ("some.whl", "a,b", "it is no wheel"),
        ("folder", "", "there is no data/law in it"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    place = tmp_path / name
    if content:
        place.write_text(content, encoding="utf-8")
    elif content is not None:
        place.mkdir()
    with pytest.raises(FileError, match=words):
        compare(place, place)


def test_every_json_says_the_version_of_its_keys(kg: cspgraph.KnowledgeGraph) -> None:
    day = kg.at("2024-07-23")
    made = {
        "answer": day.answer("responsible-authorities", area="Dorset").to_json(),
        "why": day.why("Dorset Council", area="Dorset").to_json(),
        "why-not": day.why_not("Dorset Council", "csp-plan", "Dorset").to_json(),
        "claims": day.claims("dorset-2024-07-23").to_json(),
        "brief": day.brief("Dorset", "csp-plan").to_json(),
        "sparql": day.select("SELECT (1 AS ?one) WHERE {}").to_json(),
        "check": day.validate(area="Dorset").to("json"),
    }
    assert {name: json.loads(text)["schema"] for name, text in made.items()} == (
        dict.fromkeys(made, 1)
    )


@pytest.mark.parametrize(
    "place", sorted(KEPT.glob("*.trig")), ids=lambda place: place.stem
)
def test_a_record_of_an_earlier_version_still_loads(place: Path) -> None:
    """As it was written then, with nothing left out of it."""
    added = cspgraph.load(place, on="2024-07-23", areas=["Dorset"])._dataset.added
    assert added.refused == []
    words = {quad.predicate for quad in added.quads()}
    words |= {q.object for q in added.quads() if q.predicate == RDF_TYPE}  # type: ignore[misc]
    own = {str(word) for word in words if PREFIXES["csp"] in str(word)}
    assert own
    assert own <= {str(getattr(CSP, name)) for name in CSP}


def test_a_word_of_ours_that_nobody_knows_is_told_with_the_nearest(
    tmp_path: Path,
) -> None:
    record = tmp_path / "record.ttl"
    lines = [f"@prefix csp: <{PREFIXES['csp']}> .", "<urn:x:a> a csp:Body ;"]
    record.write_text("\n".join([*lines, "  csp:validFrm 1 ."]), encoding="utf-8")
    graph = cspgraph.load(record, on="2024-07-23", areas=["Dorset"])
    unseen = [item.text for item in graph.validate(area="Dorset").unseen]
    assert any("csp:validFrm" in t and "csp:validFrom" in t for t in unseen), unseen
