"""Ready views of the graph, each the links of one question, as a picture with its table.

A view is a question in `queries/` whose rows are links. The picture has no more nodes
than can be read, and says what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.diagrams import diagram, svg
from cspgraph.diagrams.diagram import Diagram, quoted
from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.overview import network
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import receipt_in_words, supposed, warning
from cspgraph.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cspgraph.questions.answer import Answer

__all__ = [
    "MAX_NODES",
    "VIEWS",
    "AreaDiagram",
    "HeldRole",
    "View",
    "ViewDiagram",
    "find",
]

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
class ViewDiagram(Diagram):
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
    def links(self) -> list[network.GraphEdge]:
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
            words = diagram.quoted(f"{told['kind']}: {told['label']}")
            lines.append(f'  {numbers[iri]}["{words}"]')
        for link in self.links:
            arrow = "-.->" if _doubtful(link) else "-->"
            words = diagram.quoted(link.told["label"])
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
        return [
            visible(line) for line in receipt_in_words(self.answer.receipt).splitlines()
        ]

    def _svg(self, description: str) -> str:
        numbers = {iri: number for number, iri in enumerate(self.things)}
        nodes = [svg.Node(t["label"], t["kind"]) for t in self.things.values()]
        lines: dict[tuple[int, int], svg.DrawnEdge] = {}
        for link in self.links:  # links between the same two things are one line
            ends = numbers[link.start], numbers[link.end]
            before = lines.get(ends, svg.DrawnEdge(*ends, ""))
            words = dict.fromkeys([*before.label.split("; "), link.told["label"]])
            label = "; ".join(filter(None, words))
            lines[ends] = svg.DrawnEdge(*ends, label, before.dashed or _doubtful(link))
        given = [t.value for terms in self.answer.parameters.values() for t in terms]
        place = "-".join([self.view.question, *given, str(self.answer.on)])
        name = re.sub("[^A-Za-z0-9]+", "-", place)
        return svg.graph(
            name, self.title, description, nodes, [*lines.values()], self._below()
        )


def _doubtful(link: network.GraphEdge) -> bool:
    return link.told.get("verification") in _IN_DOUBT


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{word}: {count}" for word, count in sorted(found.items()))


_HEADS = ("Body", "holds the role", "given by the law")
_TITLES = ("role", "body", "kind", "law", "checked", "where to read it")
_DOUBTED = {PREFIXES["verification"] + code for code in "BRS"}
_DASHED = (
    "Dashed lines and boxes: law that was not read itself (bounded, recalled, or from a "
    "secondary source), or a body that the register does not name; the words say which."
)


class HeldRole(NamedTuple):
    """That a body, or a kind whose body is not named, holds a role by a provision."""

    role: str
    body: str
    kind: str
    law: str
    checked: str
    address: str
    doubtful: bool

    @property
    def who(self) -> str:
        """The body, or the kind of body where the register names none."""
        return self.body or f"{self.kind} (body not in the register)"

    @property
    def by(self) -> str:
        """The provision, and how well it was checked where that leaves a doubt."""
        return f"{self.law} ({self.checked})" if self.doubtful else self.law

    def __str__(self) -> str:
        return f"{self.who} holds the role {self.role} by {self.law} ({self.checked})."


@dataclass(frozen=True, slots=True)
class AreaDiagram(Diagram):
    """Who holds which role in an area on a day; made by `KnowledgeGraph.draw`.

    `answer` is that of the question `role-holders`, `area` the area's name. Printed,
    it is Mermaid and table in Markdown; in a notebook, picture and table.
    """

    answer: Answer
    area: str

    @property
    def title(self) -> str:
        """What the picture shows, in one line."""
        day = f"on {self.answer.on:%-d %B %Y}" if self.answer.on else "as served"
        scenario = self.answer.receipt.get("scenario")
        assumed = f", in the scenario {scenario}, which is not law" if scenario else ""
        assumed += supposed(self.answer.receipt)
        return f"{self.area} {day}{assumed}: bodies, their roles and the law"

    @property
    def holdings(self) -> list[HeldRole]:
        """The rows of the picture: roles by the age of their law, then by provision."""
        names = [column.name for column in self.answer.columns]
        found = []
        for terms, words in zip(self.answer.terms, self.answer.words(), strict=True):
            said = dict(zip(names, words, strict=True))
            checked = dict(zip(names, terms, strict=True))["verification"]
            doubtful = checked is not None and checked.value in _DOUBTED
            cells = [said[n] for n in ("role", "body", "kind", "law", "verification")]
            found.append(HeldRole._make([*cells, said["law_url"], doubtful]))
        found = list(dict.fromkeys(found))  # the same in several areas is drawn once
        found.sort(key=lambda row: (_age(row.law), row.by, row.who))
        rank: dict[str, tuple[object, ...]] = {}
        for row in found:
            rank.setdefault(row.role, _age(row.law))
        size = {role: sum(row.role == role for row in found) for role in rank}
        return sorted(
            found, key=lambda row: (rank[row.role], -size[row.role], row.role)
        )

    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with every row in its description."""
        lines = self._mermaid_head("TB")
        dashed = []
        for number, (role, rows) in enumerate(self._roles(), 1):
            lines += [f'  subgraph r{number}["{quoted(role)}"]', "    direction LR"]
            laws: dict[str, str] = {}
            for place, row in enumerate(rows, 1):
                body, law = f"r{number}b{place}", laws.get(row.by, "")
                right = law or f"r{number}l{len(laws) + 1}"
                laws[row.by] = right
                box = right if law else f'{right}["{quoted(row.by)}"]'
                line = "-.-" if row.doubtful else "---"
                lines.append(f'    {body}["{quoted(row.who)}"] {line} {box}')
                dashed += [body] * (not row.body) + [right] * (row.doubtful and not law)
            lines.append("  end")
            if number > 1:  # an invisible link keeps the roles in their order
                lines.append(f"  r{number - 1} ~~~ r{number}")
        if dashed:
            lines.append("  classDef dashed stroke-dasharray: 6 4")
            lines.append(f"  class {','.join(dashed)} dashed")
        return "\n".join(lines) + "\n"

    def _roles(self) -> list[tuple[str, list[HeldRole]]]:
        found = groupby(self.holdings, key=lambda row: row.role)
        return [(role, list(rows)) for role, rows in found]

    def _table(self) -> tuple[Sequence[str], list[list[str]]]:
        return _TITLES, [
            [row.role, row.who, row.kind, row.law, row.checked, row.address]
            for row in self.holdings
        ]

    def _said(self) -> list[str]:
        """Return all that the picture shows, as sentences."""
        return [*self._above(), *map(str, self.holdings), *self._notes()]

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return warning(self.answer.receipt)

    def _notes(self) -> list[str]:
        rows = self.holdings
        dashed = any(row.doubtful or not row.body for row in rows)
        nobody = [] if rows else [f"No role is held in {self.area} on that day."]
        return [
            *nobody,
            *[_DASHED] * dashed,
            *receipt_in_words(self.answer.receipt).splitlines(),
        ]

    def _svg(self, description: str) -> str:
        (area,) = self.answer.parameters["area"]
        bands = [
            svg.Band(
                role,
                [svg.BandRow(r.who, r.by, not r.body, r.doubtful) for r in rows],
            )
            for role, rows in self._roles()
        ]
        name = re.sub("[^A-Za-z0-9]+", "-", f"area-{area.value[-9:]}-{self.answer.on}")
        return svg.svg(name, self.title, description, _HEADS, bands, self._notes())


def _age(law: str) -> tuple[int, tuple[str | int, ...]]:
    """Return a key that puts older law first, and section 5(1)(b) before section 17.

    >>> sorted(["PCSCA 2022 s.8", "CDA 1998 s.17", "CDA 1998 s.5(1)(b)"], key=_age)
    ['CDA 1998 s.5(1)(b)', 'CDA 1998 s.17', 'PCSCA 2022 s.8']
    """
    year = re.search(r"\b(\d{4})\b", law)
    parts = re.split(r"([0-9]+)", law)
    key = tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
    return (int(year[1]) if year else 9999, key)
