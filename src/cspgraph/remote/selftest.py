"""Try a server: ask it every question with its example, and compare with here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cspgraph.errors import AreaNotHeldError, CspgraphError, EndpointError
from cspgraph.questions.query_file import queries
from cspgraph.rdf.results import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.query_file import Query
    from cspgraph.remote.endpoint import Endpoint

__all__ = ["SelfTestResult", "run", "sums"]

_SUMS = {"10 - 2 + 3": 11, "20 / 2 * 5": 50}


@dataclass(frozen=True)
class SelfTestResult:
    """One question asked at both places: how that ended, and whether they agree."""

    question: str
    outcome: str
    agrees: bool | None


def sums(endpoint: Endpoint) -> SelfTestResult:
    """Return whether `endpoint` works out chains of signs from the left, as SPARQL says.

    The shipped questions have brackets there; those that people write may not. Raises
    `EndpointError` when it does not answer.
    """
    wrong = []
    for chain, right in _SUMS.items():
        terms = endpoint.select(f"SELECT ({chain} AS ?is) WHERE {{}}").terms
        got = value_of(terms[0][0]) if terms else None
        if str(got) not in (f"{right}", f"{right}.0"):
            wrong.append(f"{chain} as {got}, not {right}")
    if not wrong:
        return SelfTestResult("(sums)", "worked out from the left", agrees=True)
    said = "; ".join(wrong)
    remedy = "update it (Oxigraph: 0.5.12 or later) or write brackets"
    return SelfTestResult("(sums)", f"it works out {said}; {remedy}", agrees=False)


def run(endpoint: Endpoint, graph: KnowledgeGraph) -> Iterator[SelfTestResult]:
    """Yield how each question ends at `endpoint`, held against `graph` on its day.

    What is expected is what `graph` answers: it must be of the areas for which the
    served graph was built. `agrees` is None for a question that could not be asked,
    such as one of all dates where one day is served. Raises `EndpointError` when the
    endpoint does not even say which day it serves.
    """
    day = endpoint.on
    for query in queries().values():
        if query.all_dates == (day is None):
            yield _compared(endpoint, graph, query)
        else:
            kind = "all dates" if query.all_dates else "one day"
            yield SelfTestResult(query.name, f"not asked: it is asked of {kind}", None)


def _compared(
    endpoint: Endpoint, graph: KnowledgeGraph, query: Query
) -> SelfTestResult:
    given = {name: value for name, value in query.example.items() if name != "on"}
    on = endpoint.on or query.example["on"]
    try:
        here = list(graph.answer(query.name, on=on, **given).terms)
    except CspgraphError as error:
        return SelfTestResult(query.name, f"not asked: {error}", None)
    try:
        there = list(endpoint.answer(query.name, **given).terms)
    except AreaNotHeldError as error:
        return SelfTestResult(query.name, f"not asked: {error.problem}", None)
    except EndpointError as error:
        return SelfTestResult(query.name, f"no answer: {error}", None)
    if here == there:
        return SelfTestResult(query.name, f"{len(here)} rows, the same", agrees=True)
    missing, extra = len(set(here) - set(there)), len(set(there) - set(here))
    if not missing and not extra:
        said = "the same rows in another order, or a row twice"
    else:
        said = f"{missing} rows missing, {extra} that are not here"
    return SelfTestResult(query.name, f"{said}, of {len(here)}", agrees=False)
