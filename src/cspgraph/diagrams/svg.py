"""Boxes and the lines between them as SVG without a script: columns, a tree, a graph."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, east_asian_width

from cspgraph.diagrams.layout import LayoutEdge, plan
from cspgraph.render.escape import visible, xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.diagrams.layout import Curve, Place

__all__ = [
    "FONT",
    "INK",
    "PAPER",
    "Band",
    "BandRow",
    "DrawnEdge",
    "Node",
    "graph",
    "outline",
    "svg",
    "wide",
    "wrap",
]

_SIZE, _LEADING, _PAD, _GAP, _BAND_GAP = 15, 20, 8, 6, 18
_WIDTH, _MARGIN, _TITLE_SIZE = 1000, 20, 21
_LEFT, _MIDDLE, _RIGHT = (20, 350), (420, 230), (700, 280)
INK, PAPER = "#0b0c0c", "#ffffff"
_FILLS = {_LEFT: "#f3f2f1", _MIDDLE: "#d8e7f5", _RIGHT: PAPER}
_SHADES, _INDENT = ("#d8e7f5", "#f3f2f1", PAPER), 36
FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_NARROW, _BROAD = set("ijlftr.,:;'|!()[]/-\""), set("mwMW%@&\u2014")

Column = tuple[int, int]


class BandRow(NamedTuple):
    """A box on the left, the box on the right that it leads to, and which are dashed."""

    left: str
    right: str
    left_dashed: bool = False
    right_dashed: bool = False


class Band(NamedTuple):
    """A box in the middle and the rows that go through it."""

    middle: str
    rows: Sequence[BandRow]


def svg(
    name: str,
    title: str,
    description: str,
    heads: tuple[str, str, str],
    bands: Sequence[Band],
    notes: Sequence[str],
) -> str:
    """Return the picture of `bands` below a `title` and the `heads` of the columns.

    `name` begins the ids, so that several pictures can stand on one page; the
    `description` is for those who cannot see it; `notes` stand below it.

    >>> bands = [Band("council", [BandRow("Dorset Council", "section 5")])]
    >>> svg("p", "Who?", "Said aloud.", ("", "", ""), bands, []).count("<rect")
    4
    """
    parts: list[str] = []
    y = float(_MARGIN)
    y = _put(parts, wrap(title, _WIDTH - 2 * _MARGIN, _TITLE_SIZE), y, _TITLE_SIZE)
    tallest = max(len(wrap(head, c[1])) for head, c in zip(heads, _FILLS, strict=True))
    for head, column in zip(heads, _FILLS, strict=True):
        _put(parts, wrap(head, column[1]), y + _GAP, x=column[0], weight="bold")
    y += tallest * _LEADING + _BAND_GAP
    for band in bands:
        y = _band(parts, band, y) + _BAND_GAP
    for note in notes:
        y = _put(parts, wrap(note, _WIDTH - 2 * _MARGIN), y)
    return _frame(name, title, description, y, parts)


def outline(
    name: str,
    title: str,
    description: str,
    lines: Sequence[tuple[int, str]],
    notes: Sequence[str],
) -> str:
    """Return the picture of a tree: each of `lines` is how deep a box stands, and its text.

    A box hangs on the nearest box before it that stands less deep.

    >>> outline("p", "Why?", "", [(0, "duty"), (1, "section 6")], []).count("<rect")
    3
    """
    parts: list[str] = []
    y = float(_MARGIN)
    y = _put(parts, wrap(title, _WIDTH - 2 * _MARGIN, _TITLE_SIZE), y, _TITLE_SIZE)
    y += _GAP
    hung: list[float] = []
    for depth, text in lines:
        x = _MARGIN + depth * _INDENT
        column = (x, _WIDTH - _MARGIN - x)
        high = _high(text, column)
        if depth:
            start = x - _INDENT / 2
            parts.append(
                f'<path d="M{start:g} {hung[depth - 1]:g}V{y + high / 2:g}H{x}" '
                f'fill="none" stroke="{INK}" stroke-width="1.5"/>\n'
            )
        hung[depth:] = [y + high]
        _box(parts, column, y, high, text, fill=_SHADES[min(depth, len(_SHADES) - 1)])
        y += high + _GAP
    y += _BAND_GAP - _GAP
    for note in notes:
        y = _put(parts, wrap(note, _WIDTH - 2 * _MARGIN), y)
    return _frame(name, title, description, y, parts)


def _frame(
    name: str, title: str, description: str, end: float, parts: Sequence[str]
) -> str:
    """Return the picture that holds `parts` and ends at `end`."""
    height = round(end + _MARGIN)
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img" lang="en-GB" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'font-family="{FONT}" font-size="{_SIZE}" fill="{INK}">\n'
        f'<title id="{name}-title">{xml_text(title)}</title>\n'
        f'<desc id="{name}-desc">{xml_text(description)}</desc>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="{PAPER}"/>\n'
    )
    return f"{start}{''.join(parts)}</svg>\n"


def wrap(text: str, width: float, size: int = _SIZE) -> list[str]:
    """Return `text` as lines that fit into `width`; a word that is too long is broken.

    >>> wrap("Dorset & Wiltshire Fire and Rescue Authority", 200)
    ['Dorset & Wiltshire Fire', 'and Rescue Authority']
    """
    lines = [""]
    for word in text.split():
        line = f"{lines[-1]} {word}".strip()
        if wide(line, size) <= width:
            lines[-1] = line
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and wide(lines[-1] + letter, size) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _band(parts: list[str], band: Band, top: float) -> float:
    """Put a band into `parts` and return where it ends."""
    slots = [_high(row.left, _LEFT) for row in band.rows]
    groups = list(_groups(band.rows))
    for first, end in groups:
        _stretch(slots, first, end, _high(band.rows[first].right, _RIGHT))
    _stretch(slots, 0, len(slots), _high(band.middle, _MIDDLE))
    tops = [top + sum(slots[:place]) + place * _GAP for place in range(len(slots))]
    bottom = tops[-1] + slots[-1]
    for row, y, high in zip(band.rows, tops, slots, strict=True):
        _line(parts, _LEFT, _MIDDLE, y + high / 2, dashed=row.right_dashed)
        _box(parts, _LEFT, y, high, row.left, dashed=row.left_dashed)
    for first, end in groups:
        row, y = band.rows[first], tops[first]
        high = tops[end - 1] + slots[end - 1] - y
        _line(parts, _MIDDLE, _RIGHT, y + high / 2, dashed=row.right_dashed)
        _box(parts, _RIGHT, y, high, row.right, dashed=row.right_dashed)
    _box(parts, _MIDDLE, top, bottom - top, band.middle)
    return bottom


def _groups(rows: Sequence[BandRow]) -> Iterator[tuple[int, int]]:
    """Yield from where to where rows lead to the same box on the right."""
    first = 0
    for _, found in groupby(rows, key=lambda row: (row.right, row.right_dashed)):
        end = first + len(list(found))
        yield first, end
        first = end


def _stretch(slots: list[float], first: int, end: int, needed: float) -> None:
    """Make the slots from `first` to `end` higher, all alike, until `needed` fits."""
    count = end - first
    missing = needed - sum(slots[first:end]) - (count - 1) * _GAP
    if missing > 0:
        for place in range(first, end):
            slots[place] += missing / count


def _high(text: str, column: Column) -> float:
    return len(wrap(text, column[1] - 2 * _PAD)) * _LEADING + 2 * _PAD


def wide(text: str, size: int) -> float:
    """Return about how many pixels `text` takes at most at a size."""
    bold = 1.12 if size != _SIZE else 1
    return sum(map(_letter, text)) * size * bold


def _letter(letter: str) -> float:
    if combining(letter):
        return 0
    if letter in _NARROW:
        return 0.42
    if letter == " ":
        return 0.34
    if letter in _BROAD or east_asian_width(letter) in "WF":
        return 1.05
    return 0.8 if letter.isupper() else 0.64


def _box(
    parts: list[str],
    column: Column,
    y: float,
    high: float,
    text: str,
    *,
    dashed: bool = False,
    fill: str = "",
) -> None:
    x, width = column
    parts.append(
        f'<rect x="{x}" y="{y:g}" width="{width}" height="{high:g}" rx="3" '
        f'fill="{fill or _FILLS[column]}" stroke="{INK}"{_dash(dashed)}/>\n'
    )
    lines = wrap(text, width - 2 * _PAD)
    top = y + (high - len(lines) * _LEADING) / 2
    _put(parts, lines, top, x=x + _PAD)


def _line(
    parts: list[str], start: Column, end: Column, y: float, *, dashed: bool
) -> None:
    parts.append(
        f'<path d="M{sum(start)} {y:g}H{end[0]}" stroke="{INK}" '
        f'stroke-width="1.5"{_dash(dashed)}/>\n'
    )


def _put(
    parts: list[str],
    lines: Sequence[str],
    top: float,
    size: int = _SIZE,
    *,
    x: int = _MARGIN,
    weight: str = "",
) -> float:
    """Put lines of text into `parts` and return where they end."""
    leading = _LEADING if size == _SIZE else size * 1.3
    bold = ' font-weight="bold"' if weight or size != _SIZE else ""
    larger = f' font-size="{size}"' if size != _SIZE else ""
    spans = "\n".join(
        f'<tspan x="{x}" y="{top + place * leading + leading * 0.72:g}">{xml_text(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    parts.append(f"<text{larger}{bold}>{spans}</text>\n")
    return top + len(lines) * leading


def _dash(dashed: bool) -> str:
    return ' stroke-dasharray="6 4"' if dashed else ""


_GRAPH_SIZE, _GRAPH_SMALL, _GRAPH_LEADING, _GRAPH_TITLE = 14, 12, 18, 21
_GRAPH_WIDTH, _GRAPH_PAD, _GRAPH_MARGIN, _GRAPH_LONGEST = 250, 8, 20, 160
_LABEL = 130
_DASHES = ' stroke-dasharray="6 4"'
#: Paper behind boxes of one kind after the other; the kind stands in each box as well.
_NODE_FILLS = ("#f3f2f1", "#d8e7f5", "#fff3d6", "#dff0e0", "#f4e2ef", "#e8e4f5")


class Node(NamedTuple):
    """A box: what it is and what kind of thing."""

    label: str
    kind: str


class DrawnEdge(NamedTuple):
    """An arrow between the boxes with these numbers, dashed where it is in doubt."""

    start: int
    end: int
    label: str
    dashed: bool = False


def graph(
    name: str,
    title: str,
    description: str,
    nodes: Sequence[Node],
    lines: Sequence[DrawnEdge],
    notes: Sequence[str],
) -> str:
    """Return the picture of `nodes` and `lines` below a `title`.

    `name` begins the ids, so that several pictures can stand on one page; the
    `description` is for those who cannot see it; `notes` stand below it.

    >>> nodes = [Node("Dorset Council", "body"), Node("to adopt a plan", "duty")]
    >>> graph("p", "Who?", "Said aloud.", nodes, [DrawnEdge(0, 1, "must")], []).count("<rect")
    3
    """
    texts = [
        wrap(_cut(node.label), _GRAPH_WIDTH - 2 * _GRAPH_PAD, _GRAPH_SIZE)
        for node in nodes
    ]
    boxes = [
        (_GRAPH_WIDTH, (len(text) + 1) * _GRAPH_LEADING + _GRAPH_PAD) for text in texts
    ]
    labels = [wrap(_cut(line.label), _LABEL, _GRAPH_SMALL) for line in lines]
    links = [
        LayoutEdge(
            line.start, line.end, (_broad(label), len(label) * (_GRAPH_SMALL + 3) + 2)
        )
        for line, label in zip(lines, labels, strict=True)
    ]
    made = plan(boxes, links)
    width = max(made.size[0] + 2 * _GRAPH_MARGIN, 640)
    parts: list[str] = []
    inner = width - 2 * _GRAPH_MARGIN
    y = _texts(
        parts,
        wrap(visible(title), inner, _GRAPH_TITLE),
        _GRAPH_MARGIN,
        _GRAPH_MARGIN,
        _GRAPH_TITLE,
    )
    y += _GRAPH_PAD
    arrows = zip(lines, labels, made.arrows, strict=True)
    parts.append(f'<g transform="translate({_GRAPH_MARGIN} {y:g})">\n')
    for line, label, arrow in arrows:
        _arrow(parts, arrow, label, f"{name}-head", dashed=line.dashed)
    fills = _fills(node.kind for node in nodes)
    for node, text, size, place in zip(nodes, texts, boxes, made.boxes, strict=True):
        _node(parts, place, size, [_cut(node.kind), *text], fills[node.kind])
    parts.append("</g>\n")
    y += made.size[1] + _GRAPH_MARGIN
    for note in notes:
        y = _texts(
            parts,
            wrap(visible(note), inner, _GRAPH_SIZE),
            _GRAPH_MARGIN,
            y,
            _GRAPH_SIZE,
        )
    height = round(y + _GRAPH_MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}" role="img" lang="en-GB" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'font-family="{FONT}" font-size="{_GRAPH_SIZE}" fill="{INK}">\n'
        f'<title id="{name}-title">{xml_text(title)}</title>\n'
        f'<desc id="{name}-desc">{xml_text(description)}</desc>\n'
        f'<defs><marker id="{name}-head" viewBox="0 0 10 8" refX="9" refY="4" '
        'markerWidth="10" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L10 4L0 8Z" fill="{INK}"/></marker></defs>\n'
        f'<rect width="{width:.0f}" height="{height}" fill="{PAPER}"/>\n'
        f"{''.join(parts)}</svg>\n"
    )


def _cut(text: str) -> str:
    """Return a label that can be read in a box: what is longer ends in dots."""
    text = visible(text)
    return (
        text
        if len(text) <= _GRAPH_LONGEST
        else f"{text[: _GRAPH_LONGEST - 1].rstrip()}\u2026"
    )


def _broad(lines: Sequence[str]) -> float:
    return max([1, *(wide(line, _GRAPH_SMALL) for line in lines)]) + 6


def _fills(kinds: Iterable[str]) -> dict[str, str]:
    known = dict.fromkeys(kinds)
    return {
        kind: _NODE_FILLS[place % len(_NODE_FILLS)] for place, kind in enumerate(known)
    }


def _arrow(
    parts: list[str], arrow: Curve, label: Sequence[str], head: str, *, dashed: bool
) -> None:
    start, *points = arrow.points
    curve = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(
        f'<path d="M{start[0]:.1f},{start[1]:.1f}C{curve}" fill="none" stroke="{INK}" '
        f'marker-end="url(#{head})"{_DASHES if dashed else ""}/>\n'
    )
    x, y = arrow.label
    top = y - len(label) * (_GRAPH_SMALL + 3) / 2
    _texts(parts, label, x, top, _GRAPH_SMALL, middle=True)


def _node(
    parts: list[str],
    place: Place,
    size: tuple[float, float],
    lines: Sequence[str],
    fill: str,
) -> None:
    """Put a box with its kind above its label into `parts`."""
    x, y = place[0] - size[0] / 2, place[1] - size[1] / 2
    parts.append(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:g}" height="{size[1]:g}" '
        f'rx="3" fill="{fill}" stroke="{INK}"/>\n'
    )
    kind, *label = lines
    _texts(parts, [kind], x + _GRAPH_PAD, y + _GRAPH_PAD / 2, _GRAPH_SMALL, italic=True)
    _texts(
        parts, label, x + _GRAPH_PAD, y + _GRAPH_PAD / 2 + _GRAPH_LEADING, _GRAPH_SIZE
    )


def _texts(
    parts: list[str],
    lines: Sequence[str],
    x: float,
    top: float,
    size: int,
    *,
    middle: bool = False,
    italic: bool = False,
) -> float:
    """Put lines of text into `parts` and return where they end."""
    leading = {_GRAPH_SIZE: _GRAPH_LEADING, _GRAPH_SMALL: _GRAPH_SMALL + 3}.get(
        size, size * 1.3
    )
    looks = f' font-size="{size}"' if size != _GRAPH_SIZE else ""
    looks += ' font-weight="bold"' if size == _GRAPH_TITLE else ""
    looks += ' text-anchor="middle"' if middle else ""
    looks += ' font-style="italic"' if italic else ""
    spans = "\n".join(
        f'<tspan x="{x:.1f}" y="{top + number * leading + leading * 0.75:.1f}">{xml_text(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    parts.append(f"<text{looks}>{spans}</text>\n")
    return top + len(lines) * leading
