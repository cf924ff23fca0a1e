"""A form as one YAML file for people who use a text editor: read and written.

Every value is taken as it is written: no is a word and 2.10 is not 2.1. Anchors, tags
and keys that stand twice are refused.
"""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cspgraph.errors import FileError
from cspgraph.forms.grid import MAX_CELLS, Cell, Grid, Problem
from cspgraph.forms.headings import FIELDS, STAMP, HeadingReader
from cspgraph.forms.other_facts import HEADINGS
from cspgraph.forms.schema import OTHER, START
from cspgraph.forms.template import DUTIES
from cspgraph.render.escape import escapes, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.forms.schema import Form, FormColumn
    from cspgraph.forms.template import TemplateGuide
    from cspgraph.forms.write import Filled
    from cspgraph.rdf.files import Source

    Tree = Cell | list["Tree"] | dict[str, tuple[Cell, "Tree"]]

__all__ = ["grid", "written"]

_MAX_BYTES = 2**20
_DEPTH = 8
#: Into how many sheets a text that is not YAML is cut at the most.
_PIECES = 40
#: How deep the fields of the first sheet stand; rows are deeper.
_FIELDS = 2
_PLAIN = re.compile(r"[A-Za-z](?:[\w ./()&'-]*[\w.)])?")
_TAKEN = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def grid(source: Source, form: Form) -> Grid:
    """Return the rows of the outline in `source`.

    Raises `FileError` with the line for a text that is not YAML or uses more of it than a
    form needs.
    """
    if len(source.data) > _MAX_BYTES:
        raise FileError(source.name, "it is larger than 1 MiB; split it")
    made = Grid()
    reader = HeadingReader(form, made)
    tree, problems = _tree(source)
    made.problems += problems
    if not isinstance(tree, dict):
        problem = "it does not begin with the name of a sheet, such as 'decisions:'"
        raise FileError(source.name, problem, 1)
    for key, content in tree.values():
        if str(key.value).strip().casefold() == STAMP.casefold():
            if isinstance(content, Cell):
                reader.field(Cell(key.place, STAMP), content)
            continue
        sheet = reader.sheet(str(key.value), key.place)
        if sheet == START:
            _start(content, key, reader, made)
        elif sheet:
            _rows(sheet, content, key, reader, made)
    if reader.full:
        said = f"the form holds more than {MAX_CELLS:,} values; split it"
        made.problems.append(Problem(source.name, "", said))
    return made


def _start(content: Tree, key: Cell, reader: HeadingReader, made: Grid) -> None:
    if not isinstance(content, dict):
        said = "is followed by no list of fields; write name, area and day below it"
        made.problems.append(key.wrong(said))
        return
    for label, value in content.values():
        if isinstance(value, Cell):
            reader.field(label, value)
        else:
            made.problems.append(label.wrong("has several values; write one"))


def _rows(
    sheet: str, content: Tree, key: Cell, reader: HeadingReader, made: Grid
) -> None:
    if isinstance(content, Cell) and not str(content.value).strip():
        return
    if not isinstance(content, list):
        said = "is followed by no list of rows; begin each row with '- '"
        made.problems.append(key.wrong(said))
        return
    for row in content:
        if isinstance(row, dict):
            labels = [label for label, _ in row.values()]
            headings = reader.headings(sheet, labels)
            cells = {
                heading: list(_items(label, value, made))
                for heading, (label, value) in zip(headings, row.values(), strict=True)
            }
            place = labels[0].place if labels else key.place
            reader.line(sheet, place, cells)
        elif not (isinstance(row, Cell) and not str(row.value).strip()):
            where = row if isinstance(row, Cell) else key
            said = "is not a row; write 'heading: value', one to a line"
            made.problems.append(where.wrong(said))
        if reader.full:
            return


def _items(label: Cell, value: Tree, made: Grid) -> Iterator[Cell]:
    """Yield the values of one heading."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Cell):
            yield item
        else:
            made.problems.append(
                label.wrong("holds a list within a list; write single values")
            )


def _tree(source: Source) -> tuple[Tree, list[Problem]]:
    """Return the outline as lists and mappings of cells with their lines, and what is wrong.

    Where one sheet is no YAML, the others are read all the same.
    """
    try:
        return _parsed(source.name, source.text)
    except FileError as error:
        lines = source.text.splitlines(keepends=True)
        starts = [number for number, line in enumerate(lines) if line[:1].isalpha()]
        if not 1 < len(starts) <= _PIECES:
            raise
        whole: dict[str, tuple[Cell, Tree]] = {}
        problems = []
        for start, end in pairwise([*starts, len(lines)]):
            text = "\n" * start + "".join(lines[start:end])
            try:
                tree, told = _parsed(source.name, text)
            except FileError as found:
                tree, told = {}, [_problem(found)]
            problems += told
            if isinstance(tree, dict):
                whole |= {f"{key}\0{start}": value for key, value in tree.items()}
        return whole, problems or [_problem(error)]


def _problem(error: FileError) -> Problem:
    where, _, said = str(error).partition(": ")
    return Problem(where, "", said)


def _parsed(name: str, text: str) -> tuple[Tree, list[Problem]]:
    """Return a text as a tree; raise `FileError` with the line for one that is no YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    events = YAML(typ="base", pure=True).parse(io.StringIO(text))
    try:
        builder = _Builder(name)
        return builder.built(events), builder.problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = visible(str(error.problem or "it cannot be read"))
        problem = f"{said}; look at indents, colons and quotation marks there"
        raise FileError(name, problem, mark.line + 1 if mark else None) from error
    except (YAMLError, ValueError, IndexError) as error:
        problem = "it is not YAML; begin from 'cspgraph template'"
        raise FileError(name, problem) from error


class _Builder:
    """Builds the tree from the marks of the parser, without calling itself."""

    def __init__(self, name: str) -> None:
        self._name = name
        #: What is refused, and does not keep the rest from being read.
        self.problems: list[Problem] = []
        self._open: list[list[Any] | dict[str, Any]] = []
        self._keys: list[Cell | None] = []
        self._root: Tree | None = None
        self._documents = 0

    def built(self, events: Any) -> Tree:
        for event in events:
            kind = type(event).__name__
            line = event.start_mark.line + 1
            if kind == "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    self._refuse(
                        "a second document begins; write one file for each", line
                    )
            elif kind == "AliasEvent" or getattr(event, "anchor", None):
                self._tell(
                    "anchors (& and *) are not read; write the value out, or put it in quotation marks",
                    line,
                )
            if kind == "AliasEvent":
                self._put(Cell(f"{self._name}, line {line}", ""), line)
            elif kind in ("SequenceStartEvent", "MappingStartEvent"):
                self._tag(event, line)
                self._begin([] if kind.startswith("Sequence") else {}, line)
            elif kind in ("SequenceEndEvent", "MappingEndEvent"):
                self._open.pop()
                self._keys.pop()
            elif kind == "ScalarEvent":
                self._tag(event, line)
                place = f"{self._name}, line {line}"
                self._put(Cell(place, event.value), line)
        return self._root if self._root is not None else []

    def _tag(self, event: Any, line: int) -> None:
        if getattr(event, "tag", None) not in (None, "", True):
            self._tell("tags (!) are not read; put the value in quotation marks", line)

    def _begin(self, node: list[Any] | dict[str, Any], line: int) -> None:
        if len(self._open) >= _DEPTH:
            self._refuse(
                f"lists are nested more than {_DEPTH} deep; write sheets, rows and values",
                line,
            )
        self._put(node, line)
        self._open.append(node)
        self._keys.append(None)

    def _put(self, node: Any, line: int) -> None:
        if not self._open:
            self._root = node
        elif isinstance(self._open[-1], list):
            self._open[-1].append(node)
        elif self._keys[-1] is None:
            if not isinstance(node, Cell):
                self._refuse("there is a list where a heading belongs", line)
            if str(node.value) in self._open[-1] and len(self._open) <= _FIELDS:
                said = f"{visible(str(node.value))!r} appears twice; keep one"
                self._tell(said, line)
            self._keys[-1] = node
        else:
            key, self._keys[-1] = self._keys[-1], None
            again = str(key.value) in self._open[-1]  # in a row, told by its headings
            name = f"{key.value}\0{len(self._open[-1])}" if again else str(key.value)
            self._open[-1][name] = (key, node)

    def _tell(self, problem: str, line: int) -> None:
        self.problems.append(Problem(f"{self._name}, line {line}", "", problem))

    def _refuse(self, problem: str, line: int) -> None:
        raise FileError(self._name, problem, line)


def written(filled: Filled, form: Form, guide: TemplateGuide) -> str:
    """Return the form as YAML; with a guide, as one to fill in, with its comments."""
    return "\n".join([*_lines(filled, form, guide), ""])


def _lines(filled: Filled, form: Form, guide: TemplateGuide) -> Iterator[str]:
    if guide.title:
        yield from _comment(guide.title)
    for row in guide.duties:
        told = (
            f"{head}: {text}"
            for head, text in zip(DUTIES[1:], row[1:], strict=True)
            if text
        )
        yield from _comment(f"- {row[0]}. {'. '.join(told)}")
    yield f"{STAMP.lower()}: {form.stamp}"
    yield f"{START.lower()}:"
    for head in FIELDS:
        yield f"  {head.lower()}: {_scalar(filled.start.get(head, ''))}".rstrip()
    for sheet in form.sheets:
        rows = filled.sheets.get(sheet.name, [])
        if not rows and not guide.title:
            continue
        yield ""
        yield f"{sheet.name.lower()}:"
        if guide.title:
            for column in sheet.columns:
                yield from _told(column, guide)
            yield from _row(
                {c.heading: [""] for c in sheet.columns},
                [c.heading for c in sheet.columns],
            )
        for one in rows:
            yield from _row(one, filled.headings(sheet))
    if filled.other:
        yield ""
        yield f"{OTHER.lower()}:"
        for cells in filled.other:
            fact = {h: [c] for h, c in zip(HEADINGS, cells, strict=True)}
            yield from _row(fact, HEADINGS)


def _told(column: FormColumn, guide: TemplateGuide) -> Iterator[str]:
    names = guide.offers.get(column.lists, [])
    offered = f" Names: {', '.join(names)}." if names else ""
    yield from _comment(f"{column.heading.lower()}: {column.note}{offered}", "  ")


def _comment(text: str, indent: str = "") -> Iterator[str]:
    import textwrap

    yield from textwrap.wrap(
        visible(text),
        96,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
    )


def _row(row: dict[str, list[str]], headings: Sequence[str]) -> Iterator[str]:
    mark = "- "
    for head in headings:
        items = row.get(head)
        if items is None:
            continue
        key = f"  {mark}{_key(head)}:"
        mark = "  "
        if len(items) == 1:
            yield f"{key} {_scalar(items[0])}".rstrip()
        else:
            yield key
            yield from (f"      - {_scalar(item)}" for item in items)


def _key(heading: str) -> str:
    plain, mark, tag = heading.partition(" [")
    return f"{plain.lower()}{mark}{tag}"


def _scalar(text: str) -> str:
    if not text or (
        _PLAIN.fullmatch(text) and text.isascii() and text.casefold() not in _TAKEN
    ):
        return text
    return escapes(json.dumps(text, ensure_ascii=False), pairs=False)
