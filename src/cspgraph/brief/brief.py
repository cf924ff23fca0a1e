"""A brief: the checklist for the report on which a body decides about a document.

It is built from answers alone: every line is a row, or several rows that say the
same, of a question that anybody can ask, with its provision, its day and its doubt.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cspgraph.receipt import day_in_words, receipt_in_words, supposed, warning
from cspgraph.render import write
from cspgraph.render.document import Document, DocumentTable, Hyperlink, Section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cspgraph.brief.lines import BriefLine, Sentence
    from cspgraph.questions.answer import Answer

__all__ = ["Brief", "Part"]

_WHAT = (
    "What the law in force on {} asks about the {} in {}, and what is on record about"
    " it by that day."
)
_SUPPOSED = (
    "What the law asks about the {} in {} on {}, and what is on record about it by"
    " that day."
)
_NOT_DONE = (
    "No record is not the same as not done: a standing tells what is on record here,"
    " and not what a body did. This is not legal advice."
)
#: The parts in which each duty stands once.
_COUNTED = ("deciding", "making", "telling", "regard")
_TITLES = {
    "what": "what the law asks",
    "bodies": "of whom",
    "with_whom": "with or to whom",
    "basis": "on what basis",
    "law": "law",
    "due": "last day in time",
    "standing": "on record?",
    "on_record": "what is on record",
    "doubt": "how sure",
    "note": "remark",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a brief: what it is about, what is said first, and its lines."""

    name: str
    title: str
    says: str
    lines: tuple[BriefLine, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The checklist for a report about a document; made by `KnowledgeGraph.brief`."""

    area: str
    document: str
    on: date
    parts: tuple[Part, ...]
    reason: tuple[Sentence, ...]
    asked: tuple[str, ...]
    told: Answer
    #: Of how many areas it tells: more than one for an area that holds districts.
    areas: int = 1

    def __str__(self) -> str:
        return self.to_markdown().rstrip()

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def title(self) -> str:
        """What is to be decided, where and on which day."""
        return f"Brief: {self.document}, {self.area}, {self.on:%-d %B %Y}"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many duties have each standing."""
        lines = (o for part in self.parts if part.name in _COUNTED for o in part.lines)
        return Counter(line.standing.word for line in lines if line.standing.word)

    @property
    def over(self) -> str:
        """Of how many areas the duties are, in words; empty for one."""
        return f", in {self.areas} areas together" if self.areas > 1 else ""

    @property
    def recommendation(self) -> str:
        """The reason for the recommendation, as one paragraph."""
        stays = supposed(self.told.receipt)
        first = f"{stays[2].upper()}{stays[3:]}: " if stays else ""
        return first + " ".join(sentence.text for sentence in self.reason)

    def paper(self) -> Document:
        """Return the brief as sections of paragraphs and tables."""
        said = ", ".join(
            f"{count} {word}" for word, count in sorted(self.counts.items())
        )
        first = warning(self.told.receipt)
        opening = (
            *([first] if first else []),
            self._what(),
            f"Duties by how they stand{self.over}: {said}." if said else _nothing(self),
            _NOT_DONE,
        )
        sections = [_section(part, self._read) for part in self.parts]
        sections.append(Section("Reason for recommendation (draft)", self._reasons()))
        sections.append(Section("Where this comes from", self._sources()))
        day = self.on.isoformat()
        return Document(self.title, day, opening, tuple(sections))

    def _what(self) -> str:
        """Say what the brief tells; beyond what is known, only what the law would ask."""
        day, stays = f"{self.on:%-d %B %Y}", supposed(self.told.receipt)
        if stays:
            return _SUPPOSED.format(self.document, self.area, f"{day}{stays}")
        return _WHAT.format(day, self.document, self.area)

    @property
    def _read(self) -> str:
        """The day of the law: the day asked for or, beyond what is known, that it was read."""
        if not supposed(self.told.receipt):
            return f"{self.on:%-d %B %Y}"
        return day_in_words(self.told.receipt["law_read"])

    def to_markdown(self) -> str:
        """Return the brief as Markdown."""
        return write.document(self.paper(), ".md").decode()

    def to_html(self) -> str:
        """Return the brief as a page of its own, which prints on A4."""
        return write.document(self.paper(), ".html").decode()

    def to_docx(self) -> bytes:
        """Return the brief as the bytes of a Word file. Needs python-docx."""
        return write.document(self.paper(), ".docx")

    def to_json(self) -> str:
        """Return one JSON object: day, parts with their lines, sentences, receipt."""
        from cspgraph.render import json_object

        whole = {
            "title": self.title,
            "area": self.area,
            "areas": self.areas,
            "document": self.document,
            "on": self.on.isoformat(),
            "counts": dict(sorted(self.counts.items())),
            "parts": [asdict(part) for part in self.parts],
            "reason": [asdict(sentence) for sentence in self.reason],
            "asked": self.asked,
            "receipt": dict(self.told.receipt),
        }
        return json_object.written(whole)

    def _reasons(self) -> tuple[str | DocumentTable, ...]:
        """Return the paragraph, and below it what each doubtful sentence rests on."""
        numbered = list(enumerate(self.reason, 1))
        doubtful = [
            f"Sentence {number} rests on {_cited(sentence)}: {'; '.join(sentence.doubt)}."
            f" {' '.join(sentence.notes)}".rstrip()
            for number, sentence in numbered
            if sentence.doubt
        ]
        clear = "Every sentence rests on a text of the law that was read."
        rows = tuple(
            (
                Hyperlink(str(number)),
                Hyperlink(one.law, one.law_url),
                Hyperlink(one.law_url),
            )
            for number, sentence in numbered
            for one in sentence.provisions
        )
        caption = f"The provisions, as they stood on {self._read}"
        table = DocumentTable(caption, ("sentence", "law", "address"), rows)
        return (self.recommendation, *(doubtful or [clear]), *([table] if rows else []))

    def _sources(self) -> tuple[str | DocumentTable, ...]:
        asked = f"Made from the answers to: {', '.join(self.asked)}."
        return (asked, *receipt_in_words(self.told.receipt).splitlines())


def _cited(sentence: Sentence) -> str:
    return " and ".join(one.law for one in sentence.provisions) or "no provision"


def _nothing(made: Brief) -> str:
    return (
        f"The law held here asks nothing about the {made.document} of a body in"
        f" {made.area} on {made.on:%-d %B %Y}{supposed(made.told.receipt)}."
    )


def _section(part: Part, read: str) -> Section:
    """Return `part` with one table of the columns in which a line has something."""
    if not part.lines:
        return Section(part.title, (part.says,))
    cells = [_cells(line) for line in part.lines]
    names = [name for name in _TITLES if any(row[name].text for row in cells)]
    caption = f"{part.title}: {len(cells)} line{'s' * (len(cells) != 1)}, law of {read}"
    rows = tuple(tuple(row[name] for name in names) for row in cells)
    table = DocumentTable(caption, tuple(_TITLES[name] for name in names), rows)
    return Section(part.title, (part.says, table) if part.says else (table,))


def _cells(line: BriefLine) -> dict[str, Hyperlink]:
    """Return the cells of `line`; without doubt, how the law was checked is said."""
    now = line.standing
    places = f" ({now.source})" if now.source else ""
    return {
        "what": Hyperlink(
            f"if the council has {line.provided}: {line.what}"
            if line.provided
            else line.what
        ),
        "bodies": Hyperlink(line.bodies if line.who or line.role else ""),
        "with_whom": Hyperlink("; ".join(line.with_whom)),
        "basis": Hyperlink(line.basis),
        "law": Hyperlink(line.law or "none found", line.law_url),
        "due": Hyperlink(line.last_day),
        "standing": Hyperlink(now.word),
        "on_record": Hyperlink(f"{now.on_record}{places}"),
        "doubt": Hyperlink("; ".join(line.doubt) or line.checked),
        "note": Hyperlink(line.note),
    }
