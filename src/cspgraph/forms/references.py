"""Which entry a row is, and which one a cell points to.

A row goes by its ref: a short name that gets the name of the record in front, or the
short address of the entry itself. Others point to it by ref, by name, or by address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import either
from cspgraph.forms.cells import days, fold, length, shifted, slug, words
from cspgraph.rdf.spellings import nearest
from cspgraph.rdf.terms import PREFIXES, compact, expand

if TYPE_CHECKING:
    from cspgraph.forms.lookup import Lookup
    from cspgraph.forms.schema import FormColumn, Sheet

__all__ = ["NONE", "NotFoundError", "RecordRefs", "language", "value"]

NONE = "(none)"
_HINTS, _KNOWN, _FEW = 60, 1_000, 15
_ADDRESS = re.compile(r"[a-z-]+:\S+|https?://\S+")


class NotFoundError(ValueError):
    """A name that fits nothing that is allowed, or several things."""


class RecordRefs:
    """The entries of one record by sheet and name."""

    def __init__(self, record: str, choices: Lookup, day: str = "") -> None:
        self.record, self.day = record, day
        self._among: set[str] = set()
        self._around: frozenset[str] = frozenset()
        self._choices, self._hints = choices, 0
        self._named: dict[str, dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._spelt: dict[str, dict[str, str]] = defaultdict(dict)
        self._short: dict[tuple[str, ...], str] = {}
        self._found: dict[tuple[tuple[str, ...], str], NamedNode | NotFoundError] = {}

    @property
    def graph(self) -> str:
        """The address of the record as a whole; empty for facts outside any record."""
        if self.record == NONE:
            return ""
        if self.record.startswith("<"):
            return self.record.strip("<>")
        return f"{PREFIXES['graph']}{self.record}"

    def address(self, sheet: Sheet, ref: str) -> str:
        """Return the address of the row of `sheet` with this `ref`.

        Raises `ValueError` for a ref that cannot be part of an address.
        """
        text = fold(ref)
        known = (expand(text) or "") if _ADDRESS.fullmatch(text) else ""
        if known:
            return NamedNode(known).value
        name = slug(text)
        if not name:
            problem = (
                "has no letter or digit for a short name; write one such as plan-2024"
            )
            raise ValueError(problem)
        return f"{PREFIXES[sheet.prefix]}{self._stem}{name}"

    @property
    def _stem(self) -> str:
        plain = self.record != NONE and not self.record.startswith("<")
        return f"{self.record}." if plain else ""

    def ref(self, sheet: Sheet, iri: str) -> str:
        """Return the ref by which a row is that of the entry `iri`."""
        start = f"{PREFIXES[sheet.prefix]}{self._stem}"
        short = iri.removeprefix(start)
        if iri.startswith(start) and slug(short) == short:
            return short
        return compact(iri)

    def add(self, sheet: str, iri: str, names: list[str]) -> None:
        """Let the entry `iri` of `sheet` be found by `names`."""
        for name in names:
            if iri not in self._named[sheet][_key(name)]:
                self._named[sheet][_key(name)].append(iri)
            self._spelt[sheet][_key(name)] = name

    def settle(self, bodies: set[str]) -> None:
        """Look for words that many bodies share among these `bodies` alone."""
        self._among = bodies
        self._around = self._choices.around(bodies)
        self._found = {
            key: found
            for key, found in self._found.items()
            if not isinstance(found, NotFoundError)
        }

    def find(self, column: FormColumn, word: str) -> NamedNode:
        """Return the one thing that `word` means in a cell of `column`.

        Raises `NotFoundError` that says what is allowed, with what is nearest.
        """
        key = (column.lists, word)
        if key not in self._found:
            try:
                self._found[key] = NamedNode(self._one(column, word))
            except NotFoundError as error:
                self._found[key] = error
        found = self._found[key]
        if isinstance(found, NotFoundError):
            raise found
        return found

    def _one(self, column: FormColumn, word: str) -> str:
        found = self._mine(column, word)
        found = found or self._choices.find(column.lists, word, self.day, self._among)
        if len(found) == 1:
            return found[0]
        if found:
            problem = f"may be {either([*map(compact, found)])}; write one of these"
            raise NotFoundError(problem)
        lists = [name for name in column.lists if not name[0].isupper()]
        near = self._choices.near(lists, word, self.day, self._around)
        if near:
            named = [self._choices.word(column.lists, iri, self.day) for iri in near]
            problem = f"is not known by that name; here it may be {either(named)}; write the one that is meant"
            raise NotFoundError(problem)
        partly = self._choices.parts(lists, word, self.day)
        if partly:
            named = [
                self._choices.word(column.lists, iri, self.day)
                + self._choices.elsewhere(iri, self._around)
                for iri in partly
            ]
            problem = f"is part of several names, or of a longer one: {either(named)}; write the one that is meant"
            raise NotFoundError(problem)
        raise NotFoundError(self._hint(column, word))

    def _mine(self, column: FormColumn, word: str) -> list[str]:
        """Return the rows of this record that are meant."""
        plain = _key(word)
        found = [
            iri for name in column.lists for iri in self._named[name].get(plain, [])
        ]
        return list(dict.fromkeys(found))

    def _hint(self, column: FormColumn, word: str) -> str:
        """Say what is nearest, for the first few, and what is allowed."""
        sheets = [name for name in column.lists if name[0].isupper()]
        lists = [name for name in column.lists if name not in sheets]
        nearest = self._nearest(sheets, lists, word)
        hint = f"did you mean {nearest!r}? " if nearest else ""
        allowed = [self._allowed(column)] if lists else []
        if sheets:
            allowed.append(f"a ref or name of the sheet {' or '.join(sheets)}")
        return f"is not known here; {hint}write {', or '.join(allowed)}"

    def _allowed(self, column: FormColumn) -> str:
        """Return the names of a short list, or that there is a long one."""
        if column.lists not in self._short:
            lists = [name for name in column.lists if not name[0].isupper()]
            few = self._choices.words(lists)
            short = f"one of {', '.join(few)}"
            told = short if len(few) <= _FEW else "a name of the list"
            self._short[column.lists] = told
        return self._short[column.lists]

    def _nearest(self, sheets: list[str], lists: list[str], word: str) -> str:
        if self._hints >= _HINTS:
            return ""
        self._hints += 1
        mine = [
            name for sheet in sheets for name in [*self._spelt[sheet].values()][:_KNOWN]
        ]
        known = [*mine, self._choices.nearest([*lists, *sheets], word)]
        return nearest(fold(word), filter(None, known))


def _key(word: str) -> str:
    return fold(word).casefold()


_DATE = NamedNode(PREFIXES["xsd"] + "date")
_DURATION = NamedNode(PREFIXES["xsd"] + "duration")
_LINK = re.compile(r"https?://[^\s/]+\S*")
_HEAD = re.compile(r"(.*?)(?: ?\[([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\])?")


def language(heading: str) -> tuple[str, str]:
    """Return a heading and the language that it names; English if it names none.

    >>> language("Title [cy]"), language("Title")
    (('Title', 'cy'), ('Title', 'en'))
    """
    found = _HEAD.fullmatch(heading)
    return (found[1], (found[2] or "en").lower()) if found else (heading, "en")


def value(
    column: FormColumn, item: object, tag: str, entries: RecordRefs, order: str = ""
) -> NamedNode | Literal:
    """Return the value that one item of a cell means.

    Raises `ValueError` that says what is wrong with it and what is right.
    """
    if column.holds in ("day", "last day"):
        day = days(item, order)
        return Literal(
            shifted(day, column.holds == "last day").isoformat(), datatype=_DATE
        )
    text = words(item)
    if column.holds == "words":
        return Literal(text, language=tag)
    if column.holds == "length":
        return Literal(length(text), datatype=_DURATION)
    if column.holds == "link":
        if not _LINK.fullmatch(text):
            problem = "is not a web address; write it with https:// before it"
            raise ValueError(problem)
        return NamedNode(text)
    if column.holds == "name":
        return entries.find(column, text)
    return Literal(text)
