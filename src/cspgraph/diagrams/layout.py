"""Where boxes and arrows stand: by Graphviz where it is installed, else in layers.

Graphviz is told sizes and numbers only, never a text, so no label can mean anything
to it, and what it gives does not depend on the typefaces of the machine. Without it,
networkx finds the layers, and boxes are put into the order that crosses least.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Curve", "LayoutEdge", "Place", "Plan", "Size", "plan"]

_POINTS = 72
_GAP, _BETWEEN, _THIN, _SWEEPS = 14, 34, 12, 8
_SECONDS = 60
_SPACE = '<<table border="0" cellborder="0" cellpadding="0" cellspacing="0" fixedsize="true" width="{}" height="{}"><tr><td></td></tr></table>>'

Size = tuple[float, float]
Place = tuple[float, float]


class LayoutEdge(NamedTuple):
    """An arrow to draw: the numbers of its ends, and the size of its label."""

    start: int
    end: int
    label: Size


class Curve(NamedTuple):
    """The points of a curve, three to each bend after the first, and its label's middle."""

    points: Sequence[Place]
    label: Place


class Plan(NamedTuple):
    """The size of a drawing, the middle of each box, and each arrow."""

    size: Size
    boxes: Sequence[Place]
    arrows: Sequence[Curve]


def plan(boxes: Sequence[Size], links: Sequence[LayoutEdge]) -> Plan:
    """Return where `boxes` of these sizes stand, from left to right along their `links`.

    The same boxes and links have the same plan; Graphviz, another version of it, and
    none give different ones.

    >>> drawn = plan([(100, 40), (100, 40)], [LayoutEdge(0, 1, (50, 16))])
    >>> drawn.boxes[0][0] < drawn.arrows[0].label[0] < drawn.boxes[1][0]
    True
    """
    return _graphviz(boxes, links) or _layers(boxes, links)


def _graphviz(boxes: Sequence[Size], links: Sequence[LayoutEdge]) -> Plan | None:
    """Return the plan of Graphviz; nothing where it is missing or fails."""
    program = shutil.which("dot")
    if program is None or not boxes:
        return None
    text = _dot(boxes, links)
    try:
        done = subprocess.run(  # noqa: S603 - a program of the machine, given numbers alone
            [program, "-Tjson0"],
            input=text.encode(),
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
        made = _read(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None
    complete = len(made.boxes) == len(boxes) and len(made.arrows) == len(links)
    return made if complete else None


def _dot(boxes: Sequence[Size], links: Sequence[LayoutEdge]) -> str:
    nodes = [
        f"n{number} [width={width / _POINTS:.4f} height={height / _POINTS:.4f}]"
        for number, (width, height) in enumerate(boxes)
    ]
    edges = [
        f"n{link.start} -> n{link.end} "
        f"[id=e{number} label={_SPACE.format(*map(round, link.label))}]"
        for number, link in enumerate(links)
    ]
    settings = "graph [rankdir=LR nodesep=0.16 ranksep=0.3]"
    return "\n".join(
        [
            f"digraph {{ {settings}",
            'node [shape=box fixedsize=true label=""]',
            *nodes,
            *edges,
            "}",
        ]
    )


def _read(told: dict[str, list[dict[str, str]] | str]) -> Plan:
    """Return the plan that Graphviz `told`, whose heights count from below."""
    _, _, width, high = map(float, str(told["bb"]).split(","))

    def place(pair: str) -> Place:
        x, y = map(float, pair.split(","))
        return x, high - y

    nodes = {item["name"]: place(item["pos"]) for item in _items(told, "objects")}
    arrows: dict[str, Curve] = {}
    for item in _items(told, "edges"):
        head, *points = item["pos"].split()
        curve = [*map(place, points), place(head.removeprefix("e,"))]
        # the head is a straight piece, so that the arrow points along it
        curve[-1:] = [curve[-2], curve[-1], curve[-1]]
        arrows[item["id"]] = Curve(curve, place(item["lp"]))
    return Plan(
        (width, high),
        [nodes[f"n{number}"] for number in range(len(nodes))],
        [arrows[f"e{number}"] for number in range(len(arrows))],
    )


def _items(
    told: dict[str, list[dict[str, str]] | str], name: str
) -> list[dict[str, str]]:
    found = told.get(name, [])
    return [] if isinstance(found, str) else found


class _Cell(NamedTuple):
    """What stands in a column: a box, a label, or a place that an arrow passes."""

    size: Size
    box: int | None = None


def _layers(boxes: Sequence[Size], links: Sequence[LayoutEdge]) -> Plan:
    """Return a plan of columns: boxes in every second one, labels between them.

    An arrow that goes over several columns has a place of its own in each of them,
    so it never runs behind a box.
    """
    column_of = _columns(len(boxes), links)
    columns: list[list[int]] = [[] for _ in range(2 * max([0, *column_of]) + 2)]
    cells: list[_Cell] = []

    def put(column: int, cell: _Cell) -> int:
        cells.append(cell)
        columns[column].append(len(cells) - 1)
        return len(cells) - 1

    for number, size in enumerate(boxes):
        put(2 * column_of[number], _Cell(size, number))
    ways: list[list[int]] = []
    for link in links:
        first, last = 2 * column_of[link.start], 2 * column_of[link.end]
        way = [put(first + 1, _Cell((link.label[0], link.label[1] + _THIN)))]
        way += [put(column, _Cell((0, _THIN))) for column in range(first + 2, last)]
        ways.append([link.start, *way, link.end])
    _order(columns, ways)
    places, size = _stand(columns, cells)
    halves = {
        cell: max(cells[other].size[0] for other in column) / 2
        for column in columns
        for cell in column
    }
    arrows = [_arrow(way, places, cells, halves) for way in ways]
    return Plan(size, places[: len(boxes)], arrows)


def _columns(count: int, links: Sequence[LayoutEdge]) -> list[int]:
    """Return the column of each box: behind all that lead to it, circles in one."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((link.start, link.end) for link in links)
    whole = nx.condensation(graph)
    found = [0] * count
    for column, group in enumerate(nx.topological_generations(whole)):
        for circle in group:
            for box in whole.nodes[circle]["members"]:
                found[box] = column
    return found


def _order(columns: list[list[int]], ways: Sequence[Sequence[int]]) -> None:
    """Sort each column by where the neighbours of its cells stand, to and fro."""
    near: dict[int, list[int]] = {cell: [] for column in columns for cell in column}
    for way in ways:
        for one, other in pairwise(way):
            near[one].append(other)
            near[other].append(one)
    place = {cell: n for column in columns for n, cell in enumerate(column)}
    where = {cell: n for n, column in enumerate(columns) for cell in column}
    for sweep in range(_SWEEPS):
        step = -1 if sweep % 2 == 0 else 1  # the columns before, then those behind
        for number in range(len(columns))[::-step]:
            column = columns[number]

            def middle(cell: int, beside: int = number + step) -> float:
                found = [place[other] for other in near[cell] if where[other] == beside]
                return sum(found) / len(found) if found else place[cell]

            column.sort(key=middle)
            place.update((cell, n) for n, cell in enumerate(column))


def _stand(
    columns: Sequence[Sequence[int]], cells: Sequence[_Cell]
) -> tuple[list[Place], Size]:
    """Return the middle of each cell, each column spread over the height, and the size."""
    places: list[Place] = [(0, 0)] * len(cells)
    heights = [sum(cells[cell].size[1] + _GAP for cell in c) for c in columns]
    high, x = max([0, *heights]), 0.0
    for column, height in zip(columns, heights, strict=True):
        wide = max([0, *(cells[cell].size[0] for cell in column)])
        spare = (high - height) / max(1, len(column))
        y = 0.0
        for cell in column:
            step = cells[cell].size[1] + _GAP + spare
            places[cell] = x + wide / 2, y + step / 2
            y += step
        x += wide + _BETWEEN * bool(column)
    return places, (max(0, x - _BETWEEN), high)


def _arrow(
    way: Sequence[int],
    places: Sequence[Place],
    cells: Sequence[_Cell],
    halves: Mapping[int, float],
) -> Curve:
    """Return the curve along `way`, level from side to side of each column it passes."""
    first, *inner, last = way
    label = places[inner[0]]
    stops = [(places[first][0] + cells[first].size[0] / 2, places[first][1])]
    for cell in inner:
        x, y = places[cell]
        level = y + cells[cell].size[1] / 2 - _THIN / 2
        stops += [(x - halves[cell], level), (x + halves[cell], level)]
    side = -1 if places[last][0] > places[first][0] else 1
    stops.append((places[last][0] + side * cells[last].size[0] / 2, places[last][1]))
    points = stops[:1]
    for (x1, y1), (x2, y2) in pairwise(stops):
        bend = max(abs(x2 - x1) / 2, _BETWEEN / 2)
        back = bend if side == 1 and (x2, y2) == stops[-1] else -bend
        points += [(x1 + bend, y1), (x2 + back, y2), (x2, y2)]
    return Curve(points, (label[0], label[1] - _THIN / 2))
