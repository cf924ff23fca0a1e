"""One question asked of several days: its rows under one head, each with its day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.questions.areas import COLUMN as AREA
from cspgraph.questions.doubts import doubt
from cspgraph.questions.query_file import Column
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.ask import Term

__all__ = ["COLUMN", "joined"]

#: The column that says on which day a row was asked.
COLUMN = Column("asked_on", "date", "The day asked about")
_DATE = NamedNode(PREFIXES["xsd"] + "date")


def joined(answers: Sequence[Answer], left_out: Sequence[str] = ()) -> Answer:
    """Return the `answers` to one question on several days as one.

    A first column says on which day a row was asked, and the next of which area it is.
    What was `left_out` is told in the receipt. The receipt is that of the last day, with
    the doubt of all rows.
    """
    *_, last = sorted(answers, key=lambda one: str(one.on))
    parts = [_with_area(one) for one in answers]
    columns = {column.name: column for one in parts for column in one.columns}
    ended = columns.pop("ended", None)
    head = [*columns, *([ended.name] if ended else [])]
    rows = []
    for one in parts:
        day = Literal(str(one.on), datatype=_DATE)
        places = {column.name: n for n, column in enumerate(one.columns)}
        rows += [
            (day, *(row[places[name]] if name in places else None for name in head))
            for row in one.terms
        ]
    labels = {thing: word for one in parts for thing, word in one.labels.items()}
    told = [str(last.receipt["area"])] if "area" in last.receipt else []
    receipt = {name: of for name, of in last.receipt.items() if name != "doubt"}
    receipt |= doubt(head, [row[1:] for row in rows])
    if told or left_out:
        receipt["area"] = "; ".join([*told, *left_out])
    given = {name: terms for one in parts for name, terms in one.parameters.items()}
    days = [str(one.on) for one in answers]
    return replace(
        last,
        columns=(COLUMN, *columns.values(), *([ended] if ended else [])),
        terms=tuple(rows),
        on=None,
        parameters={**given, "on": [Literal(d, datatype=_DATE) for d in days]},
        labels=labels,
        receipt={**receipt, "on": ", ".join(days)},
        empty=last.empty if not rows else None,
        complete=all(one.complete for one in answers),
    )


def _with_area(answer: Answer) -> Answer:
    """Return an answer about one area with that area in a first column."""
    asked: Sequence[Term] = answer.parameters.get("area", ())
    if len(asked) != 1 or AREA.name in [column.name for column in answer.columns]:
        return answer
    return replace(
        answer,
        columns=(AREA, *answer.columns),
        terms=tuple((asked[0], *row) for row in answer.terms),
    )
