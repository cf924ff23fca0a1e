"""A report as lines of text with their layout, whatever file it comes in.

Plain text, HTML, DOCX, and PDF with a text layer. What is not such a report is refused
in one sentence, before much of it is read.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn
from zipfile import BadZipFile, ZipFile

from cspgraph.errors import FileError, MissingPackageError
from cspgraph.rdf.read import regular

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENDINGS", "Line", "lines"]

ENDINGS = (".txt", ".text", ".md", ".html", ".htm", ".docx", ".pdf")
MAX_BYTES = 25 * 2**20
MAX_TEXT = 2_000_000
MAX_PAGES = 200
_SECONDS = 8.0
#: A zip file may not grow more than so many times, nor beyond so many bytes.
_GROWTH, _UNPACKED = 200, 60 * 2**20
_OTHERS = {
    ".doc": "an older kind of Word file; save it as .docx",
    ".odt": "a file of another word processor; save it as .docx",
    ".rtf": "a file of another word processor; save it as .docx",
    ".pptx": "slides are not read; read the report that they came with",
    ".xlsx": "a workbook is a form or a table, not a report",
}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif")
_LOGIN = re.compile(r"type=[\"']?password|sign in to (?:your account|continue)", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph: its text, what its layout says, and its page if known."""

    text: str
    #: `line` of a text that is not yet joined; `paragraph`, `heading`, `bullet`, `cell`.
    style: str = "line"
    page: int = 0
    level: int = 0


def lines(path: str | Path) -> list[Line]:
    """Return the lines of the report at `path`, in order.

    Raises `FileError` for what is no report that can be read, with what to do about it.

    >>> lines("no-such-report.pdf")
    Traceback (most recent call last):
    cspgraph.errors.FileError: no-such-report.pdf: no such file or directory; check the path
    """
    place, name = Path(path), str(path)
    ending = place.suffix.lower()
    data = regular(place, MAX_BYTES)
    if ending not in ENDINGS:
        raise FileError(name, _unknown(ending))
    found = list(_read(data, ending, name))
    if sum(len(line.text) for line in found) > MAX_TEXT:
        raise FileError(name, "it holds more text than a report; split it")
    return found


def _unknown(ending: str) -> str:
    if ending in _PICTURES:
        return "it is a picture; a report is read from its text, not from a scan"
    known = ", ".join(ENDINGS)
    return _OTHERS.get(ending, f"a report ends in {known}")


def _read(data: bytes, ending: str, name: str) -> Iterator[Line]:
    if not data.strip():
        raise FileError(name, "it is empty; download it again")
    if data[:5] == b"%PDF-":
        return _pdf(data, name)
    if data[:2] == b"PK":
        return _docx(data, name)
    if ending in (".pdf", ".docx"):
        if re.match(rb"\s*<(?:!doctype|html)", data, re.I):
            return _html(data, name)
        problem = f"it ends in {ending} and is none; download it again"
        raise FileError(name, problem)
    if ending in (".html", ".htm"):
        return _html(data, name)
    return _text(data, name)


def _decoded(data: bytes, name: str) -> str:
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise FileError(name, "it is no text; save the report as .txt, .docx or .pdf")
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _text(data: bytes, name: str) -> Iterator[Line]:
    page = 1
    for line in _decoded(data, name).splitlines():
        page += line.count("\f")
        yield Line(line.replace("\f", ""), "line", 0)


_BLOCKS = {"p", "li", "td", "th", "dd", "dt", "pre", "blockquote", "caption", "div"}
_SKIPPED = {
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "form",
    "noscript",
    "template",
}
_SKIPPED |= {"select", "button", "svg", "head", "aside"}


def _html(data: bytes, name: str) -> Iterator[Line]:
    from lxml import etree, html

    text = _decoded(data, name)
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        problem = "it is no page that can be read; save the page again"
        raise FileError(name, problem) from error
    found = list(_elements(root))
    words = sum(len(line.text.split()) for line in found)
    if words < 150 and _LOGIN.search(text):
        raise FileError(name, "it is a page to sign in; open the report and save that")
    if words < 25:
        problem = (
            "it is a menu or a page without the text; open the report and save that"
        )
        raise FileError(name, problem)
    return iter(found)


def _elements(root: Any) -> Iterator[Line]:
    """Yield the blocks of a page without calling itself, so that depth costs nothing."""
    held: list[str] = []
    style, level = "paragraph", 0
    waiting: list[tuple[str, Any]] = [("open", root)]

    def flush() -> Iterator[Line]:
        text = " ".join("".join(held).split())
        held.clear()
        if text:
            yield Line(text, style, 0, level)

    while waiting:
        what, node = waiting.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        block = tag in _BLOCKS or re.fullmatch(r"h[1-6]|br|tr|ul|ol|table|section", tag)
        if what == "close":
            if block and tag != "br":
                yield from flush()
                style, level = "paragraph", 0
            held.append(node.tail or "")
            continue
        if tag in _SKIPPED or not tag:
            held.append(node.tail or "")
            continue
        if tag == "br":
            yield from flush()
            held.append(node.tail or "")
            continue
        if block:
            yield from flush()
            style, level = (
                _style(tag),
                int(tag[1]) if tag[:1] == "h" and tag[1:].isdigit() else 0,
            )
        held.append(node.text or "")
        waiting.append(("close", node))
        waiting += [("open", child) for child in reversed(list(node))]
    yield from flush()


def _style(tag: str) -> str:
    if re.fullmatch(r"h[1-6]", tag):
        return "heading"
    return {"li": "bullet", "td": "cell", "th": "cell"}.get(tag, "paragraph")


def _refuse(name: str, problem: str) -> NoReturn:
    raise FileError(name, problem)


_BROKEN = "it is damaged or encrypted; open it in Word and save it again"
_PARTS = ("word/document.xml", "word/numbering.xml", "word/styles.xml")


def _docx(data: bytes, name: str) -> Iterator[Line]:
    try:
        with ZipFile(io.BytesIO(data)) as held:
            size = sum(info.file_size for info in held.infolist())
            if size > _UNPACKED or size > _GROWTH * max(len(data), 10_000):
                _refuse(name, "it unpacks to far more than a report holds; not read")
            names = held.namelist()
            if _PARTS[0] not in names:
                _refuse(name, "it is a zip file and no Word file (.docx)")
            parts = {part: _unpacked(held, part) for part in _PARTS if part in names}
    except (BadZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        raise FileError(name, _BROKEN) from error
    except zlib.error as error:
        raise FileError(name, _BROKEN) from error
    found = list(_paragraphs(parts, name))
    if not any(line.text.strip() for line in found):
        _refuse(name, "it holds pictures and no text; a scan is not read")
    return iter(found)


def _unpacked(held: ZipFile, part: str) -> bytes:
    """Return a part, at most as many bytes as are allowed, whatever its header says."""
    with held.open(part) as file:
        data = file.read(_UNPACKED + 1)
    if len(data) > _UNPACKED:
        raise ValueError(part)
    return data


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _paragraphs(parts: dict[str, bytes], name: str) -> Iterator[Line]:
    body = _tree(parts["word/document.xml"], name)
    styles, counted = _styles(parts.get("word/styles.xml"), name), _Numbers(parts, name)
    for node in body.iter(f"{_W}p"):
        if any(a.tag == f"{_W}txbxContent" for a in node.iterancestors()):
            continue
        text = "".join(_runs(node))
        look = node.find(f"{_W}pPr/{_W}pStyle")
        said = styles.get(look.get(f"{_W}val"), "") if look is not None else ""
        number = counted.before(node)
        cell = any(a.tag == f"{_W}tc" for a in node.iterancestors())
        if not text.strip():
            continue
        heading = re.match(r"(?:heading|title)\s*(\d?)", said, re.I)
        style = "heading" if heading else "cell" if cell else "paragraph"
        if number == "bullet" or (not heading and re.match(r"list bullet", said, re.I)):
            style, number = "bullet", ""
        for piece in text.split("\n"):
            if piece.strip():
                yield Line(
                    f"{number} {piece}".strip(),
                    style,
                    0,
                    int((heading and heading[1]) or 1) if heading else 0,
                )
                number = ""


def _runs(node: Any) -> Iterator[str]:
    for part in node.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        tag = part.tag.removeprefix(_W)
        yield {"t": part.text or "", "tab": " ", "br": "\n"}.get(tag, "-")


def _tree(data: bytes, name: str) -> Any:
    from lxml import etree

    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:4000]:
        raise FileError(name, "it declares a document type, which Word never does")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = "it is damaged; open it in Word and save it again"
        raise FileError(name, problem) from error


def _styles(data: bytes | None, name: str) -> dict[str, str]:
    if data is None:
        return {}
    found = {}
    for style in _tree(data, name).iter(f"{_W}style"):
        said = style.find(f"{_W}name")
        if said is not None:
            found[style.get(f"{_W}styleId")] = said.get(f"{_W}val", "")
    return found


class _Numbers:
    """The numbers that Word counts itself, such as 2.1."""

    def __init__(self, parts: dict[str, bytes], name: str) -> None:
        self._levels: dict[str, dict[int, tuple[str, str]]] = {}
        self._counts: dict[str, list[int]] = {}
        data = parts.get("word/numbering.xml")
        if data is None:
            return
        tree = _tree(data, name)
        kinds = {}
        for one in tree.iter(f"{_W}abstractNum"):
            kinds[one.get(f"{_W}abstractNumId")] = {
                int(level.get(f"{_W}ilvl", "0")): (
                    _val(level.find(f"{_W}numFmt")),
                    _val(level.find(f"{_W}lvlText")),
                )
                for level in one.iter(f"{_W}lvl")
            }
        for one in tree.iter(f"{_W}num"):
            kind = _val(one.find(f"{_W}abstractNumId"))
            self._levels[one.get(f"{_W}numId")] = kinds.get(kind, {})

    def before(self, node: Any) -> str:
        """Return the number printed before a paragraph, `bullet` for a mark, or nothing."""
        given = node.find(f"{_W}pPr/{_W}numPr")
        if given is None:
            return ""
        number = _val(given.find(f"{_W}numId"))
        level = int(_val(given.find(f"{_W}ilvl")) or 0)
        form, text = self._levels.get(number, {}).get(level, ("bullet", ""))
        if form in ("bullet", "none", ""):
            return "bullet"
        counts = self._counts.setdefault(number, [0] * 10)
        counts[level] += 1
        counts[level + 1 :] = [0] * (9 - level)
        if form != "decimal":
            return "bullet"
        return re.sub(r"%(\d)", lambda m: str(counts[int(m[1]) - 1] or 1), text)


def _val(node: Any) -> str:
    return "" if node is None else str(node.get(f"{_W}val", ""))


def _pdf(data: bytes, name: str) -> Iterator[Line]:
    try:
        import pypdf
    except ImportError as error:
        raise MissingPackageError("pypdf", "a report in PDF", "read") from error
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = _pages(pypdf.PdfReader(io.BytesIO(data), strict=False), name)
    except FileError:
        raise
    except Exception as error:
        said = f"it is damaged or of a kind not read ({type(error).__name__})"
        raise FileError(name, f"{said}; download it again") from error
    if sum(len(page.split()) for page in pages) < 20 * max(1, min(len(pages), 3)):
        problem = "it is a scan without text; ask for the text, or have it recognised"
        raise FileError(name, problem)
    return (
        Line(text, "line", number)
        for number, page in enumerate(pages, 1)
        for text in [*page.splitlines(), ""]
    )


def _pages(made: Any, name: str) -> list[str]:
    """Return the text of each page; refuse what is locked, too long or too slow."""
    if made.is_encrypted and not made.decrypt(""):
        _refuse(name, "it is encrypted; open it with its password and save it without")
    count = len(made.pages)
    if count > MAX_PAGES:
        said = f"it has {count} pages, more than {MAX_PAGES}"
        _refuse(name, f"{said}; save the pages of the report alone")
    begun, pages = monotonic(), []
    for page in made.pages:
        if monotonic() - begun > _SECONDS:
            _refuse(name, "its pages take too long to read; save it as text or .docx")
        pages.append(page.extract_text() or "")
    return pages
