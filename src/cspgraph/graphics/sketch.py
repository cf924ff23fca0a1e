"""Boxes with labels and arrows between them, as an SVG picture that needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cspgraph.graphics.boxes import FONT, INK, PAPER, wide, wrap
from cspgraph.graphics.layout import Link, plan
from cspgraph.inert import in_xml, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cspgraph.graphics.layout import Arrow, Place

__all__ = ["Line", "Node", "draw"]

_SIZE, _SMALL, _LEADING, _TITLE = 14, 12, 18, 21
_WIDTH, _PAD, _MARGIN, _LONGEST = 250, 8, 20, 160
_LABEL = 130
_DASHES = ' stroke-dasharray="6 4"'
#: Paper behind boxes of one kind after the other; the kind stands in each box as well.
_FILLS = ("#f3f2f1", "#d8e7f5", "#fff3d6", "#dff0e0", "#f4e2ef", "#e8e4f5")


class Node(NamedTuple):
    """A box: what it is and what kind of thing."""

    label: str
    kind: str


class Line(NamedTuple):
    """An arrow between the boxes with these numbers, dashed where it is in doubt."""

    start: int
    end: int
    label: str
    dashed: bool = False


def draw(
    name: str,
    title: str,
    description: str,
    nodes: Sequence[Node],
    lines: Sequence[Line],
    notes: Sequence[str],
) -> str:
    """Return the picture of `nodes` and `lines` below a `title`.

    `name` begins the ids, so that several pictures can stand on one page; the
    `description` is for those who cannot see it; `notes` stand below it.

    >>> nodes = [Node("Dorset Council", "body"), Node("to adopt a plan", "duty")]
    >>> draw("p", "Who?", "Said aloud.", nodes, [Line(0, 1, "must")], []).count("<rect")
    3
    """
    texts = [wrap(_cut(node.label), _WIDTH - 2 * _PAD, _SIZE) for node in nodes]
    boxes = [(_WIDTH, (len(text) + 1) * _LEADING + _PAD) for text in texts]
    labels = [wrap(_cut(line.label), _LABEL, _SMALL) for line in lines]
    links = [
        Link(line.start, line.end, (_broad(label), len(label) * (_SMALL + 3) + 2))
        for line, label in zip(lines, labels, strict=True)
    ]
    made = plan(boxes, links)
    width = max(made.size[0] + 2 * _MARGIN, 640)
    parts: list[str] = []
    inner = width - 2 * _MARGIN
    y = _put(parts, wrap(visible(title), inner, _TITLE), _MARGIN, _MARGIN, _TITLE)
    y += _PAD
    arrows = zip(lines, labels, made.arrows, strict=True)
    parts.append(f'<g transform="translate({_MARGIN} {y:g})">\n')
    for line, label, arrow in arrows:
        _arrow(parts, arrow, label, f"{name}-head", dashed=line.dashed)
    fills = _fills(node.kind for node in nodes)
    for node, text, size, place in zip(nodes, texts, boxes, made.boxes, strict=True):
        _box(parts, place, size, [_cut(node.kind), *text], fills[node.kind])
    parts.append("</g>\n")
    y += made.size[1] + _MARGIN
    for note in notes:
        y = _put(parts, wrap(visible(note), inner, _SIZE), _MARGIN, y, _SIZE)
    height = round(y + _MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}" role="img" lang="en-GB" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'font-family="{FONT}" font-size="{_SIZE}" fill="{INK}">\n'
        f'<title id="{name}-title">{in_xml(title)}</title>\n'
        f'<desc id="{name}-desc">{in_xml(description)}</desc>\n'
        f'<defs><marker id="{name}-head" viewBox="0 0 10 8" refX="9" refY="4" '
        'markerWidth="10" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L10 4L0 8Z" fill="{INK}"/></marker></defs>\n'
        f'<rect width="{width:.0f}" height="{height}" fill="{PAPER}"/>\n'
        f"{''.join(parts)}</svg>\n"
    )


def _cut(text: str) -> str:
    """Return a label that can be read in a box: what is longer ends in dots."""
    text = visible(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}\u2026"


def _broad(lines: Sequence[str]) -> float:
    return max([1, *(wide(line, _SMALL) for line in lines)]) + 6


def _fills(kinds: Iterable[str]) -> dict[str, str]:
    known = dict.fromkeys(kinds)
    return {kind: _FILLS[place % len(_FILLS)] for place, kind in enumerate(known)}


def _arrow(
    parts: list[str], arrow: Arrow, label: Sequence[str], head: str, *, dashed: bool
) -> None:
    start, *points = arrow.points
    curve = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(
        f'<path d="M{start[0]:.1f},{start[1]:.1f}C{curve}" fill="none" stroke="{INK}" '
        f'marker-end="url(#{head})"{_DASHES if dashed else ""}/>\n'
    )
    x, y = arrow.label
    top = y - len(label) * (_SMALL + 3) / 2
    _put(parts, label, x, top, _SMALL, middle=True)


def _box(
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
    _put(parts, [kind], x + _PAD, y + _PAD / 2, _SMALL, italic=True)
    _put(parts, label, x + _PAD, y + _PAD / 2 + _LEADING, _SIZE)


def _put(
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
    leading = {_SIZE: _LEADING, _SMALL: _SMALL + 3}.get(size, size * 1.3)
    looks = f' font-size="{size}"' if size != _SIZE else ""
    looks += ' font-weight="bold"' if size == _TITLE else ""
    looks += ' text-anchor="middle"' if middle else ""
    looks += ' font-style="italic"' if italic else ""
    spans = "\n".join(
        f'<tspan x="{x:.1f}" y="{top + number * leading + leading * 0.75:.1f}">{in_xml(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    parts.append(f"<text{looks}>{spans}</text>\n")
    return top + len(lines) * leading
