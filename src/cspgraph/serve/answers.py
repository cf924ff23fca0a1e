"""The answers for programs: one address for each question, and one for each command.

Each gives what the command of the same name prints with `--format json`, as it is.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from cspgraph.errors import ParameterError
from cspgraph.questions.query_file import find, queries
from cspgraph.questions.saved import saved
from cspgraph.receipt import reach, warning
from cspgraph.render import write
from cspgraph.serve.replies import Served, answered, format_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from cspgraph.desk import Desk, Kept
    from cspgraph.graph import KnowledgeGraph

__all__ = ["MOST_FOUND", "NAMED", "Answers"]

JSON = "application/json"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The media types of an answer, and the ending of the file that holds the same.
KINDS = {
    JSON: ".json",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "text/html": ".html",
    _SHEET: ".xlsx",
}
MOST_FOUND = 50
#: The kinds of thing that can be looked for by name.
NAMED = (
    *("area", "body", "document", "duty", "instrument", "product", "role"),
    *("action", "theme", "subject", "kind", "governance"),
)


class Answers:
    """The endpoints below `/api/v1/`, which ask one desk and keep what was answered."""

    def __init__(self, desk: Desk, kept: Kept[Served]) -> None:
        self._desk, self._kept = desk, kept

    def question(self, request: Request) -> Response:
        """Answer a shipped question, with its parameters in the address."""
        name, words = request.path_params["question"], words_of(request)
        find(name)
        kind = format_of(request, words, [*KINDS])
        on = words.one("on")
        given = {
            parameter: values[0] if len(values) == 1 else values
            for parameter, values in words.rest("on", "format").items()
        }
        for parameter in given:
            if "" in words.given[parameter]:
                problem = "no value follows; give one or leave it out"
                raise ParameterError(f"{parameter}: {problem}")

        def make() -> Served:
            found = self._desk.answer(name, given, on)
            said = {} if found.complete else {"Cspgraph-Cut": found.receipt["cut"]}
            return Served(saved(found, KINDS[kind]), kind, len(found), said)

        return self._answered(request, kind, make)

    def questions(self, request: Request) -> Response:
        """List the questions: names, words, parameters, columns and examples."""
        words_of(request).refuse_others()
        listed = [
            {
                "name": query.name,
                "question": query.question,
                "parameters": [asdict(parameter) for parameter in query.parameters],
                "columns": [asdict(column) for column in query.columns],
                "example": dict(query.example),
                "address": f"/api/v1/answers/{query.name}",
            }
            for query in queries().values()
        ]
        return self._answered(request, JSON, lambda: _json(listed, len(listed)))

    def why(self, request: Request) -> Response:
        """Give the chains from a thing up to the law and down to the record."""
        words = words_of(request)
        words.refuse_others("thing", "area", "on", "format")
        thing = words.needed("thing", "a duty, body, document or provision")
        area, day = words.one("area"), self._desk.day(words.one("on"))
        kind = format_of(request, words, [JSON, "text/plain", "text/markdown"])

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.why(thing, on=day, area=area)
            made = {
                JSON: found.to_json,
                "text/plain": found.to_text,
                "text/markdown": found.to_markdown,
            }
            return Served(made[kind]().encode(), kind, len(found.steps))

        return self._near(request, kind, work)

    def why_not(self, request: Request) -> Response:
        """Give the first condition that fails for a body to have a duty."""
        words = words_of(request)
        words.refuse_others("body", "asked", "area", "on")
        body = words.needed("body", "a body")
        asked = words.needed("asked", "a kind of document, or a duty")
        area = words.needed("area", "an area")
        day = self._desk.day(words.one("on"))

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.why_not(body, asked, area, on=day)
            return Served(found.to_json().encode(), JSON, len(found))

        return self._near(request, JSON, work)

    def changes(self, request: Request) -> Response:
        """Give what was gained and lost in an area between two days."""
        words = words_of(request)
        words.refuse_others("area", "from", "to", "format")
        area = words.needed("area", "an area")
        first = self._desk.day(words.needed("from", "the day before the first"))
        last = self._desk.day(words.needed("to", "the last day"))
        kind = format_of(request, words, [JSON, "text/csv", "text/markdown"])

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.what_changed(area, first, last)
            return Served(saved(found, KINDS[kind]), kind, len(found))

        return self._near(request, kind, work)

    def due(self, request: Request) -> Response:
        """Give the day by which a duty falls due, and how it is counted."""
        words = words_of(request)
        words.refuse_others("duty", "from")
        duty = words.needed("duty", "a duty")
        start = self._desk.day(words.needed("from", "the day to look from"))

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.due(duty, start)
            return _json({**asdict(found), "says": str(found)}, 1)

        return self._near(request, JSON, work)

    def claims(self, request: Request) -> Response:
        """Hold what a document says of the law against the law."""
        words = words_of(request)
        words.refuse_others("on", "format")
        document, on = request.path_params["document"], words.one("on")
        kind = format_of(
            request, words, [JSON, "text/csv", "text/markdown", "text/html"]
        )

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.claims(
                document, on=None if on is None else self._desk.day(on)
            )
            made = {
                JSON: found.to_json,
                "text/csv": found.to_csv,
                "text/markdown": found.to_markdown,
                "text/html": found.to_html,
            }
            return Served(made[kind]().encode(), kind, len(found.statements))

        return self._near(request, kind, work)

    def brief(self, request: Request) -> Response:
        """Give the checklist for the report on which a council decides."""
        words = words_of(request)
        words.refuse_others("area", "product", "on", "format")
        area = words.needed("area", "an area")
        product = words.needed("product", "a kind of document, such as csp-plan")
        day = self._desk.day(words.one("on"))
        kind = format_of(request, words, [JSON, "text/markdown", "text/html", _WORD])

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.brief(area, product, on=day)
            if kind == JSON:
                return Served(
                    found.to_json().encode(), kind, sum(found.counts.values())
                )
            ending = {_WORD: ".docx", "text/html": ".html"}.get(kind, ".md")
            body = write.document(found.paper(), ending)
            return Served(body, kind, sum(found.counts.values()))

        return self._near(request, kind, work)

    def find(self, request: Request) -> Response:
        """Give the names and codes that a text may mean."""
        words = words_of(request)
        words.refuse_others("text", "kind", "on")
        text, kind = words.needed("text", "the beginning of a name"), words.one("kind")
        if kind is not None and kind not in NAMED:
            raise ParameterError(f"kind: {kind!r} is none; write {', '.join(NAMED)}")
        day = self._desk.day(words.one("on"))

        def work(graph: KnowledgeGraph) -> Served:
            found = graph.matches(text, kind or "", on=day)
            whole = {
                "text": text,
                "on": day.isoformat(),
                "found": [asdict(one) for one in found[:MOST_FOUND]],
                "left_out": max(0, len(found) - MOST_FOUND),
            }
            return _json(whole, len(found))

        return self._near(request, JSON, work)

    def receipt(self, request: Request) -> Response:
        """Give what an answer of a day rests on, and what must be said of that day."""
        words = words_of(request)
        words.refuse_others("on", "area", "cut")
        day = self._desk.day(words.one("on"))
        areas = words.given.get("area", ())

        def work(graph: KnowledgeGraph) -> Served:
            codes = [graph.area(word, on=day)[1] for word in areas]
            found = graph.at(day).receipt
            said = {"warning": warning(found), "reach": reach(found)}
            cut = words.one("cut")
            whole = {"on": day.isoformat(), "areas": codes or self._desk.areas, **said}
            return _json({**whole, "cut": cut, "receipt": dict(found)}, 1)

        return self._near(request, JSON, work)

    def _near(
        self, request: Request, kind: str, work: Callable[[KnowledgeGraph], Served]
    ) -> Response:
        return self._answered(request, kind, lambda: self._desk.near(work))

    def _answered(
        self, request: Request, kind: str, make: Callable[[], Served]
    ) -> Response:
        return answered(request, self._desk, self._kept, kind, make)


def _json(whole: object, rows: int) -> Served:
    text = json.dumps(whole, ensure_ascii=False, indent=2, default=str)
    return Served(f"{text}\n".encode(), JSON, rows)
