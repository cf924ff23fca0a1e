"""The cell magic `%%sparql` for notebooks: a question in, a frame out.

The cell knows the prefixes of the project. It goes through the same gate and the same
limits as free SPARQL on the command line, in a process of its own (`cspgraph.sandbox`),
so that no question can end the notebook. With `--graph` it is asked of a graph of the
notebook, with your own files in it; that happens in the notebook's process, after the
same gate, and has no limit of time.
"""

from __future__ import annotations

import shlex
import sys
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from cspgraph.errors import CspgraphError, ParameterError, did_you_mean
from cspgraph.questions import usage
from cspgraph.questions.ask import day_or_today
from cspgraph.rdf.gate import admit, asked
from cspgraph.receipt import warning
from cspgraph.render.escape import error_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.triples import Triples

    Given = Mapping[str, str | list[str]]

__all__ = ["register", "run"]

_OPTIONS = ("on", "area", "graph", "as", "seconds", "rows")
_FORMS = ("pandas", "polars", "answer")
_GRAPHS = ("rdflib", "turtle", "answer")
_HELP = """Ask free SPARQL: a SELECT or ASK gives a frame, a CONSTRUCT or DESCRIBE a graph.

    %%sparql --on 2024-07-23 --area Dorset duties
    SELECT ?duty ?statement { ?duty a csp:Duty ; csp:statement ?statement }

A word that stands alone is the name under which the notebook keeps the frame; without
one, the cell shows it. The prefixes of the project need no lines of their own.

    --on DAY        the day; today if left out
    --area AREA     an area, name or code, to keep to; repeat it for more
    --graph NAME    a graph of this notebook to ask, in place of --area
    --as FORM       pandas, polars or answer; pandas if left out. For a graph answer,
                    rdflib or turtle; answer if left out, which has .to("turtle") and more
    --seconds N     stop after so many seconds; 10 if left out
    --rows N        give at most so many rows or statements; 10000 if left out
"""


def register(shell: Any) -> None:
    """Give `shell` the cell magic `%%sparql`; `%load_ext cspgraph` does it."""

    def sparql(line: str, cell: str) -> Any:
        from IPython.core.error import UsageError

        try:
            return run(line, cell, shell.user_ns)
        except CspgraphError as error:
            raise UsageError(error_in_words(error)) from None

    sparql.__doc__ = _HELP
    shell.register_magic_function(sparql, "cell", "sparql")


def run(line: str, cell: str, variables: dict[str, Any]) -> Any:
    """Return what the `cell` asks for, or keep it in `variables` if `line` names it.

    Raises `CspgraphError` with a sentence for an option that is not known, a name that
    Python does not allow, and all that free SPARQL raises. An answer that was cut says
    so on standard error, and so does one for a day beyond what is known.
    """
    name, given = usage.given(_words(line))
    if "help" in given:
        sys.stdout.write(_HELP)
        return None
    builds = asked(admit(cell)).builds
    form = _checked(name, given, builds=builds)
    answer = _answer(given, cell, variables, builds=builds)
    if not answer.complete:
        what = "statements" if builds else "rows"
        cut = f"stopped after {len(answer):,} {what}; the answer is not complete"
        sys.stderr.write(f"cspgraph: {cut}\n")
    if said := warning(answer.receipt):  # a frame has no place for it
        sys.stderr.write(f"cspgraph: {said}\n")
    found = _formed(answer, form)
    if not name:
        return found
    variables[name] = found
    return None


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        problem = f"{line!r} has a quotation mark that is not closed"
        raise ParameterError(problem) from error


def _formed(answer: Answer | Triples, form: str) -> Any:
    """Return the answer in the form that is wanted."""
    if form == "answer":
        return answer
    if form == "rdflib":
        return answer.to_rdflib()  # type: ignore[union-attr]
    if form == "turtle":
        return answer.to("turtle")  # type: ignore[union-attr]
    return answer.to_frame(form)  # type: ignore[union-attr, call-overload]


def _checked(name: str, given: Given, *, builds: bool) -> str:
    """Return the form that is wanted; refuse what cannot be meant."""
    for word in given:
        if word not in _OPTIONS:
            known = ", ".join(f"--{option}" for option in _OPTIONS)
            hint = did_you_mean(word, _OPTIONS) or f"the options are {known}"
            raise ParameterError(f"--{word} is not known; {hint}")
    if name and (not name.isidentifier() or iskeyword(name)):
        raise ParameterError(f"{name!r} is not a name that Python allows; write frame")
    forms = _GRAPHS if builds else _FORMS
    form = _one(given, "as", "answer" if builds else _FORMS[0])
    if form not in forms:
        other = "the query gives a graph" if form in _FORMS else ""
        other = "the query gives rows" if form in _GRAPHS else other
        problem = f"{form!r} is not known" if not other else f"{other}, not {form!r}"
        raise ParameterError(f"as: {problem}; write {' or '.join(forms)}")
    return form


def _answer(
    given: Given, cell: str, variables: Mapping[str, Any], *, builds: bool
) -> Answer | Triples:
    if "graph" not in given:
        from cspgraph import sandbox

        ask: Callable[..., Answer | Triples] = sandbox.ask
        if builds:
            ask = sandbox.construct
        return ask(
            cell,
            on=day_or_today(_one(given, "on") or None),
            areas=_many(given, "area"),
            seconds=_number(given, "seconds", 10),
            rows=_number(given, "rows", 10_000),
        )
    name, others = _one(given, "graph"), given.keys() & {"area", "seconds", "rows"}
    if others:
        problem = f"--{min(others)} does not go with it; a graph of the notebook is asked whole"
        raise ParameterError(f"graph: {problem}")
    if not hasattr(variables.get(name), "select"):
        problem = f"{name!r} is no graph of this notebook; write {name} = cspgraph.load(...) first"
        raise ParameterError(f"graph: {problem}")
    graph, day = variables[name], _one(given, "on")
    if day and not hasattr(graph, "at"):
        raise ParameterError(
            f"on: {name} serves the day it was built for; leave --on out"
        )
    there = graph.at(day) if day else graph
    found: Answer | Triples = there.construct(cell) if builds else there.select(cell)
    return found


def _many(given: Given, name: str) -> list[str]:
    found = given.get(name, [])
    return [found] if isinstance(found, str) else found


def _one(given: Given, name: str, otherwise: str = "") -> str:
    found = _many(given, name) or [otherwise]
    if len(found) > 1:
        raise ParameterError(f"{name}: given {len(found)} times; give it once")
    return found[0]


def _number(given: Given, name: str, otherwise: int) -> int:
    text = _one(given, name, str(otherwise))
    if not text.isdecimal() or int(text) < 1:
        raise ParameterError(f"{name}: {text!r} is not a whole number from 1")
    return int(text)
