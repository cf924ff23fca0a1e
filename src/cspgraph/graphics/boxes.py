"""Boxes with lines between them, in three columns or as a tree, as SVG without a script.

In columns, a band has one box in the middle, with a row for each box on its left; equal boxes on
the right that follow one another are one. Boxes never overlap: each row is as high as
its longest text. Widths are estimated for a wide typeface, because nobody knows which
one the reader has.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, east_asian_width

from cspgraph.inert import in_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FONT", "INK", "PAPER", "Band", "Row", "outline", "svg", "wide", "wrap"]

_SIZE, _LEADING, _PAD, _GAP, _BAND_GAP = 15, 20, 8, 6, 18
_WIDTH, _MARGIN, _TITLE_SIZE = 1000, 20, 21
_LEFT, _MIDDLE, _RIGHT = (20, 350), (420, 230), (700, 280)
INK, PAPER = "#0b0c0c", "#ffffff"
_FILLS = {_LEFT: "#f3f2f1", _MIDDLE: "#d8e7f5", _RIGHT: PAPER}
_SHADES, _INDENT = ("#d8e7f5", "#f3f2f1", PAPER), 36
FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_NARROW, _BROAD = set("ijlftr.,:;'|!()[]/-\""), set("mwMW%@&\u2014")

Column = tuple[int, int]


class Row(NamedTuple):
    """A box on the left, the box on the right that it leads to, and which are dashed."""

    left: str
    right: str
    left_dashed: bool = False
    right_dashed: bool = False


class Band(NamedTuple):
    """A box in the middle and the rows that go through it."""

    middle: str
    rows: Sequence[Row]


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

    >>> bands = [Band("council", [Row("Dorset Council", "section 5")])]
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
        f'<title id="{name}-title">{in_xml(title)}</title>\n'
        f'<desc id="{name}-desc">{in_xml(description)}</desc>\n'
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


def _groups(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
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
        f'<tspan x="{x}" y="{top + place * leading + leading * 0.72:g}">{in_xml(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    parts.append(f"<text{larger}{bold}>{spans}</text>\n")
    return top + len(lines) * leading


def _dash(dashed: bool) -> str:
    return ' stroke-dasharray="6 4"' if dashed else ""
