"""The eight tools: what each is called, takes and gives."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from cspgraph.assistant.replies import bounded, reply, rows_of
from cspgraph.errors import CspgraphError, ParameterError
from cspgraph.explain.changes import brief as told_briefly
from cspgraph.questions.query_file import find
from cspgraph.questions.triples import Triples

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cspgraph.desk import Desk
    from cspgraph.graph import KnowledgeGraph

__all__ = ["MOST_FOUND", "Tools"]

MOST_FOUND = 20
_PAGE = ("who-must-adopt", "responsible-authorities", "plan-dates", "standing")
_SENTENCES = "decision-trail"

On = Annotated[str, Field(description="Day, such as 2024-07-23; today if empty.")]
Area = Annotated[str, Field(description="Name or code of the area.")]
Rows = Annotated[int, Field(ge=1, le=1000, description="Most rows shown.")]


class Tools:
    """The tools over one desk. Each gives text, and raises `CspgraphError` in words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def all(self) -> list[Callable[..., str]]:
        """The tools in the order in which they are listed."""
        return [
            *(self.find, self.area, self.ask, self.why),
            *(self.why_not, self.changes, self.brief, self.sparql),
        ]

    def find(
        self,
        text: Annotated[str, Field(description="Beginnings of words of a name.")],
        kind: Annotated[
            str,
            Field(
                description="area, body, document, duty, instrument, role, subject..."
            ),
        ] = "",
        on: On = "",
    ) -> str:
        """Return names and codes that a text may mean: areas, bodies, duties, law, documents."""
        day = self._day(on)

        def work(graph: KnowledgeGraph) -> str:
            found = graph.matches(text, kind, on=day)
            lines = [
                f"- {one.name} ({one.kind}, {one.code})"
                + ("" if one.there else f"; not there on {day}")
                for one in found[:MOST_FOUND]
            ]
            said = lines or ["Nothing known here has such a name; try fewer letters."]
            if len(found) > MOST_FOUND:
                said.append(f"Cut: {MOST_FOUND} of {len(found)} are shown.")
            return reply(day, ["\n".join(said)], graph.at(day).receipt)

        return self._desk.near(work)

    def area(self, area: Area, on: On = "") -> str:
        """Tell of an area: who decides on adoption, who is responsible, dates, how sure.

        How duties stand and what is on record are told too.
        """
        day = self._day(on)
        answers = [
            self._desk.answer(name, {"area": area}, day.isoformat()) for name in _PAGE
        ]
        trail = self._desk.answer(_SENTENCES, {"area": area}, day.isoformat())
        said = [f"{answer.question}\n{answer.sentence()}" for answer in answers]
        said.append(f"{trail.question}\n{trail.sentence()}")
        listed = [line for one in answers[1:3] for line in rows_of(one, 20)]
        doubts = [str(a.receipt["doubt"]) for a in answers if "doubt" in a.receipt]
        return reply(day, [*said, *listed], answers[0].receipt, "; ".join(doubts))

    def ask(
        self,
        question: Annotated[
            str, Field(description="Name; cspgraph://questions lists.")
        ],
        parameters: Annotated[
            dict[str, str | list[str]] | None,
            Field(description="Such as {'area': 'Dorset'}."),
        ] = None,
        on: On = "",
        rows: Rows = 50,
    ) -> str:
        """Answer a shipped question: its sentence and its rows, each with its provision.

        Use who-must-adopt for who decides, standing for what is on record.
        """
        given = {k: v for k, v in (parameters or {}).items() if k != "on"}
        stated = (parameters or {}).get("on", "")
        if stated and on:
            raise ParameterError("on: it is given twice; give it once")
        wanted = on or (stated if isinstance(stated, str) else stated[0])
        query = find(question)
        try:
            answer = self._desk.answer(question, given, wanted or None)
        except ParameterError as error:
            takes = "; ".join(f"{p.name}: {p.title}" for p in query.parameters)
            raise ParameterError(f"{error} (it takes {takes or 'none'})") from error
        said = [answer.question, answer.sentence(), *rows_of(answer, rows)]
        return reply(answer.on, said, answer.receipt)

    def why(
        self,
        thing: Annotated[str, Field(description="Duty, body, document or provision.")],
        area: Annotated[str, Field(description="Keep to one area.")] = "",
        on: On = "",
    ) -> str:
        """Return the chain from a thing up to the Act and down to the record, with days."""
        day = self._day(on)

        def work(graph: KnowledgeGraph) -> str:
            found = graph.why(thing, on=day, area=area or None)
            text = bounded(str(found), "the command why")
            return reply(day, [found.title, text], found.receipt)

        return self._desk.near(work)

    def why_not(
        self,
        body: Annotated[str, Field(description="Name or code of the body.")],
        document_or_duty: Annotated[str, Field(description="Such as csp-plan.")],
        area: Area,
        on: On = "",
    ) -> str:
        """Say why a body has no such duty: the first condition that fails, and its law."""
        day = self._day(on)

        def work(graph: KnowledgeGraph) -> str:
            found = graph.why_not(body, document_or_duty, area, on=day)
            text = bounded(str(found), "the command why-not")
            return reply(day, [text], found.receipt)

        return self._desk.near(work)

    def changes(
        self,
        area: Area,
        first: Annotated[str, Field(description="Day before the first that counts.")],
        last: Annotated[str, Field(description="Last day that counts.")],
        rows: Rows = 50,
    ) -> str:
        """Return what an area gained and lost between two days, each with its cause."""
        since, until = self._desk.day(first), self._desk.day(last)

        def work(graph: KnowledgeGraph) -> str:
            found = graph.what_changed(area, since, until)
            titles, lines = told_briefly(found)
            told = "\n".join(
                f"- {'; '.join(f'{t}: {c}' for t, c in zip(titles, line, strict=True) if c)}"
                for line in lines[:rows]
            )
            said = [found.caption, told or found.sentence()]
            if len(lines) > rows:
                said.append(
                    f"Cut: {rows} of {len(lines)} rows are shown; ask for more."
                )
            return reply(until, said, found.receipt)

        return self._desk.near(work)

    def brief(
        self,
        area: Area,
        document: Annotated[str, Field(description="Kind, such as csp-plan.")],
        on: On = "",
    ) -> str:
        """Return the checklist for the report on which a council decides, as Markdown."""
        day = self._day(on)

        def work(graph: KnowledgeGraph) -> str:
            found = graph.brief(area, document, on=day)
            text = bounded(found.to_markdown(), "the command brief")
            return reply(day, [text], found.told.receipt)

        return self._desk.near(work)

    def sparql(
        self,
        query: Annotated[str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE.")],
        area: Annotated[str, Field(description="Name or code of the area.")] = "",
        on: On = "",
        rows: Rows = 200,
    ) -> str:
        """Answer free SPARQL on the graph of an area and day, read only. Prefer ask.

        The project's prefixes are known.
        """
        areas = [area] if area else []
        found = self._desk.free(query, on=on or None, areas=areas, rows=rows)
        if isinstance(found, Triples):
            text = bounded(found.to("turtle"), "the command sparql")
            cut = [] if found.complete else [f"Cut: stopped {found.receipt['cut']}."]
            return reply(
                found.on, [text or found.silence, *cut], found.receipt, _UNCHECKED
            )
        said = [*rows_of(found.in_full(), rows)]
        silent = "Nothing in the graph fits."
        return reply(found.on, said or [silent], found.receipt, _UNCHECKED)

    def _day(self, on: str) -> date:
        return self._desk.day(on or None)


_UNCHECKED = "free SPARQL says nothing of the doubt of the law it names; why does"


def in_words(tool: Callable[..., str], refuse: Callable[[str], Exception]) -> Any:
    """Return `tool`, whose errors are what `refuse` makes of their words."""

    @wraps(tool)
    def called(*args: Any, **given: Any) -> str:
        try:
            return tool(*args, **given)
        except CspgraphError as error:
            raise refuse(str(error)) from error

    return called
