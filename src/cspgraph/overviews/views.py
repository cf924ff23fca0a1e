"""Ready views of the graph, each the links of one question, as a picture with its table.

A view is a question in `queries/` whose rows are links. The picture has no more nodes
than can be read, and says what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.graphics import mermaid, sketch
from cspgraph.graphics.drawn import Drawn
from cspgraph.inert import visible
from cspgraph.overviews import network
from cspgraph.receipts import supposed, warning
from cspgraph.terminal import receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cspgraph.inquiry.answers import Answer

__all__ = ["MAX_NODES", "VIEWS", "Diagram", "View", "find"]

MAX_NODES = 60
_IN_DOUBT = {"bounded", "recalled", "secondary source"}
_DASHES = "Dashed lines: law that was not read itself; the table says which."


class View(NamedTuple):
    """A question whose rows are links, the parameter it is about, and its title."""

    question: str
    focus: str
    title: str


VIEWS = {
    "duties": View("bodies-and-duties", "area", "bodies, their duties and the law"),
    "law": View("law-and-amendments", "instrument", "law and what changed it"),
    "priorities": View("priorities-and-themes", "area", "priorities and themes"),
    "decisions": View("decision-path", "area", "the path of decisions"),
}


def find(name: str) -> View:
    """Return the view called `name`; raise `ParameterError` for an unknown name.

    >>> find("law").question
    'law-and-amendments'
    """
    if name not in VIEWS:
        hint = did_you_mean(name, VIEWS) or f"the views are {', '.join(VIEWS)}"
        raise ParameterError(f"view: {name!r} is not known; {hint}")
    return VIEWS[name]


@dataclass(frozen=True)
class Diagram(Drawn):
    """A view of the graph on a day; made by `KnowledgeGraph.draw`.

    `answer` is that of the view's question, `subject` what it is about, and `nodes`
    how many are drawn at most.
    Printed, it is Mermaid and table in Markdown; in a notebook, picture and table.
    """

    answer: Answer
    view: View
    subject: str
    nodes: int = MAX_NODES

    @property
    def title(self) -> str:
        """What the picture shows, in one line."""
        day = f" on {self.answer.on:%-d %B %Y}" if self.answer.on else ""
        scenario = self.answer.receipt.get("scenario")
        assumed = f", in the scenario {scenario}, which is not law" if scenario else ""
        assumed += supposed(self.answer.receipt)
        return visible(f"{self.subject}{day}{assumed}: {self.view.title}")

    @cached_property
    def things(self) -> dict[str, dict[str, str]]:
        """The nodes that are drawn: the ends of the first links, as many as there is room for."""
        kept: set[str] = set()
        for link in network.links(self.answer):
            if len(kept | {link.start, link.end}) <= self.nodes:
                kept |= {link.start, link.end}
        found = network.things(self.answer).items()
        return {iri: told for iri, told in found if iri in kept}

    @cached_property
    def links(self) -> list[network.Link]:
        """The links that are drawn: all between the nodes that are."""
        kept = self.things.keys()
        found = network.links(self.answer)
        return [link for link in found if {link.start, link.end} <= kept]

    @cached_property
    def left_out(self) -> str:
        """What is not drawn, by kind, in a sentence; empty where all is drawn."""
        things, links = network.things(self.answer), network.links(self.answer)
        if len(self.things) == len(things):
            return ""
        kinds = Counter(told["kind"] for told in things.values())
        kinds -= Counter(told["kind"] for told in self.things.values())
        labels = Counter(link.told["label"] for link in links)
        labels -= Counter(link.told["label"] for link in self.links)
        return (
            f"Left out to keep it readable: {sum(kinds.values())} of {len(things)} nodes "
            f"({_counted(kinds)}) and {sum(labels.values())} of {len(links)} links "
            f"({_counted(labels)}). --nodes (nodes=) draws more."
        )

    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with every link in its description."""
        lines = self._mermaid_head("LR")
        numbers = {iri: f"n{number}" for number, iri in enumerate(self.things, 1)}
        for iri, told in self.things.items():
            words = mermaid.quoted(f"{told['kind']}: {told['label']}")
            lines.append(f'  {numbers[iri]}["{words}"]')
        for link in self.links:
            arrow = "-.->" if _doubtful(link) else "-->"
            words = mermaid.quoted(link.told["label"])
            ends = numbers[link.start], numbers[link.end]
            lines.append(f'  {ends[0]} {arrow}|"{words}"| {ends[1]}')
        return "\n".join(lines) + "\n"

    def to_graphml(self) -> str:
        """Return what is drawn as GraphML, its title and what was left out with it."""
        drawn = network.of_links(self.things, self.links)
        drawn.graph.update(
            title=self.title,
            note=" ".join(filter(None, [self.warning, self.left_out, *self._rests()])),
        )
        return network.graphml(drawn)

    @property
    def forms(self) -> Mapping[str, Callable[[], str]]:
        """What to call for each ending of a file."""
        return {**super().forms, ".graphml": self.to_graphml}

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """Return titles and rows of the table; columns that are empty are left out."""
        rows = []
        for link in self.links:
            start, end = self.things[link.start], self.things[link.end]
            cells = {"from": start["label"], "kind": start["kind"]}
            cells |= {"link": link.told["label"], "to": end["label"]}
            cells |= {"kind of that": end["kind"]}
            rows.append(cells | {k: v for k, v in link.told.items() if k != "label"})
        titles = [t for t in (rows[0] if rows else {}) if any(r[t] for r in rows)]
        return titles, [[row[title] for title in titles] for row in rows]

    def _said(self) -> list[str]:
        """Return all that the picture shows, as sentences."""
        said = []
        for link in self.links:
            start, end = (self.things[iri]["label"] for iri in link[:2])
            rest = [f"{k} {v}" for k, v in link.told.items() if v and k != "label"]
            linked = f"{start}, {link.told['label']}: {end}"
            said.append(", ".join([linked, *rest]) + ".")
        return [*self._above(), *said, *self._notes()]

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return warning(self.answer.receipt)

    def _notes(self) -> list[str]:
        nothing = "Nothing is on record for this view on that day."
        notes = [] if self.links else [nothing]
        notes += [self.left_out] * bool(self.left_out)
        notes += [_DASHES] * any(map(_doubtful, self.links))
        return [*notes, *self._rests()]

    def _rests(self) -> list[str]:
        return [visible(line) for line in receipt(self.answer).splitlines()]

    def _svg(self, description: str) -> str:
        numbers = {iri: number for number, iri in enumerate(self.things)}
        nodes = [sketch.Node(t["label"], t["kind"]) for t in self.things.values()]
        lines: dict[tuple[int, int], sketch.Line] = {}
        for link in self.links:  # links between the same two things are one line
            ends = numbers[link.start], numbers[link.end]
            before = lines.get(ends, sketch.Line(*ends, ""))
            words = dict.fromkeys([*before.label.split("; "), link.told["label"]])
            label = "; ".join(filter(None, words))
            lines[ends] = sketch.Line(*ends, label, before.dashed or _doubtful(link))
        given = [t.value for terms in self.answer.parameters.values() for t in terms]
        place = "-".join([self.view.question, *given, str(self.answer.on)])
        name = re.sub("[^A-Za-z0-9]+", "-", place)
        return sketch.draw(
            name, self.title, description, nodes, [*lines.values()], self._below()
        )


def _doubtful(link: network.Link) -> bool:
    return link.told.get("verification") in _IN_DOUBT


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{word}: {count}" for word, count in sorted(found.items()))
