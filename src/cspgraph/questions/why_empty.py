"""Why an answer is empty: reasons as files, asked of the graph in the order of their names.

A reason is a file in `ontology/silence/`. Front matter says which questions it can
explain and in what words; its SELECT finds rows where the reason is true. The first
that is true is given. Nothing of this is read until an answer is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import QueryFileError
from cspgraph.questions.query_file import ABOUT, find
from cspgraph.rdf import files
from cspgraph.rdf.results import value_of
from cspgraph.rdf.terms import PREFIXES, compact, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cspgraph.questions.query_file import Query
    from cspgraph.rdf.files import Source
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.results import Term

    Terms = Mapping[str, Sequence[Term]]
    Rows = Sequence[Sequence[Term | None]]
    Select = Callable[[str], tuple[Sequence[str], Rows]]

__all__ = [
    "NOT_KNOWN",
    "AskedQuestion",
    "Silence",
    "explained",
    "filled",
    "read",
    "silences",
]

#: The reason where none is found to be true.
NOT_KNOWN = "unknown"
_KEYS = ("reason", "of", "needs", "without", "graph", "text", "ask")
_ALL = "all"
_SAME = "same"
_BLANK = re.compile(r"^ *VALUES \?(\w+) \{ UNDEF \}\n", re.MULTILINE)
_SLOT = re.compile(r"\{(\w+)\}")
#: What a question fixes in its own text, such as `csp:role role:ResponsibleAuthority`.
_FIXED = re.compile(
    r"csp:(role|action|product|organ) (\w+:\w+)"
    r"|VALUES \?(role|action|product|organ) \{ (\w+:\w+(?: \w+:\w+)*) \}"
)
_MOST = 6
#: What an `ask` begins with that leads to another day, and how many days are tried.
_ON = "on="
_DAYS_TRIED = 4


@dataclass(frozen=True, slots=True)
class Silence:
    """One reason why an answer can be empty.

    It explains questions about one of `of` to which all of `needs` were given. `body`
    is a SELECT whose rows make it true; `without` are parameters to leave out instead,
    where it is true if the rest of the question has rows. `whole` is so where all dates
    are asked. `text` and `ask` have slots for what was given and found.
    """

    file: str
    reason: str
    of: tuple[str, ...]
    needs: tuple[str, ...]
    without: tuple[str, ...]
    whole: bool
    text: str
    ask: str
    body: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """An empty answer: the question, what was `given`, and that with what it `reaches`.

    `now` asks the graph that gave nothing, `ever` one of all dates, where there is one.
    `then` says whether the question has rows on another day, where that can be asked.
    """

    query: Query
    given: Terms
    reaches: Terms
    day: date
    names: Labels
    now: Select
    ever: Select | None = None
    then: Callable[[date], bool] | None = None

    @property
    def known(self) -> dict[str, Sequence[Term]]:
        """What is known to be asked for: what the question fixes, and what was given."""
        return {**_fixed(self.query), **self.reaches}


@cache
def silences() -> tuple[Silence, ...]:
    """Return the shipped reasons, in the order in which they are tried.

    >>> [silence.reason for silence in silences()][0]
    'area-not-held'
    """
    return tuple(map(read, files.shipped("ontology/silence", ".rq")))


def read(source: Source) -> Silence:
    """Return the reason that `source` holds.

    Raises `QueryFileError` with the line for front matter that is not as it should be.
    """
    said: dict[str, str] = {}
    lines = source.text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("#+"):
            break
        key, colon, text = line[2:].strip().partition(":")
        if not colon or key not in _KEYS:
            problem = f"{line[2:].strip()!r} is not one of the keys {', '.join(_KEYS)}"
            raise QueryFileError(source.name, problem, number)
        said[key] = text.strip()
    of = _listed(said.get("of", ""))
    for missing in ("reason", "of", "text"):
        if not said.get(missing):
            raise QueryFileError(source.name, f"the key {missing!r} is missing", 1)
    if strange := set(of) - set(ABOUT):
        problem = f"{min(strange)!r} is not one of {', '.join(ABOUT)}"
        raise QueryFileError(source.name, problem, 2)
    body = "\n".join(lines[len(said) :]).strip() + "\n"
    without = _listed(said.get("without", ""))
    if bool(without) == ("SELECT" in body):
        problem = "it has a SELECT or the key 'without', one of the two"
        raise QueryFileError(source.name, problem, 1)
    return Silence(
        source.name,
        said["reason"],
        of,
        _listed(said.get("needs", "")),
        without,
        said.get("graph") == "all dates",
        said["text"],
        said.get("ask", ""),
        body,
    )


def explained(asked: AskedQuestion) -> dict[str, str | None]:
    """Return why the answer is empty: `reason`, a code; `text`; and `ask_instead`."""
    known = asked.known
    for silence in silences():
        if asked.query.about in silence.of and known.keys() >= set(silence.needs):
            found = (
                _dropped(silence, asked) if silence.without else _seen(silence, asked)
            )
            if found is not None:
                # Of several days the first is told, and that is asked which has rows.
                told = {n: terms[:1] for n, terms in found.items()}
                days = _ON in silence.ask
                return {
                    "reason": silence.reason,
                    "text": _worded(silence.text, asked, told if days else found),
                    "ask_instead": _instead(silence, asked, found),
                }
    problem = (
        "Nothing was found, and no reason that is known here is true; please report it."
    )
    return {"reason": NOT_KNOWN, "text": problem, "ask_instead": None}


def filled(body: str, values: Terms) -> str:
    r"""Return a query with `values` in its blanks; a blank without a value is left out.

    >>> filled("  VALUES ?area { UNDEF }\n  ?area ?b ?c\n", {})
    '  ?area ?b ?c\n'
    """

    def fill(blank: re.Match[str]) -> str:
        terms = values.get(blank[1], ())
        written = " ".join(map(str, terms))
        return blank[0].replace("UNDEF", written) if terms else ""

    return _BLANK.sub(fill, body)


Found = dict[str, list["Term"]]


def _seen(silence: Silence, asked: AskedQuestion) -> Found | None:
    """Return what the SELECT of a reason finds; None where it finds nothing."""
    select = asked.ever if silence.whole else asked.now
    if select is None:
        return None
    day = Literal(asked.day.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
    head, rows = select(filled(silence.body, {**asked.known, "day": [day]}))
    return _columns(head, rows) if rows else None


def _dropped(silence: Silence, asked: AskedQuestion) -> Found | None:
    """Return what the question finds without some of its parameters; None for nothing."""
    query = asked.query
    free = [p for p in query.parameters if p.optional and asked.given.get(p.name)]
    every = silence.without == (_ALL,)
    named = [p for p in free if every or p.name in silence.without]
    ways = [*([p] for p in named), named] if every else [named]
    for less in filter(None, ways):  # the least that must be left out, first
        names = {parameter.name for parameter in less}
        rest = {name: v for name, v in asked.reaches.items() if name not in names}
        head, rows = asked.now(query.bind(rest))
        if rows:
            break
    else:
        return None
    columns = _columns(head, rows)
    kinds = {c.kind: columns[c.name] for c in reversed(query.columns)}
    others = [term for p in less for term in kinds.get(p.kind, [])]
    if "{others}" in silence.text and not others:
        return None
    options = ", ".join(f"--{p.name.replace('_', '-')}" for p in less)
    count = Literal(str(len(rows)))
    return {"others": others, "dropped": [Literal(options)], "count": [count]}


def _columns(head: Sequence[str], rows: Rows) -> Found:
    """Return what stands in each column, each thing once."""
    cells = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    return {
        name: list(dict.fromkeys(term for term in terms if term is not None))
        for name, terms in cells.items()
    }


def _worded(text: str, asked: AskedQuestion, found: Found) -> str:
    """Return `text` with words in its slots: what was found, or else what was given."""
    day = asked.day
    words = {name: _words(terms, asked.names) for name, terms in asked.known.items()}
    words |= {name: _words(terms, asked.names) for name, terms in asked.given.items()}
    words |= {"day": f"{day:%-d %B %Y}"}
    words["there"] = f" in {words['area']}" if "area" in words else ""
    words |= {name: _words(terms, asked.names) for name, terms in found.items()}
    said = _SLOT.sub(lambda slot: words.get(slot[1], slot[0]), text)
    return said[:1].upper() + said[1:]


def _words(terms: Sequence[Term], names: Labels) -> str:
    said = list(dict.fromkeys(_word(term, names) for term in terms))
    more = len(said) - _MOST
    return ", ".join(said[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _word(term: Term, names: Labels) -> str:
    if isinstance(term, NamedNode):
        return names.label(term.value)
    value = value_of(term)
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)


def _instead(silence: Silence, asked: AskedQuestion, found: Found) -> str | None:
    """Return the command that asks what may be asked instead; None where there is none."""
    if not silence.ask:
        return None
    name, *changes = silence.ask.split()
    if name == "cspgraph":
        return silence.ask
    same = name == _SAME
    query = asked.query if same else find(name)
    options = {n: list(terms) for n, terms in asked.given.items()} if same else {}
    if silence.without:
        dropped = _SLOT.sub("", str(found["dropped"][0].value)).split(", ")
        changes = [f"{word.removeprefix('--').replace('-', '_')}=" for word in dropped]
    day = asked.day.isoformat()
    for change in changes:
        key, _, slot = change.partition("=")
        terms = found.get(slot[1:-1]) or asked.given.get(slot[1:-1]) or []
        if slot and not terms:
            return None
        if key == "on":
            other = _day_with_rows(asked, terms)
            if other is None:
                return None
            day = other
        else:
            options[key] = list(terms[:1])
    as_asked = {n: list(terms) for n, terms in asked.given.items()}
    if (query, options, day) == (asked.query, as_asked, asked.day.isoformat()):
        return None
    written = [
        f"--{key.replace('_', '-')} {compact(term.value)}"
        for key, terms in options.items()
        for term in terms
    ]
    return " ".join(["cspgraph answer", query.name, *written, f"--on {day}"])


def _day_with_rows(asked: AskedQuestion, terms: Sequence[Term]) -> str | None:
    """Return the first of some days on which the question has rows; None where none has."""
    for term in terms[:_DAYS_TRIED] if asked.then else ():
        day = value_of(term)
        if isinstance(day, date) and asked.then and asked.then(day):
            return day.isoformat()
    return None


def _fixed(query: Query) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for one, word, several, words in _FIXED.findall(query.body):
        terms = [NamedNode(expand(w) or w) for w in (words or word).split()]
        kept = found.setdefault(one or several, [])
        kept += [term for term in terms if term not in kept]
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in text.split(","))))
