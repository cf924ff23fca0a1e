"""The graph people work with: load it, cut it to a day, ask it questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.engines import to_rdflib
from cspgraph.errors import ParameterError
from cspgraph.explained import Explained
from cspgraph.forms import taken
from cspgraph.inquiry.asking import ask_freely, day_of
from cspgraph.library import Library
from cspgraph.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import networkx as nx
    from pyoxigraph import Quad
    from rdflib import Graph

    from cspgraph.completeness.reports import Report
    from cspgraph.inquiry.asking import Given
    from cspgraph.law.comparisons import Comparison
    from cspgraph.overviews.pictures import Picture
    from cspgraph.overviews.summaries import Summary
    from cspgraph.overviews.views import Diagram
    from cspgraph.paperwork.briefs import Brief
    from cspgraph.recording.contradictions import Contradiction


__all__ = ["KnowledgeGraph", "load"]


class KnowledgeGraph(Explained):
    """Law, register, record and what follows from them, for all dates or one day.

    Made by `load`. Nothing is read from the network, and nothing that is asked
    changes the graph.
    """

    def draw(
        self,
        name: str = "",
        *,
        view: str = "area",
        nodes: int = 60,
        on: str | date | None = None,
        **given: Given,
    ) -> Picture | Diagram:
        """Return a picture that is SVG, Mermaid, GraphML, a page or a table, as asked.

        `view` is `area` for who holds which role in the area `name` and by which law,
        or one of `cspgraph.overviews.views.VIEWS`: `duties`, `priorities` or
        `decisions` of the area `name`, or `law`, of the instrument `name` or of all.
        A view draws at most so many `nodes`, and says what it left out; `given` are
        other parameters of its question. Raises `NameNotClearError` for a name that is not known on that day,
        and `ParameterError` for an unknown view.

        >>> print(load().draw("Dorset", on="2024-07-23").title)
        Dorset on 23 July 2024: bodies, their roles and the law
        >>> print(load().draw("Dorset", view="priorities", on="2024-07-23").title)
        Dorset on 23 July 2024: priorities and themes
        """
        if view == "area":
            from cspgraph.overviews.pictures import Picture

            answer = self.answer("role-holders", area=name, on=on, **given)
            (place,) = answer.parameters["area"]
            return Picture(answer, self._library.names.label(place.value))
        from cspgraph.overviews import views

        found = views.find(view)
        answer = self.answer(found.question, on=on, **{found.focus: name}, **given)
        about = answer.parameters.get(found.focus, ())
        subject = "; ".join(self._library.names.label(term.value) for term in about)
        return views.Diagram(answer, found, subject or "England and Wales", nodes)

    def summary(self, *, on: str | date | None = None) -> Summary:
        """Return what the register holds for England and Wales, and what is unusual.

        >>> [table.caption for table in load(areas=["Dorset"]).summary(on="2024-07-23").tables][:3]
        ['Areas', 'Bodies', 'Roles']
        """
        from cspgraph.overviews.summaries import summarise

        day, library = self._day(on), self._library
        engine = library.day(day, depth="roles")
        given = library.names, day, library.receipt(day)
        return summarise(lambda sparql: ask_freely(engine, sparql, *given))

    def claims(self, document: str, *, on: str | date | None = None) -> Comparison:
        """Return what `document` says of the law, held against the law of its day.

        Each statement has a verdict and the reason. Then come the duties of the
        publisher's area that the document does not mention, on its day or on the day
        `on`. Raises `NameNotClearError` for a document that is not known.

        >>> load().claims("dorset-2024-07-23").counts["no longer law"]
        2
        """
        from cspgraph.law import comparisons

        taken = self._library.shelf.claims_of
        return comparisons.compare(self.answer, document, on, taken)

    def brief(self, area: str, product: str, *, on: str | date | None = None) -> Brief:
        """Return the checklist for a report about the document `product` in `area`.

        It says who must adopt and on what basis, what the document must hold, who is to
        be consulted or sent it, to what regard must be had, how each duty stands on
        record, and a draft of the reason for the recommendation. Raises
        `NameNotClearError` for an area or a kind of document that is not known, and
        `ParameterError` for an area that stands for too many.

        >>> load().brief("Dorset", "csp-plan", on="2024-07-23").title
        'Brief: partnership plan, Dorset, 23 July 2024'
        """
        from cspgraph.paperwork.checklists import checklist

        return checklist(self.answer, self._library, area, product, self._day(on))

    def coverage(self) -> str:
        """Return, as Markdown, what the law layer holds and what it does not.

        >>> "## Not in, or open" in load().coverage()
        True
        """
        from cspgraph.law import coverage

        return coverage.page(self._library.law_alone)

    def validate(
        self,
        *,
        on: str | date | None = None,
        area: str | None = None,
        country: bool = False,
        shipped: bool = False,
    ) -> Report:
        """Return what a check finds: in the whole record, and in duties on a day.

        `area` keeps the findings about one area. Nothing of the graph is changed.
        Without an area, and where the graph is that of the country, the areas on
        record are looked at, and the report says how many were not; with `country`,
        all of them are. Where you put files of your own on top, what is found in them
        is reported, and the duties of the areas that they are about; with `shipped`,
        what is found in the shipped law, register and records as well. Raises
        `ParameterError` for an area and the country at once.
        """
        from cspgraph.completeness import checking

        if area and country:
            raise ParameterError("area: the country holds every area; leave one out")
        day, names = self._day(on), self._library.names
        place = names.find("area", area, "area", day).value if area else ""
        checked = self._library, day, place
        return checking.check(*checked, country=country, shipped=shipped)

    def contradictions(self) -> list[Contradiction]:
        """Return where two sources on record do not agree, with file and line of each.

        Neither is believed: duties that rest on such a thing stand as `sources differ`.

        >>> load().contradictions()
        []
        """
        return self._library.added.contradictions(self._library.names)

    def area(self, word: str, *, on: str | date | None = None) -> tuple[str, str]:
        """Return the name and the code of the area that `word` names on that day.

        Raises `NameNotClearError` for an area that is not known.

        >>> load().area("Ashford", on="2024-07-23")
        ('Ashford', 'E07000105')
        """
        place = self._library.area(word, self._day(on))
        return self._library.names.label(place), place.rpartition("/")[2]

    def network(
        self,
        view: str = "",
        *,
        area: str = "",
        on: str | date | None = None,
        **given: Given,
    ) -> nx.MultiDiGraph:
        """Return the graph for networkx: things as nodes, links as typed, dated edges.

        A node has a `label` and a `kind`; an edge has as key the address of the term
        behind it, and `label`, `since`, `since_by` and `until` as texts. With a `view`, one of
        `cspgraph.overviews.views.VIEWS`, these are the links of its question, all of
        them; with an `area` alone, what there is about it on the day.

        >>> net = load(on="2024-07-23").network("duties", area="Dorset")
        >>> sorted({kind for _, kind in net.nodes(data="kind")})
        ['Body', 'Duty template', 'Provision']
        """
        from cspgraph.overviews import network, views

        if view:
            asked = {"area": area} if area else {}
            question = views.find(view).question
            answer = self.answer(question, on=on, **asked, **given)
            return network.of_links(network.things(answer), network.links(answer))
        engine = self._engine() if on is None else self._library.day(self._day(on))
        if area:
            day = self._day(on)
            near = frozenset([self._library.area(area, day)])
            engine = self._library.day(day, near)
        return network.of_quads(engine.quads(), Names(engine))

    def to_rdflib(self) -> Graph:
        """Return the graph, for its day or all dates, as one rdflib `Graph`."""
        return to_rdflib(self._engine().quads())

    def quads(self) -> Iterator[Quad]:
        """Yield the graph, for its day or all dates, as pyoxigraph quads."""
        yield from self._engine().quads()


def load(
    *files: str | Path,
    on: str | date | None = None,
    areas: Sequence[str] = (),
    scenario: str = "",
    tell: Callable[[str], object] = str,
) -> KnowledgeGraph:
    """Return the shipped graph with your own `files` on top, cut to the day `on`.

    `files` are paths of Turtle or TriG files, of folders that hold them, or of filled
    forms: records, which say what documents say happened. Each stands in a graph of its own; what it
    says of the law or the register is left out, told and found by a check. `areas`,
    codes or names, keep the graph to these, those that lie in them and those that your
    own files name, which makes it quick and small; without, it is that of the country.
    A `scenario` switches on law that is not in force; every answer then says so.
    `tell`, such as `print`, is told of work that takes long before it begins. Raises
    `FileError` for a file that cannot be read or parsed, and `ParameterError` for a day
    that is not a date or an area that is not known.

    >>> load(on="2024-07-23", areas=["Dorset"])
    <cspgraph 0.1.0, on 23 July 2024, 1 area, engine pyoxigraph>
    """
    own = taken.own(files, tell)
    day = day_of("on", on) if on is not None else None
    library = Library((), scenario, tell, own)
    plain = (path for path in files if not taken.is_form(path))
    library.left_out = [name for path in plain for name in sources.left_out(path)]
    if areas:
        library.limit = frozenset(library.area(word, day) for word in areas)
    return KnowledgeGraph(library, day)
