"""The lines of a report as blocks: number, heading, zone, and where a block stands.

Wrapped lines are joined, page furniture and contents pages are left out, and a list
belongs to the paragraph that opens it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cspgraph.days import fold
from cspgraph.reading.names import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.reading.convert import Line

__all__ = ["Block", "blocks"]

_BULLET = re.compile(
    r"^\s*(?:[-*\u2022\u25cf\u25aa\u25e6\u00b7\u2013\uf0b7o]|\(?[a-z]\)|\d{1,2}\)|\(?[ivx]{1,4}\))\s+(?=\S)"
)
_NUMBER = re.compile(
    r"^(?:[-*]\s+)?(\d{1,2}(?:\.\d{1,2}){1,3})\.?\)?(?:\s+|(?=[A-Z][a-z]))(?=\S)"
)
_TOP = re.compile(r"^\d{1,2}\.0\.?\s+[A-Z]")
_GLUED = re.compile(r"^(\d{1,2}\.\d{1,2})(?=[A-Z])")
_HEAD = re.compile(r"^(?:[-*]\s+)?(\d{1,2})\.?\)?\s+(?=[A-Z\"'])")
_FIELD = re.compile(r"^([A-Z][A-Za-z() /&'-]{1,40}?(?:\(s\))?)\s*:\s*(\S.*)$")
#: A line that is shorter was not wrapped.
_SHORT_LINE = 40
_LEADER = re.compile(
    r"(?:\.\s?){4,}\s*\d+\s*$|^\s*\d+(?:\.\d+)*\s+.{3,60}\s{3,}\d+\s*$"
)
_PAGE = re.compile(r"^(?:page\s+)?\d{1,3}(?:\s+of\s+\d{1,3})?$|^tudalen \d+$", re.I)
_OPEN = re.compile(
    r"(?:\b(?:the|a|an|of|to|by|for|in|on|with|that|its|their|ensuring|including)|,)$",
    re.I,
)
_SENTENCE = re.compile(r"[.!?;:]['\")\u201d\u2019]*$")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|includes?|following|will|be|must|should|below|attached|agreed|sets?|provides?)\b"
)
_PEOPLE = re.compile(
    r"^(?:(?:report )?author|contact(?: officer)?|tel(?:ephone)?|e-?mail|job title|lead (?:officer|member)|"
    r"(?:executive |strategic |corporate )?director|cabinet member.*|portfolio holder.*|local councillor.*|"
    r"ward.*|officer|swyddog.*|chair(?:man|person)?|councillors?|present|apologies|in attendance|also present|officers?|members?|lead officers?|moved by|seconded by)(?:\(s\))?$",
    re.I,
)


_PERSON = re.compile(r"^(?:Cllr|Councillor|Mr|Mrs|Ms|Dr|[A-Z]\.? [A-Z][a-z]+,)\b")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, heading or field, and where it stands."""

    text: str
    kind: str  # paragraph, bullet, heading, field, cell
    place: str
    heading: str
    zone: str
    #: The number of the paragraph that opens the list it stands in, or of itself.
    group: int
    start: int = 0
    label: str = ""


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks of a report, in order, without page furniture."""
    return list(_placed(_joined(_without_furniture(lines))))


def _without_furniture(lines: Sequence[Line]) -> list[Line]:
    shapes = Counter(
        _shape(line.text) for line in lines if line.style == "line" and line.page
    )
    pages = max((line.page for line in lines), default=0)
    often = {
        shape
        for shape, count in shapes.items()
        if pages > 2 and count >= max(3, pages // 2) and shape
    }
    return [
        line
        for line in lines
        if not (line.style == "line" and line.page and _shape(line.text) in often)
        and not _LEADER.search(line.text)
        and not _PAGE.match(line.text.strip())
    ]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", fold(text)).casefold()[:80]


@dataclass(slots=True)
class _Piece:
    text: str
    style: str
    #: The length of its last line, as it was printed.
    last: int = 0


def _joined(lines: Sequence[Line]) -> Iterator[_Piece]:
    """Yield paragraphs, joined from the lines of a text that is wrapped."""
    made: list[_Piece] = []
    gap = True
    for line in lines:
        text = line.text.rstrip()
        if not text.strip():
            gap = True
            continue
        if line.style != "line":
            made += [_Piece(t, line.style) for t in _cut(fold(text))]
            gap = True
            continue
        _take(made, text, gap=gap, paged=bool(line.page))
        gap = False
    yield from (piece for old in made for piece in _apart(old))


def _cut(text: str) -> list[str]:
    """Cut what came as one line, where numbers of paragraphs begin inside."""
    if len(text) < 400 and not re.search(r" \d{1,2}\.\d{1,2}[A-Z]", text):
        return [text]
    return [
        part.strip()
        for part in re.split(r"(?<=[.:;a-z\d]) (?=\d{1,2}\.\d{1,2}\.? ?[A-Z])", text)
    ]


def _apart(piece: _Piece) -> Iterator[_Piece]:
    for text in _cut(piece.text):
        yield _Piece(text, piece.style)


def _take(made: list[_Piece], text: str, *, gap: bool, paged: bool) -> None:
    clean = fold(text)
    last = made[-1] if made else None
    begins = bool(_NUMBER.match(clean) or _GLUED.match(clean) or _HEAD.match(clean))
    bullet = bool(_BULLET.match(text)) and not begins
    field = bool(_FIELD.match(clean)) and len(clean) < 120
    if last and last.style != "heading":
        cut = not _SENTENCE.search(last.text) and len(last.text.split()) > 6
        small = clean[:1].islower() and not bullet
        if cut and (small or (_OPEN.search(last.text) and not begins)):
            last.text = (
                f"{last.text} {_BULLET.sub('', text).strip() if bullet else clean}"
            )
            return
        long = len(last.text.split("\n")[-1]) > 45
        short = last.last < _SHORT_LINE and not clean[:1].islower()
        same = not (gap or begins or bullet or field or short)
        if (
            same
            and (not paged or (long and not _ended(last.text)))
            and not _known_heading(clean)
            and not _known_heading(last.text)
        ):
            last.text = f"{last.text} {clean}"
            last.last = len(clean)
            return
    if bullet:
        made.append(_Piece(fold(_BULLET.sub("", text)), "bullet", len(clean)))
    else:
        made.append(_Piece(re.sub(r"^[-*]\s+(?=\d)", "", clean), "line", len(clean)))


def _ended(text: str) -> bool:
    return bool(re.search(r"[.!?:]$", text))


def _known_heading(text: str) -> bool:
    return bool(zone_of(text)) or (
        len(text) < 90 and bool(_HEAD.match(text)) and not _SENTENCE.search(text)
    )


def zone_of(text: str) -> str:
    """Return what a heading makes of the paragraphs below it; empty for no known one.

    >>> zone_of("Recommendation:"), zone_of("12. Background Papers"), zone_of("Aims")
    ('recommendation', 'none', '')
    """
    plain = re.sub(r"^\d+(?:\.\d+)*\.?\s+", "", fold(text)).rstrip(" :.")
    if len(plain) > 110:
        return ""
    for zone, pattern in names().zones:
        if pattern.fullmatch(plain):
            return zone
    return ""


def _is_heading(piece: _Piece, following: str) -> bool:
    text = piece.text
    if piece.style == "heading":
        return True
    if piece.style not in ("line", "paragraph"):
        return False
    if zone_of(text):
        return True
    if _NUMBER.match(text):
        return bool(_TOP.match(text)) and len(text) < 90 and not _SENTENCE.search(text)
    if _PERSON.match(text):
        return False
    plain = text.rstrip(":")
    if _HEAD.match(text) and re.search(r"^\S+ (?:That|To) |;(?: and)?$", text):
        return False
    if _HEAD.match(text):
        return len(text) < 130 and not _SENTENCE.search(plain)
    return (
        len(plain.split()) <= 14
        and len(plain) < 110
        and plain[:1].isupper()
        and not _SENTENCE.search(plain)
        and not _FIELD.match(text)
        and not _VERB.search(plain)
        and following in ("line", "paragraph", "bullet", "heading")
    )


def _placed(pieces: Iterator[_Piece]) -> Iterator[Block]:
    held = list(pieces)
    heading, zone, level_zone = "", "", ""
    raw: list[Block] = []
    group = start = 0
    number = ""
    for count, piece in enumerate(held):
        text = piece.text
        following = held[count + 1].style if count + 1 < len(held) else ""
        begin, start = start, start + len(text) + 1
        opened = re.match(
            r"^(RESOLVED|Resolved|PENDERFYNWYD|Recommended|RECOMMENDED)\b(?=\W*\w)",
            text,
        )
        if not opened and _is_heading(piece, following):
            new = "none" if _PEOPLE.match(text.rstrip(" :")) else zone_of(text)
            numbered = bool(_HEAD.match(text))
            if (
                new
                or numbered
                or piece.style == "heading"
                or zone not in ("none",)
                or zone_of(heading) == ""
            ):
                zone = ("" if new == "body" else new) or (
                    ""
                    if (numbered or piece.style == "heading" or level_zone != "none")
                    else zone
                )
            level_zone = new
            heading, number = text, ""
            group = count
            raw.append(Block(text, "heading", "", heading, zone, group, begin))
            continue
        found = _NUMBER.match(text) or _GLUED.match(text)
        label = ""
        kind = (
            "bullet"
            if piece.style == "bullet"
            else "cell"
            if piece.style == "cell"
            else "paragraph"
        )
        if found and piece.style != "bullet":
            number, text, group = found[1], text[found.end() :].strip(), count
        elif kind == "bullet":
            pass
        else:
            field = _FIELD.match(text)
            if field and len(text) < 160 and not opened:
                kind, label = "field", field[1]
            if not (
                number and raw and raw[-1].kind == "bullet" and kind == "paragraph"
            ):
                number = (
                    ""
                    if kind == "field"
                    else number
                    if number and text[:1].islower()
                    else ""
                )
            else:
                number = ""
            group = count
        here = zone
        if kind == "field" and _PEOPLE.match(label):
            here = "none"
        if opened and zone != "none":
            here = (
                "resolution"
                if opened[1].lower().startswith(("res", "pen"))
                else "recommendation"
            )
        if (
            re.match(r"^(?:cllr|councillor|tel|e-?mail)\b", text, re.I)
            and len(text) < 90
        ):
            here = "none"
        raw.append(Block(text, kind, number, heading, here, group, begin, label))
    yield from _named(raw)


def _named(raw: Sequence[Block]) -> Iterator[Block]:
    """Give each block its place: the printed number, or heading and count."""
    under: dict[str, list[int]] = {}
    for block in raw:
        if block.kind != "heading" and not block.place:
            seen = under.setdefault(block.heading, [])
            if block.group not in seen:
                seen.append(block.group)
    for block in raw:
        if block.kind == "heading":
            yield replace(block, place=_short(block.text))
        elif block.place:
            yield block
        else:
            seen = under[block.heading]
            short = _short(block.heading) if block.heading else "Head"
            many = len(seen) > 1 and bool(block.heading)
            count = f" {seen.index(block.group) + 1}" if many else ""
            yield replace(block, place=f"{short}{count}")


def _short(heading: str) -> str:
    plain = re.sub(r"^\d+(?:\.\d+)*\.?\)?\s+", "", heading).rstrip(" :.")
    return plain if len(plain) <= 60 else f"{plain[:57].rstrip()}..."
