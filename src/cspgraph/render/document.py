"""What a paper is made of: sections of paragraphs and tables, with links to the law."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Document", "DocumentTable", "Hyperlink", "Section"]


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A text that leads to an address of the web; without one it is only a text."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """Rows under titles, with a caption that says what they are."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Hyperlink, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands below it: paragraphs and tables."""

    title: str
    parts: tuple[str | DocumentTable, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A title, what comes first, and the sections; `day` is the day it speaks of."""

    title: str
    day: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
