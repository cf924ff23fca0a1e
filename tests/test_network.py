"""The graph as nodes and links: what it says is what the store and the answers say."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.overview.network import graphml, of_quads
from cspgraph.overview.views import VIEWS
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE, compact
from test_hostile_reports import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    from cspgraph.graph import KnowledgeGraph

DAY, DORSET = "2024-07-23", PREFIXES["gss"] + "E06000059"
ACT = PREFIXES["law"] + "ukpga/1998/37"
COUNCIL = PREFIXES["body"] + "dorset-council"
DUTY = PREFIXES["duty"] + "cda98-formulate-implement-reoffending.E06000059"
DATE = NamedNode(PREFIXES["xsd"] + "date")


@pytest.fixture(scope="module")
def net(kg: KnowledgeGraph) -> nx.MultiDiGraph:
    return kg.at(DAY).network()


# All that there is


def test_edges_are_the_links_between_things(
    net: nx.MultiDiGraph, store: Callable[[str], Store]
) -> None:
    day: Store = store(DAY)
    links = {
        (quad.subject.value, quad.object.value, quad.predicate.value)
        for quad in day
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    assert set(net.edges(keys=True)) == links


def test_edges_are_typed(net: nx.MultiDiGraph) -> None:
    kinds = {(key, words) for _, _, key, words in net.edges(keys=True, data="label")}
    assert all(words == compact(key) for key, words in kinds)
    assert {"csp:bearer", "csp:provision", "csp:partOf"} <= {
        words for _, words in kinds
    }


def test_nodes_are_labelled_and_of_a_kind(net: nx.MultiDiGraph) -> None:
    labels = dict(net.nodes(data="label"))
    assert all(labels.values())
    assert labels[COUNCIL] == "Dorset Council"
    assert labels[DORSET] == "Dorset"
    assert labels[ACT] == "Crime and Disorder Act 1998"
    assert net.nodes[COUNCIL]["kind"] == "Body"
    assert net.nodes[ACT]["kind"] == "Instrument"


def test_edges_have_the_days_of_what_they_begin_at(net: nx.MultiDiGraph) -> None:
    """Dorset Council is there since 1 April 2019, by the order that made it."""
    days = {
        (told["since"], told["until"])
        for start, _, told in net.edges(data=True)
        if start == COUNCIL
    }
    assert days == {("2019-04-01", "")}


def test_duty_is_connected_with_act_and_body(net: nx.MultiDiGraph) -> None:
    assert nx.has_path(net, DUTY, ACT)
    assert nx.has_path(net, DUTY, COUNCIL)


def test_one_area_is_part_of_the_whole(
    kg: KnowledgeGraph, net: nx.MultiDiGraph
) -> None:
    dorset = kg.network(area="Dorset", on=DAY)
    assert 0 < len(dorset) < len(net)
    assert set(dorset.edges(keys=True)) < set(net.edges(keys=True))
    assert DUTY in dorset


class Nameless:
    """Knows no names."""

    def label(self, iri: str) -> str:
        """Return the short form of `iri`."""
        return compact(iri)


def test_several_links_between_two_things_are_kept() -> None:
    links = [NamedNode(PREFIXES["csp"] + name) for name in ("bearer", "actor")]
    ends = NamedNode("urn:a"), NamedNode("urn:b")
    quads = [Quad(ends[0], link, ends[1]) for link in links]
    quads.append(Quad(ends[0], links[0], Literal("a text is no node")))
    quads.append(
        Quad(
            ends[0],
            NamedNode(PREFIXES["csp"] + "validUntil"),
            Literal("2020-01-01", datatype=DATE),
        )
    )
    quads.append(Quad(ends[0], RDF_TYPE, NamedNode(PREFIXES["csp"] + "Duty")))
    graph = of_quads(quads, Nameless())  # type: ignore[arg-type]
    assert sorted(n for n in graph if n.startswith("urn:")) == ["urn:a", "urn:b"]
    assert graph.nodes["urn:a"]["kind"] == "csp:Duty"
    assert sorted(
        told["label"] for _, end, told in graph.edges(data=True) if end == "urn:b"
    ) == ["csp:actor", "csp:bearer"]
    assert {told["until"] for *_, told in graph.edges(data=True)} == {"2020-01-01"}


# Views

GIVEN = {
    "duties": {"area": "Dorset"},
    "law": {"instrument": "law:ukpga/1998/37"},
    "priorities": {"area": "Dorset"},
    "decisions": {"area": "Dorset"},
}
each_view = pytest.mark.parametrize("view", VIEWS)


@each_view
def test_links_of_a_view_rest_on_the_graph(
    view: str, kg: KnowledgeGraph, store: Callable[[str], Store]
) -> None:
    """Each stands there in one direction or the other, or leads over a duty or holding."""
    net = kg.network(view, on="2024-10-11", **GIVEN[view])
    day = store("2024-10-11")
    assert net.number_of_edges() > 10
    assert all(told["label"] and told["kind"] for _, told in net.nodes(data=True))
    for start, end, key, told in net.edges(keys=True, data=True):
        term = NamedNode(key.partition(" ")[0])
        one, other = NamedNode(start), NamedNode(end)
        direct = [*day.quads_for_pattern(one, term, other, None)]
        back = [*day.quads_for_pattern(other, term, one, None)]
        bound = key.endswith("#bearer") and any(
            quad
            for duty in day.quads_for_pattern(
                None, NamedNode(PREFIXES["csp"] + "template"), other, None
            )
            for quad in day.quads_for_pattern(duty.subject, term, one, None)
        )
        assert direct or back or bound, (start, key, end)
        assert told["label"]
        assert told["since"] < (told["until"] or "9999")


def test_who_must_have_the_strategy_against_crime(kg: KnowledgeGraph) -> None:
    """Section 6(1)(a): the responsible authorities of section 5(1), all five of them."""
    net = kg.network(
        "duties", area="Dorset", on=DAY, product="CrimeAndDisorderStrategy"
    )
    (duty,) = (
        node
        for node, label in net.nodes(data="label")
        if label == "Crime and disorder strategy (England)"
    )
    assert {net.nodes[body]["label"] for body in net.predecessors(duty)} == {
        "Dorset Council",
        "Probation Service",
        "Chief Constable of Dorset Police",
        "Dorset & Wiltshire Fire and Rescue Authority",
        "NHS Dorset Integrated Care Board",
    }
    (provision,) = net.successors(duty)
    assert provision == f"{ACT}/section/6/1/a"
    since = {
        net.nodes[body]["label"]: told["since"]
        for body, _, told in net.in_edges(duty, data=True)
    }
    assert since["NHS Dorset Integrated Care Board"] == "2022-07-01"


def test_path_of_the_plan_is_that_of_the_record(kg: KnowledgeGraph) -> None:
    """Agreed on 19 March, recommended on 10 September, adopted on 10 October 2024."""
    net = kg.network("decisions", area="Dorset", on="2024-10-11")
    decided = {
        (net.nodes[start]["label"], told["since"], told["label"])
        for start, end, told in net.edges(data=True)
        if "plan refresh" in net.nodes[end]["label"] and told["label"] != "about"
    }
    assert decided == {
        ("Dorset Community Safety Partnership", "2024-03-19", "decides"),
        (
            "People and Health Overview Committee of Dorset Council",
            "2024-07-23",
            "is asked to decide",
        ),
        ("Cabinet of Dorset Council", "2024-09-10", "decides"),
        ("Full Council of Dorset Council", "2024-10-10", "decides"),
    }


def test_section_5_1_aa_was_inserted_by_the_act_of_2009(kg: KnowledgeGraph) -> None:
    net = kg.network("law", on=DAY, instrument="law:ukpga/1998/37")
    start = f"{ACT}/section/5/1/aa"
    end = PREFIXES["law"] + "ukpga/2009/26/section/108/2"
    told = net.edges[start, end, PREFIXES["csp"] + "insertedBy"]
    assert (told["label"], told["since"]) == ("inserted by", "2010-04-01")
    assert net.nodes[start]["label"].startswith("CDA 1998 s.5(1)(aa): ")


def test_unknown_views_and_areas_are_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="did you mean 'duties'"):
        kg.network("dutys", area="Dorset")
    with pytest.raises(NameNotClearError):
        kg.network("duties", area="Dorsett", on=DAY)


# GraphML


@each_view
def test_graphml_reads_back_the_same(view: str, kg: KnowledgeGraph) -> None:
    net = kg.network(view, on=DAY, **GIVEN[view])
    back = nx.parse_graphml(graphml(net), force_multigraph=True)
    assert {n: {"label": "", **t} for n, t in back.nodes(data=True)} == dict(
        net.nodes(data=True)
    )
    there = [
        (start, end, {"term": key, **told})
        for start, end, key, told in net.edges(keys=True, data=True)
    ]
    filled = [
        (start, end, {name: told.get(name) or "" for name in there[0][2]})
        for start, end, told in back.edges(data=True)
    ]
    assert filled == there
    ids = [e.get("id") for e in ET.fromstring(graphml(net)).iter() if "edge" in e.tag]  # noqa: S314
    assert len(set(ids)) == len(ids) == net.number_of_edges()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_stay_texts_in_graphml(text: str) -> None:
    net = nx.MultiDiGraph(title=text)
    net.add_edge("urn:a", "urn:b", key="urn:k", label=text, since="", until=text)
    net.nodes["urn:a"].update(label=text, kind=text)
    written = graphml(net)
    assert written.encode()
    back = nx.parse_graphml(written, force_multigraph=True)
    wanted = "".join(
        c if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff"
        else "\ufffd"
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )  # fmt: skip
    assert back.nodes["urn:a"]["label"] == wanted
    assert len(back.edges) == 1
