"""The graph people work with: load it, cut it to a day, ask it questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from typing import Literal as Only

from pyoxigraph import Literal

from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import (
    areas_of,
    ask,
    ask_freely,
    asked_beside,
    construct,
    dates,
    day_of,
    terms,
)
from cspgraph.questions.doubts import READ_BEFORE
from cspgraph.questions.query_file import find
from cspgraph.rdf.engines import Oxigraph, to_rdflib
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.spellings import end
from cspgraph.register.spread import MOST_AREAS
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import networkx as nx
    from pyoxigraph import Quad
    from rdflib import Graph

    from cspgraph.brief.brief import Brief
    from cspgraph.claims import Comparison
    from cspgraph.derive.deadlines import Deadline
    from cspgraph.explain.explanation import Explanation
    from cspgraph.explain.why_not import WhyNot
    from cspgraph.overview.summary import Summary
    from cspgraph.overview.views import AreaDiagram, ViewDiagram
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.areas import Rounds
    from cspgraph.questions.ask import Given, Term
    from cspgraph.questions.query_file import Query
    from cspgraph.questions.triples import Triples
    from cspgraph.rdf.files import Source
    from cspgraph.receipt import Receipt
    from cspgraph.records.conflicts import Conflict
    from cspgraph.report.findings import Finding
    from cspgraph.report.report import Report

__all__ = ["KnowledgeGraph", "NamedThing", "load"]


@dataclass(frozen=True, slots=True)
class NamedThing:
    """What a word may name: name, code, kind, address, and whether it is there that day."""

    name: str
    code: str
    kind: str
    iri: str
    there: bool


class KnowledgeGraph:
    """Law, register, record and what follows from them, for all dates or one day.

    Made by `load`. Nothing is read from the network, and nothing that is asked
    changes the graph.
    """

    def __init__(
        self,
        dataset: Dataset,
        on: date | None = None,
        together: frozenset[str] = frozenset(),
    ) -> None:
        self._dataset = dataset
        self.on = on
        self._together = together

    def __repr__(self) -> str:
        day = f"on {self.on:%-d %B %Y}" if self.on else "all dates"
        count = len(self._dataset.limit or ())
        areas = f", {count} area{'s' * (count > 1)}" if count else ""
        return f"<cspgraph {__version__}, {day}{areas}, engine {Oxigraph.name}>"

    def _repr_html_(self) -> str:
        from cspgraph.receipt import reach
        from cspgraph.render import html

        shown = [
            repr(self)[1:-1].replace("cspgraph", "A cspgraph graph, version", 1) + "."
        ]
        shown += [
            "Ask it: kg.answer(NAME, area=...), kg.find(TEXT), kg.validate(area=...)."
        ]
        shown.append(reach(self.receipt))
        return html.fragment(map(html.paragraph, shown))

    def at(self, day: str | date) -> Self:
        """Return the same graph as it stands on `day`, a date or text like 2024-07-23.

        >>> from cspgraph import load
        >>> load().at("2024-07-23").on
        datetime.date(2024, 7, 23)
        """
        return type(self)(self._dataset, day_of("on", day))

    def together(self, areas: Iterable[str]) -> Self:
        """Return the same graph for many questions about these `areas`, names or codes.

        What they need is derived once for all of them, and each question about one of
        them is asked of that. The answers are the same; one without rows does not look
        for what other days would give. The graph must have a day.

        >>> from cspgraph import load
        >>> few = load(on="2024-07-23").together(["Dorset", "Ashford"])
        >>> len(few.answer("responsible-authorities", area="Dorset"))
        5
        """
        day, query = self._day(None), find("standing")
        near: set[str] = set()
        for area in areas:
            names = self._dataset.labels
            bound = terms(query, {"area": area}, names, day)
            reached = rounds(query, bound, self._dataset.register, names, day)
            near |= reached.areas or frozenset()
        return type(self)(self._dataset, day, frozenset(near))

    @property
    def facts(self) -> Oxigraph:
        """What the files say for all dates, with nothing derived.

        >>> from cspgraph import load
        >>> any("section/6/1/c" in str(quad.subject) for quad in load().facts.quads())
        True
        """
        return self._dataset.all_dates

    def history(self, area: str) -> Oxigraph:
        """Return everything about the area with this code, on all dates, as derived.

        >>> from cspgraph import load
        >>> len(load().history("E06000059").store) > 1000
        True
        """
        return self._dataset.history(self._dataset.area(area, self.on))

    def answer(
        self, name: str, *, on: str | date | None = None, **given: Given
    ) -> Answer:
        """Return the answer to the shipped question `name` on the day `on`.

        Things may be named by code, short IRI, label or alias. Without a day the
        graph's own day counts, and without that, today. A question about changes
        is asked of the graph for all dates; the day then serves the names alone,
        and the answer says so. Raises
        `UnknownQueryError`, and `ParameterError` for what is missing or unclear.

        >>> from cspgraph import load
        >>> dorset = load(on="2024-07-23").answer("responsible-authorities", area="Dorset")
        >>> "Dorset Council" in {row["body"] for row in dorset.to_frame().to_dict("records")}
        True
        """
        query, day = find(name), self._day(on)
        names = self._dataset.labels
        bound = terms(query, given, names, day)
        if query.all_dates:
            engine, later = self._dataset.all_dates, dates(bound)
            later += [day] if on is not None or not later else []
            receipt = self._dataset.receipt(None, later=later, areas=areas_of(bound))
            return ask(engine, query, bound, names, None, receipt)
        reached = rounds(query, bound, self._dataset.register, names, day)
        areas = self._scope(query, bound, reached)
        shared = bool(self._together) and areas is self._together
        about = (reached.areas if shared else areas) or ()
        receipt = self._dataset.receipt(day, later=dates(bound), areas=about)
        if shared:
            engine = self._dataset.day(day, areas)
            return ask(engine, query, bound, names, day, receipt, reached)
        engine = self._day_of(query, bound, day, areas)

        def ever() -> Oxigraph:
            return self._dataset.read_near(areas or ())

        def silent() -> Oxigraph:
            return self._day_of(query, bound, day, areas, silent=True)

        def then(other: date) -> bool:
            return self._has_rows(query, bound, other)

        return ask(
            engine, query, bound, names, day, receipt, reached, ever, then, silent
        )

    def _day_of(
        self,
        query: Query,
        bound: Mapping[str, Sequence[Term]],
        day: date,
        areas: frozenset[str] | None,
        *,
        silent: bool = False,
    ) -> Oxigraph:
        """Return the graph of a day as far as `query` needs it.

        Where the answer is empty, and so `silent`, as far as its reasons need it too.
        """
        texts = asked_beside(query, bound, silent=silent)
        wanted = self._dataset.needed(query.body, *texts)
        if query.graph == "record" and not areas:
            wanted &= rules.up_to("register")  # records are asked, not areas
        return self._dataset.day(day, areas, wanted, law_alone=query.graph == "law")

    def over(
        self,
        name: str,
        *,
        areas: Sequence[str] = (),
        days: Sequence[str | date],
        backend: Only["pandas", "polars"] = "pandas",
        **given: Given,
    ) -> Any:
        """Return a question asked of `areas` on several `days` as one frame, for panels.

        It has a column for the day and one for the area, and is derived once for all
        days. An area that is not there on a day has no rows on it, and the frame's
        `attrs["receipt"]["area"]` says so. It is `panel`, as a frame of pandas or
        polars. Raises what `answer` raises.

        >>> from cspgraph import load
        >>> days = ["2022-06-30", "2022-07-01"]
        >>> frame = load().over("responsible-authorities", areas=["Dorset"], days=days)
        >>> sorted(frame.groupby("asked_on").size())
        [5, 5]
        """
        return self.panel(name, areas=areas, days=days, **given).to_frame(backend)

    def panel(
        self,
        name: str,
        *,
        areas: Sequence[str] = (),
        days: Sequence[str | date],
        **given: Given,
    ) -> Answer:
        """Return a question asked of `areas` on several `days` as one `Answer`.

        Raises what `answer` raises, and `ParameterError` where there is no day, or the
        question is about changes and has days of its own.
        """
        from cspgraph.questions.panel import joined

        query = find(name)
        when = list(dict.fromkeys(self._day(day) for day in days))
        if query.all_dates or not when:
            said = f"{name!r} is asked of all dates" if when else "there is none"
            raise ParameterError(f"days: {said}; give the days that it takes")
        left_out: list[str] = []
        asked: dict[date, dict[str, Given]] = {}
        scopes: dict[tuple[frozenset[str], frozenset[str]], list[date]] = {}
        for day in when:
            there = [a for a in areas if self._there(a, day, left_out)]
            if areas and not there:
                continue
            asked[day] = {**given, **({"area": there} if there else {})}
            bound = terms(query, asked[day], self._dataset.labels, day)
            reached = rounds(
                query, bound, self._dataset.register, self._dataset.labels, day
            )
            if near := self._scope(query, bound, reached):
                texts = asked_beside(query, bound, silent=False)
                wanted = self._dataset.needed(query.body, *texts)
                scopes.setdefault((near, wanted), []).append(day)
        for (near, wanted), those in scopes.items():
            self._dataset.derive_days(those, near, wanted)
        if not asked:
            raise ParameterError(f"areas: {'; '.join(left_out)}; choose other days")
        found = [self.answer(name, on=day, **of) for day, of in asked.items()]
        return joined(found, left_out)

    def _there(self, area: str, day: date, left_out: list[str]) -> bool:
        """Return whether an area is there on a day; if not, add to what was `left_out`."""
        names = self._dataset.labels
        try:
            names.find("area", area, "area", day)
        except NameNotClearError:
            thing = names.known("area", area, "area", day).value
            left_out.append(f"{names.named(thing)} is not there on {day}")
            return False
        return True

    def find(
        self, text: str, *, kind: str = "", on: str | date | None = None
    ) -> Answer:
        """Return what has `text` in its name: areas, bodies, roles, duties and kinds.

        With a `kind`, such as body, only that; with a day, only what is in effect on
        it. Documents are looked through where nothing else fits. Raises
        `ParameterError` for a kind that is not known.

        >>> from cspgraph import load
        >>> [row["code"] for row in load().find("Weymouth", kind="area")]
        ['E07000053']
        """
        from cspgraph.questions import finding

        day = day_of("on", on) if on is not None else self.on
        names, receipt = self._dataset.labels, self._dataset.receipt(day)
        return finding.find(names, text, kind, day, receipt)

    def due_between(
        self, since: str | date, until: str | date, *, area: str = "", body: str = ""
    ) -> Answer:
        """Return which duties fall due from the day `since` to the day `until`.

        That is in `area`, for `body` wherever it serves, or for the body in the area.
        Duties that run from events have no day; the sentence counts them. Raises
        `ParameterError` for days in the wrong order, and where neither is given.

        >>> from cspgraph import load
        >>> found = load().due_between("2025-03-31", "2025-03-31", area="Dorset")
        >>> "SI 2007/1830 reg.10(2)" in {row["law"] for row in found}
        True
        """
        from cspgraph.explain import due_days

        first, last = day_of("from", since), day_of("to", until)
        return due_days.due_between(self._dataset, first, last, area, body)

    def breadth(
        self, name: str, *, on: str | date | None = None, **given: Given
    ) -> int | None:
        """Return how many areas `answer` would look at; None for the country.

        It works nothing out, and raises as `answer` does for what is missing or unclear.

        >>> from cspgraph import load
        >>> load().breadth("who-must-adopt", area="Dorset", on="2024-07-23")
        1
        """
        query, day = find(name), self._day(on)
        bound = terms(query, given, self._dataset.labels, day)
        by_body = query.of_body and bool(bound.get("body"))
        query.bind({"area": [Literal("")], **bound} if by_body else bound)
        if query.all_dates:
            return self._dataset.limit and len(self._dataset.limit)
        names, register = self._dataset.labels, self._dataset.register
        reached = rounds(query, bound, register, names, day)
        areas = self._scope(query, bound, reached)
        near = self._dataset.limit if areas is None else areas
        return None if near is None else len(near)

    def _has_rows(
        self, query: Query, given: Mapping[str, Sequence[Term]], day: date
    ) -> bool:
        """Return whether the question has rows on another `day`; no for too many areas."""
        names = self._dataset.labels
        written = {
            name: [term.value for term in terms] for name, terms in given.items()
        }
        try:
            bound = terms(query, written, names, day)
            reached = rounds(query, bound, self._dataset.register, names, day)
        except ParameterError:  # such as an area that is not there on that day
            return False
        areas = self._scope(query, bound, reached)
        near = self._dataset.limit if areas is None else areas
        if near is None or len(near) > MOST_AREAS:
            return False
        engine = self._day_of(query, bound, day, areas)
        return bool(len(ask(engine, query, bound, names, day, {}, reached)))

    def select(self, sparql: str) -> Answer:
        """Return the answer to free SPARQL, a SELECT or ASK, on the graph's day.

        For your own questions in your own process; it has no time limit. What
        strangers write belongs in `cspgraph.sandbox`. Without a day the graph for
        all dates is asked.

        >>> from cspgraph import load
        >>> counted = load(areas=["Dorset"]).select("SELECT (1 AS ?one) WHERE {}")
        >>> next(iter(counted))
        {'one': 1}
        """
        receipt = self._dataset.receipt(self.on)
        return ask_freely(
            self._engine(sparql), sparql, self._dataset.labels, self.on, receipt
        )

    def construct(self, sparql: str) -> Triples:
        """Return the statements of a CONSTRUCT or DESCRIBE, on the graph's day.

        It is `select` for questions that build a graph: the same gate, no time limit, and
        without a day the graph for all dates. Raises `QueryError` for a SELECT or ASK,
        and for bad SPARQL.

        >>> from cspgraph import load
        >>> made = load(areas=["Dorset"]).construct("DESCRIBE gss:E06000059")
        >>> made.to("turtle").startswith("@prefix gss: ")
        True
        """
        receipt = self._dataset.receipt(self.on)
        labels = self._dataset.labels
        return construct(self._engine(sparql), sparql, labels, self.on, receipt)

    @property
    def receipt(self) -> Receipt:
        """What the graph says of itself: version, day, digests, and how far it reaches."""
        return self._dataset.receipt(self.on)

    def _scope(
        self, query: Query, bound: Mapping[str, Sequence[Term]], reached: Rounds
    ) -> frozenset[str] | None:
        """Return the areas that a question needs, None for all."""
        if query.graph == "law":
            return frozenset()
        if self._together and reached.areas and reached.areas <= self._together:
            return self._together
        if query.graph == "record":
            documents = [t.value for t in bound.get("document", ())]
            about = frozenset().union(*map(self._dataset.scope_of, documents))
            return about or reached.areas or self._dataset.limit or frozenset()
        bodies = [p.name for p in query.parameters if p.kind == "body"]
        if reached.areas is not None:
            return reached.areas
        if bodies and bound.keys() >= set(bodies) and self._dataset.limit is None:
            given = [term.value for name in bodies for term in bound[name]]
            return frozenset().union(*map(self._dataset.scope_of, given))
        return None

    def _engine(self, *texts: str) -> Oxigraph:
        """Return the graph of the day, as far as the queries `texts` need it, if any."""
        if not self.on:
            return self._dataset.timeline
        near = self._together or None
        if not texts:
            return self._dataset.day(self.on, near)
        wanted = self._dataset.needed(*texts, READ_BEFORE)
        return self._dataset.day(self.on, near, wanted)

    def _day(self, on: str | date | None) -> date:
        if on is not None:
            return day_of("on", on)
        return self.on or datetime.now(UTC).date()

    def why(
        self,
        thing: str | Finding,
        *,
        on: str | date | None = None,
        area: str | None = None,
    ) -> Explanation:
        """Return the chains from `thing` up to the law and down to the record.

        `thing` is the name, the short or the full IRI of a duty, body, role holding,
        version, strategy, decision, source document or provision, or a finding of
        `validate`, asked on the day of that check. `area` keeps to one area, which a
        body that serves the whole country needs. Raises `NameNotClearError` when it
        is not known on that day, and `ParameterError` when it concerns too many areas
        or is a thing, such as an area, that nothing stands behind.

        >>> from cspgraph import load
        >>> why = load(areas=["Dorset"]).why("dorset-council", on="2024-07-23")
        >>> next(step for step in why[0].steps if step.relation == "by").verification
        'read'
        """
        from cspgraph.explain import why

        return why.why(self._dataset, thing, self._day(on), area)

    def why_row(self, answer: Answer, number: int) -> Explanation:
        """Return the chains behind the row of `answer` with this `number`, counted from 0.

        They start at the duties, roles, documents and decisions that the row names; else
        at those of its body that rest on the provision it cites; else at the provision.
        Raises `ParameterError` for a row that is not there or has no law behind it.

        >>> from cspgraph import load
        >>> kg = load(on="2024-07-23", areas=["Dorset"])
        >>> answer = kg.answer("responsible-authorities", area="Dorset")
        >>> print(kg.why_row(answer, 4)[0].steps[1])
        as responsible authority in Dorset, since 2022-07-01
        """
        from cspgraph.explain import why

        day = answer.on or self._day(None)
        return why.why_row(self._dataset, answer, number, day)

    def why_not(
        self, body: str, asked: str, area: str, *, on: str | date | None = None
    ) -> WhyNot:
        """Return why `body` has no duty about `asked` in `area`: the first condition that fails.

        `asked` is a kind of document or outcome, a duty template, or a role, such as
        responsible authority. When the body has it, the answer says so and, of a duty,
        how it stands. Bodies and areas are known by
        name or code, whether or not they existed that day. Raises
        `NameNotClearError` for a name that fits nothing, or several things.

        >>> from cspgraph import load
        >>> kg = load(on="2022-06-30", areas=["Dorset"])
        >>> kg.why_not("Dorset Council", "pcsc22-publish", "Dorset").condition.name
        'days of the duty'
        """
        from cspgraph.explain import why_not

        day = self._day(on)
        return why_not.why_not(self._dataset, body, asked, area, day)

    def what_changed(
        self,
        area: str,
        since: str | date | None = None,
        until: str | date | None = None,
        *,
        on: str | date | None = None,
    ) -> Answer:
        """Return what changed in `area` after the day `since` and up to the day `until`.

        Or what changed `on` one day. What came in the place of an area that ended is
        looked at too. A row for each area, role, duty and document gained or lost and for each duty that
        stands otherwise, with its day and its cause. Raises `ParameterError` for a day
        that is none and for days in the wrong order.

        >>> from cspgraph import load
        >>> changed = load().what_changed("Dorset", "2022-06-30", "2022-07-01")
        >>> sorted({row["change"] for row in changed if row["kind"] == "role"})
        ['gained', 'lost']
        """
        from cspgraph.explain import changes

        if on is not None and since is None and until is None:
            until = day_of("on", on)
            since = until - timedelta(days=1)
        if since is None or until is None:
            raise ParameterError("on: give one day, or one from and one to")
        first, last = day_of("from", since), day_of("to", until)
        return changes.what_changed(self._dataset, area, first, last)

    def due(self, duty: str, start: str | date) -> Deadline:
        """Return the day by which `duty` falls due, looked at from `start`.

        `duty` names a duty template, such as `cdos09-respond-28-days`; `start` is
        the day of the event that the rule counts from, or the day from which the
        next due day is wanted. The template must be in force on that day; else
        `ParameterError` says from which day it is.

        >>> from cspgraph import load
        >>> load().due("si07-revise-partnership-plan.england", "2024-07-23").day
        datetime.date(2025, 3, 31)
        """
        from cspgraph.derive import deadlines

        day = day_of("start", start)
        names = self._dataset.labels
        template = names.known("duty", duty, "duty", day)
        store = self._dataset.law_alone.store
        deadlines.refuse_early(store, template, day, names)
        template = names.find("duty", duty, "duty", day)
        found = deadlines.due(store, template, day, names)
        return replace(found, receipt=self._dataset.receipt(day))

    def draw(
        self,
        name: str = "",
        *,
        view: str = "area",
        nodes: int = 60,
        on: str | date | None = None,
        **given: Given,
    ) -> AreaDiagram | ViewDiagram:
        """Return a picture that is SVG, Mermaid, GraphML, a page or a table, as asked.

        `view` is `area` for who holds which role in the area `name` and by which law,
        or one of `cspgraph.overview.views.VIEWS`: `duties`, `priorities` or
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
            from cspgraph.overview.views import AreaDiagram

            answer = self.answer("role-holders", area=name, on=on, **given)
            (place,) = answer.parameters["area"]
            return AreaDiagram(answer, self._dataset.labels.label(place.value))
        from cspgraph.overview import views

        found = views.find(view)
        answer = self.answer(found.question, on=on, **{found.focus: name}, **given)
        about = answer.parameters.get(found.focus, ())
        subject = "; ".join(self._dataset.labels.label(term.value) for term in about)
        return views.ViewDiagram(answer, found, subject or "England and Wales", nodes)

    def summary(self, *, on: str | date | None = None) -> Summary:
        """Return what the register holds for England and Wales, and what is unusual.

        >>> [table.caption for table in load(areas=["Dorset"]).summary(on="2024-07-23").tables][:3]
        ['Areas', 'Bodies', 'Roles']
        """
        from cspgraph.overview.summary import summarise

        day, dataset = self._day(on), self._dataset
        given = dataset.labels, day, dataset.receipt(day)

        def counted(sparql: str) -> Answer:
            return ask_freely(dataset.day(day, depth="roles"), sparql, *given)

        return summarise(counted)

    def claims(self, document: str, *, on: str | date | None = None) -> Comparison:
        """Return what `document` says of the law, held against the law of its day.

        Each statement has a verdict and the reason. Then come the duties of the
        publisher's area that the document does not mention, on its day or on the day
        `on`. Raises `NameNotClearError` for a document that is not known.

        >>> load().claims("dorset-2024-07-23").counts["no longer law"]
        2
        """
        from cspgraph import claims

        taken = self._dataset.record_index.claims_of
        return claims.compare(self.answer, document, on, taken)

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
        from cspgraph.brief.checklist import checklist

        dataset = self._dataset
        return checklist(
            self.answer, dataset.register, dataset.labels, area, product, self._day(on)
        )

    def coverage(self) -> str:
        """Return, as Markdown, what the law layer holds and what it does not.

        >>> "## Not in, or open" in load().coverage()
        True
        """
        from cspgraph.overview import coverage

        return coverage.page(self._dataset.law_alone)

    def validate(
        self,
        *,
        on: str | date | None = None,
        area: str | None = None,
        country: bool = False,
        shipped: bool = False,
        shapes: Sequence[str | Path] = (),
    ) -> Report:
        """Return what a check finds: in the whole record, and in duties on a day.

        `area` keeps the findings about one area. Nothing of the graph is changed.
        Without an area, and where the graph is that of the country, the areas on
        record are looked at, and the report says how many were not; with `country`,
        all of them are. Where you put files of your own on top, what is found in them
        is reported, and the duties of the areas that they are about; with `shipped`,
        what is found in the shipped law, register and records as well. Files of your own
        `shapes` look at the graph of the day, and what they find is always reported.
        Raises `ParameterError` for an area and the country at once, and
        `ShapeFileError` for shapes that cannot be used.
        """
        from cspgraph.validate.shapes import check

        if area and country:
            raise ParameterError("area: the country holds every area; leave one out")
        day, names = self._day(on), self._dataset.labels
        place = names.find("area", area, "area", day).value if area else ""
        checked = self._dataset, day, place
        return check(*checked, country=country, shipped=shipped, asked_shapes=shapes)

    def contradictions(self) -> list[Conflict]:
        """Return where two sources on record do not agree, with file and line of each.

        Neither is believed: duties that rest on such a thing stand as `sources differ`.

        >>> load().contradictions()
        []
        """
        return self._dataset.added.contradictions(self._dataset.labels)

    def area(self, word: str, *, on: str | date | None = None) -> tuple[str, str]:
        """Return the name and the code of the area that `word` names on that day.

        Raises `NameNotClearError` for an area that is not known.

        >>> load().area("Ashford", on="2024-07-23")
        ('Ashford', 'E07000105')
        """
        place = self._dataset.area(word, self._day(on))
        return self._dataset.labels.label(place), place.rpartition("/")[2]

    def matches(
        self,
        text: str,
        kind: str = "",
        *,
        on: str | date | None = None,
    ) -> list[NamedThing]:
        """Return what `text`, the beginnings of words, may name, best first.

        `kind` keeps to `area`, `body`, `document`, `duty`, `instrument`, `product` or
        another of `cspgraph.questions.query_file.KINDS` that names things. What is not
        there on the day says so.

        >>> from cspgraph import load
        >>> [(one.name, one.code) for one in load().matches("dors", "area", on="2024-07-23")][0]
        ('Dorset', 'E06000059')
        """
        day, labels = self._day(on), self._dataset.labels
        return [
            NamedThing(
                labels.label(thing),
                end(thing),
                labels.kind_of(thing),
                thing,
                labels.there(thing, day),
            )
            for thing in labels.fitting(text, kind, day)
        ]

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
        `cspgraph.overview.views.VIEWS`, these are the links of its question, all of
        them; with an `area` alone, what there is about it on the day.

        >>> net = load(on="2024-07-23").network("duties", area="Dorset")
        >>> sorted({kind for _, kind in net.nodes(data="kind")})
        ['Body', 'Duty template', 'Provision']
        """
        from cspgraph.overview import network, views

        if view:
            asked = {"area": area} if area else {}
            question = views.find(view).question
            answer = self.answer(question, on=on, **asked, **given)
            return network.of_links(network.things(answer), network.links(answer))
        if area:
            day = self._day(on)
            near = frozenset([self._dataset.area(area, day)])
            engine = self._dataset.day(day, near)
        else:
            if self._dataset.limit is None:
                self._dataset.warn_of_country(list(views.VIEWS))
            engine = self._engine() if on is None else self._dataset.day(self._day(on))
        return network.of_quads(engine.quads(), Labels(engine))

    def to_rdflib(self) -> Graph:
        """Return the graph, for its day or all dates, as one rdflib `Graph`."""
        return to_rdflib(self._engine().quads())

    def quads(self) -> Iterator[Quad]:
        """Yield the graph, for its day or all dates, as pyoxigraph quads."""
        yield from self._engine().quads()

    def described(
        self, *, aligned: bool = False, queries: bool = False
    ) -> Iterator[Quad]:
        """Yield the graph, and what it says of itself, as `build` writes it.

        Everything has a label and a class then, and each named graph a licence; with
        `aligned` the same stands there in terms of other vocabularies too, where they
        stay true. With `queries` it speaks of the graph of questions as well.

        >>> words = {quad.predicate.value for quad in load(areas=["Dorset"], on="2024-07-23").described()}
        >>> "http://purl.org/dc/terms/license" in words
        True
        """
        from cspgraph.describe import whole

        yield from whole.described(
            self._engine(), self._dataset, self.on, aligned=aligned, queries=queries
        )

    def underived(self) -> tuple[list[Quad], str]:
        """Return what the files say, and the SPARQL Update script that derives the rest.

        The script gives, in any engine that holds the statements, what `quads` yields.

        >>> quads, script = load(areas=["Dorset"], on="2024-07-23").underived()
        >>> script.count("INSERT {") > 50
        True
        """
        from cspgraph.describe import update

        engine = self._dataset.told(self.on)
        quads = list(engine.quads())
        return quads, update.script(engine, self.on)


def load(
    *files: str | Path | Source,
    on: str | date | None = None,
    areas: Sequence[str] = (),
    scenario: str = "",
    tell: Callable[[str], object] = str,
    cache: bool = True,
    drafts: bool = False,
) -> KnowledgeGraph:
    """Return the shipped graph with your own `files` on top, cut to the day `on`.

    `files` are paths of Turtle or TriG files, of folders that hold them, or of filled
    forms: records, which say what documents say happened. Each stands in a graph of its own; what it
    says of the law or the register is left out, told and found by a check. `areas`,
    codes or names, keep the graph to these, those that lie in them and those that your
    own files name, which makes it quick and small; without, it is that of the country.
    A `scenario` switches on law that is not in force; every answer then says so.
    Drafts that nobody has confirmed are left out and told, unless `drafts` is given.
    `tell`, such as `print`, is told of work that takes long before it begins. What took
    long is kept on disk for the next time, unless `cache` is false. Raises
    `FileError` for a file that cannot be read or parsed, and `ParameterError` for a day
    that is not a date or an area that is not known.

    >>> load(on="2024-07-23", areas=["Dorset"])
    <cspgraph 0.1.0, on 23 July 2024, 1 area, engine pyoxigraph>
    """
    own: list[Source] = []
    left_out: list[str] = []
    if files:
        from cspgraph import user_files
        from cspgraph.drafts import sources

        paths, taken, kept_out = sources.apart(files, tell, drafts=drafts)
        own = [*user_files.read(paths, tell), *taken]
        left_out = [*user_files.left_out(paths), *kept_out]
    day = day_of("on", on) if on is not None else None
    from cspgraph.cache import from_environment

    on_disk = from_environment() if cache else None
    dataset = Dataset(
        (), scenario, tell, own, left_out, areas, day, on_disk, drafts=drafts
    )
    return KnowledgeGraph(dataset, day)
