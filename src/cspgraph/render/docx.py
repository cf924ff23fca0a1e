"""A paper as a Word file, the same bytes every time, with marks for screen readers."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, ZipInfo

from cspgraph.render.document import DocumentTable
from cspgraph.render.escape import visible
from cspgraph.render.html import linked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.render.document import Document, Hyperlink

__all__ = ["commented", "written"]

_LANGUAGE = "en-GB"
#: The first day that a zip file can hold: the day of writing would change the bytes.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_MARGIN_CM = 1.8


def written(paper: Document) -> bytes:
    """Return `paper` as the bytes of a Word file (.docx) on A4.

    Headings are headings, the first row of a table is its header on every page, and
    the language is British English. Needs python-docx.

    >>> from cspgraph.render.document import Document
    >>> written(Document("Brief", "2024-07-23", (), ()))[:2]
    b'PK'
    """
    import docx

    made = docx.Document()
    _set_up(made, paper)
    made.add_heading(visible(paper.title), 0)
    for text in paper.opening:
        made.add_paragraph(visible(text))
    for section in paper.sections:
        made.add_heading(visible(section.title), 1)
        for part in section.parts:
            if isinstance(part, DocumentTable):
                _add_table(made, part)
            else:
                made.add_paragraph(visible(part))
    held = io.BytesIO()
    made.save(held)
    return _without_days(held.getvalue())


def commented(data: bytes, notes: Sequence[tuple[str, str]]) -> tuple[bytes, int]:
    """Return the Word file `data` with a comment at each paragraph that holds some words.

    Each note is the words as they were read and what is said of them; the paragraph
    with most of these words in a row gets it. Returns also how many were placed. Nothing
    of the text is changed. Needs python-docx.
    """
    import docx
    from docx.oxml.ns import qn

    made = docx.Document(io.BytesIO(data))
    paragraphs = [p for p in _all_paragraphs(made) if p.runs]
    texts = [_plain(p.text) for p in paragraphs]
    count = 0
    for words, said in notes:
        place = _place_of(_plain(words), texts)
        if place is None:
            continue
        comment = made.add_comment(
            paragraphs[place].runs, visible(said), author="cspgraph", initials="csp"
        )
        comment._comment_elm.attrib.pop(qn("w:date"), None)
        count += 1
    held = io.BytesIO()
    made.save(held)
    return _without_days(held.getvalue()), count


def _all_paragraphs(made: Any) -> Iterator[Any]:
    yield from made.paragraphs
    for table in made.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _place_of(words: str, texts: Sequence[str]) -> int | None:
    """Return the first text that holds the words, or else as many of the first as can be."""
    parts = words.split()
    for size in range(len(parts), min(3, len(parts)) - 1, -1):
        wanted = " ".join(parts[:size])
        for number, text in enumerate(texts):
            if wanted and wanted in text:
                return number
    return None


def _set_up(made: Any, paper: Document) -> None:
    """Set the page, the language and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(_MARGIN_CM)
    page.top_margin = page.bottom_margin = Cm(_MARGIN_CM)
    styles = made.styles
    styles["Normal"].font.size = Pt(10)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)
    says = made.core_properties
    says.title, says.language, says.author = visible(paper.title), _LANGUAGE, ""
    says.comments = says.keywords = says.last_modified_by = ""
    day = datetime.fromisoformat(paper.day or "1980-01-01")
    says.created = says.modified = day


def _add_table(made: Any, table: DocumentTable) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    caption = made.add_paragraph(visible(table.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    grid = made.add_table(rows=1, cols=len(table.titles), style="Table Grid")
    for name in ("w:tblCaption", "w:tblDescription"):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), visible(table.caption))
        grid._tbl.tblPr.append(mark)
    head = grid.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, title in zip(head.cells, table.titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    for row in table.rows:
        cells = grid.add_row().cells
        for cell, link in zip(cells, row, strict=True):
            _fill(cell.paragraphs[0], link)
    for row in grid.rows:
        cannot_split = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(cannot_split)
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8)


def _fill(paragraph: Any, link: Hyperlink) -> None:
    """Put the text of `link` into `paragraph`, to be followed where it has an address."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(visible(link.text))
    if not linked(link.url).startswith("<a "):
        return
    run.font.size, run.font.underline = Pt(8), True
    target = paragraph.part.relate_to(
        link.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    place = OxmlElement("w:hyperlink")
    place.set(qn("r:id"), target)
    place.append(run._r)
    paragraph._p.append(place)


def _without_days(data: bytes) -> bytes:
    """Return the zip file `data` without the time of writing, and not compressed.

    Libraries that compress do not agree on the bytes.
    """
    held = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(held, "w") as new:
        for name in sorted(old.namelist(), key=_first_things_first):
            info = ZipInfo(name, _NO_DAY)
            info.create_system, info.external_attr = 3, 0o600 << 16
            new.writestr(info, old.read(name))
    return held.getvalue()


def _first_things_first(name: str) -> tuple[bool, str]:
    """Let the list of contents come first, as readers of such files expect."""
    return (name != "[Content_Types].xml", name)
