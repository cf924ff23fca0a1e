"""A page for each question: what it asks, takes and gives, its example, its picture, its text.

The pages in `docs/questions/` are made from the questions and never written by hand.
"""

from __future__ import annotations

import json
from keyword import iskeyword
from typing import TYPE_CHECKING

from cspgraph.questions import usage
from cspgraph.questions.query_file import GRAPHS
from cspgraph.questions.query_picture import pictured
from cspgraph.receipt import reach, warning
from cspgraph.render import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.query_file import Query

__all__ = ["INDEX", "overview", "page", "pages"]

INDEX = "README.md"
MOST = 12
_MADE = "Made from the files in `queries/`; `make docs` makes it again."
_LEGEND = (
    "Each arrow is a property that a thing has. *If there is one*: it need not be there. "
    "*Must not be*: what has it is left out. *Case 1a*, *case 1b*: one of them is enough. "
    "The table has the same arrows."
)


def pages(
    questions: Mapping[str, Query], answered: Callable[[Query], Answer]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page; `answered` gives the example answers.

    >>> names = [name for name, _ in pages({}, lambda query: None)]
    >>> names == [INDEX]
    True
    """
    yield INDEX, overview(questions.values())
    for name, query in questions.items():
        yield f"{name}.md", page(query, answered(query))


def overview(questions: Iterable[Query]) -> str:
    """Return the page that lists the `questions`, each with a link to its own page."""
    rows = "".join(
        f"| [{query.name}]({query.name}.md) | {markdown.escaped(query.question)} | "
        f"{' '.join(f'`{usage.usage(p)}`' for p in query.parameters)} |\n"
        for query in questions
    )
    table = f"| name | question | takes |\n| --- | --- | --- |\n{rows}"
    return (
        "# The questions\n\n"
        "Each has a page with what it takes and gives, an example answer, a picture of "
        "what it looks for, and its text, which runs in any SPARQL tool. Every one may "
        "be asked on a day of choice (`--on`).\n\n"
        f"{table}\n{_MADE}\n"
    )


def page(query: Query, answer: Answer) -> str:
    """Return the page of one question, with `answer` to its example."""
    parts = [
        f"# {query.name}",
        f"**{markdown.escaped(query.question)}**",
        f"Asked of: {GRAPHS[query.graph]} ([which graph](../reference/query-files.md#which-graph)).",
        "## It takes",
        markdown.markdown(("name", "holds", "needed", "what it is"), _taken(query)),
        "## It gives",
        markdown.markdown(
            ("column", "holds", "what it is"),
            [(c.name, c.kind, c.title) for c in query.columns],
        ),
        "## How to ask it",
        f"```sh\n{usage.command(query)}\n```",
        f"```python\n{_call(query)}\n```",
        "## An example answer",
        *_example(answer),
        "## What it looks for",
        _LEGEND,
        f"{pictured(query)}",
        "## Its text",
        f"[{query.file}](../../{query.file}), below its first lines:",
        f"```sparql\n{query.body}```",
        _MADE,
    ]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _taken(query: Query) -> list[tuple[str, str, str, str]]:
    day = ("on", "date", "no", "The day; today if left out")
    return [
        (p.name, p.kind, "no" if p.optional else "yes", p.title)
        for p in query.parameters
    ] + [day]


def _call(query: Query) -> str:
    """Return the example as Python, where `from` cannot be the name of an argument."""
    values = {name: _quoted(value) for name, value in query.example.items()}
    words = [f"{n}={v}" for n, v in values.items() if not iskeyword(n)]
    words += [f"**{{{_quoted(n)}: {v}}}" for n, v in values.items() if iskeyword(n)]
    lines = "".join(f"    {word},\n" for word in (_quoted(query.name), *words))
    return f"cspgraph.load().answer(\n{lines})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _example(answer: Answer) -> Iterator[str]:
    """Yield the first rows of `answer`, without the columns that are empty there."""
    rows = answer.words()
    cut = f" {MOST} of {len(rows):,} rows are shown." if len(rows) > MOST else ""
    yield markdown.escaped(f"{answer.caption}{cut}")
    places = [
        n for n in range(len(answer.columns)) if any(row[n] for row in rows[:MOST])
    ]
    yield markdown.markdown(
        [answer.titles[n] for n in places],
        [[row[n] for n in places] for row in rows[:MOST]],
    )
    for name in ("area", "doubt", "presumed"):
        if name in answer.receipt:
            yield markdown.escaped(f"{name.capitalize()}: {answer.receipt[name]}.")
    for said in filter(None, [warning(answer.receipt), reach(answer.receipt)]):
        yield markdown.escaped(said)
