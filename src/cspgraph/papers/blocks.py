"""What a paper is made of: sections of paragraphs and tables, with links to the law."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Link", "Paper", "Section", "Table"]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address of the web; without one it is only a text."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles, with a caption that says what they are."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands below it: paragraphs and tables."""

    title: str
    parts: tuple[str | Table, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A title, what comes first, and the sections; `day` is the day it speaks of."""

    title: str
    day: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
