"""Texts from strangers made harmless: what cannot be seen is shown, formulas are text."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape

__all__ = [
    "brief",
    "csv_cell",
    "error_in_words",
    "escapes",
    "followed",
    "for_xml",
    "html_text",
    "json_text",
    "markdown_line",
    "markdown_text",
    "plain",
    "sheet_cell",
    "visible",
    "xml_text",
]

_SPACE = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: All but the letters that most texts are made of, and line breaks.
_SELDOM = re.compile("[^\n -~]")


def visible(text: str) -> str:
    r"""Return `text` on one line, with every letter that cannot be seen spelt out.

    Breaks become one space. Controls, marks that turn the direction of writing,
    lone surrogates and the like become `\x1b` or `\u202e`.

    >>> print(visible("a\n\u202eb\x1b[0m"))
    a \u202eb\x1b[0m
    """
    text = _SPACE.sub(" ", text)
    return text if text.isascii() and text.isprintable() else _shown(text)


def _shown(text: str) -> str:
    return "".join(
        _spelt(letter) if unicodedata.category(letter) in _UNSEEN else letter
        for letter in text
    )


def _spelt(letter: str) -> str:
    code = ord(letter)
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def for_xml(text: str) -> str:
    r"""Return `text` with a mark in place of each letter that XML must not hold.

    >>> for_xml("a\x00b")
    'a\ufffdb'
    """
    return _NOT_XML.sub("\ufffd", text)


def html_text(text: str) -> str:
    """Return `text` as it stands in HTML, between tags or in an attribute.

    >>> html_text("read & <bounded>")
    'read &amp; &lt;bounded&gt;'
    """
    return escape(_spaced(text))


_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*[]|~$"} | {"<": "&lt;", "@": "&#64;"}
)
#: Between letters it is no emphasis.
_UNDER = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK = re.compile(r"#{1,6}(?:\s|$)|>|[-+=](?:\s|$|[-=])")
#: Where the law and the names of this project stand: an address there may be followed.
_OURS = re.compile(
    r"https?://(?:www\.legislation\.gov\.uk|statistics\.data\.gov\.uk|w3id\.org/cspgraph)"
    r"/[\w/.,:;?=#%+~-]*"
)


def markdown_text(text: str) -> str:
    r"""Return `text` as words on one line of Markdown, with nothing in it that acts.

    No tag, link, image, emphasis or end of a cell; an address that is the whole
    text may be followed where it is one of the law.

    >>> print(markdown_text("[a](javascript:b) <c> https://d.example"))
    \[a\](javascript:b) &lt;c> https&#58;//d.example
    >>> markdown_text("http://www.legislation.gov.uk/id/ukpga/1998/37")
    'http://www.legislation.gov.uk/id/ukpga/1998/37'
    """
    if _OURS.fullmatch(text):
        return text
    shown = _ENTITY.sub("&amp;", visible(text)).translate(_SIGNS)
    return (
        _UNDER.sub(r"\\_", shown).replace("://", "&#58;//").replace("www.", "www&#46;")
    )


def markdown_line(text: str) -> str:
    r"""Return `text` as `markdown_text` does, for a line of its own that begins no block.

    >>> print(markdown_line("# a"), markdown_line("1. b"))
    \# a 1\. b
    """
    shown = markdown_text(text)
    if _BLOCK.match(shown):
        return f"\\{shown}"
    return _NUMBERED.sub(r"\1\\\2", shown)


def followed(address: str) -> bool:
    """Return whether an address may be the target of a link in Markdown.

    >>> followed("https://example.org/a"), followed("https://example.org/) <b>")
    (True, False)
    """
    web = address.startswith(("http://", "https://"))
    return web and not set(address) & set(" <>()[]\\") and address == visible(address)


_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def json_text(whole: object) -> str:
    r"""Return `whole` as JSON in lines, with letters that cannot be seen as escapes.

    What JSON has no word for, such as a day, stands as text.

    >>> print(json_text({"a": "\u202eb"}), end="")
    {
      "a": "\u202eb"
    }
    """
    text = json.dumps(whole, ensure_ascii=False, indent=2, default=str)
    return f"{escapes(text)}\n"


def xml_text(text: str) -> str:
    r"""Return `text` as it stands in XML, with nothing in it that XML must not hold.

    >>> xml_text("a\x00 & b")
    'a\\x00 &amp; b'
    """
    return escape(for_xml(_spaced(text)))


def sheet_cell(text: str) -> str:
    """Return `text` for a cell of a spreadsheet; what begins like a formula gets a '.

    >>> sheet_cell("=1+1"), sheet_cell(" Dorset")
    ("'=1+1", ' Dorset')
    """
    return f"{_mark(text)}{visible(text)}"


def csv_cell(text: str) -> str:
    r"""Return `text` with a ' before it where a spreadsheet would take it for a formula.

    Lines and tabs stay; other letters that cannot be seen are spelt out.

    >>> csv_cell("=1+1"), csv_cell(" @a"), csv_cell("Dorset"), csv_cell("\uff1d1")
    ("'=1+1", "' @a", 'Dorset', "'\uff1d1")
    """
    return f"{_mark(text)}{_spaced(text)}"


def _mark(text: str) -> str:
    return "'" * (text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA))


def _spaced(text: str) -> str:
    """Return `text` as `plain` does, with its tabs."""
    return "\t".join(map(plain, text.split("\t")))


def escapes(data: str, *, pairs: bool = True) -> str:
    r"""Return JSON, or Turtle, in which letters that cannot be seen are written as escapes.

    It means the same to a program that reads it. Line breaks between values stay.
    Letters beyond the first 65,536 become two escapes in JSON, and one in Turtle,
    where `pairs` is false.

    >>> print(escapes('"\u202e"'))
    "\u202e"
    """

    def shown(found: re.Match[str]) -> str:
        letter = found[0]
        unseen = unicodedata.category(letter) in _UNSEEN
        return _escape(ord(letter), pairs=pairs) if unseen else letter

    return _SELDOM.sub(shown, data)


def _escape(code: int, *, pairs: bool) -> str:
    if code < 65536:
        return f"\\u{code:04x}"
    high, low = divmod(code - 65536, 1024)
    pair = f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return pair if pairs else f"\\U{code:08x}"


_MOST = 100
_LONG = re.compile(r"'[^'\n]{101,}'|\S{101,}")
_LONGEST = 4_000


def brief(text: str, most: int = _MOST) -> str:
    """Return `text`, or of a long one the beginning and the end.

    >>> len(brief("x" * 5_000)), brief("Dorset")
    (100, 'Dorset')
    """
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 3]}...{text[-end:]}"


def error_in_words(error: Exception) -> str:
    """Return what went wrong in one line; after wrong use, with the next step."""
    if not hasattr(error, "format_message"):
        return _short(plain(" ".join(str(error).split())))
    said = _short(plain(" ".join(error.format_message().split())))
    path = getattr(getattr(error, "ctx", None), "command_path", "cspgraph")
    return f"{said[:1].lower()}{said[1:].rstrip('.')}; see '{path} --help'"


def _short(text: str) -> str:
    """Return a message in which each value is cut to 100 characters."""
    text = _LONG.sub(lambda found: brief(found[0]), text)
    return brief(text, _LONGEST)


def plain(text: str) -> str:
    r"""Return `text` with every letter that cannot be seen spelt out, but for line ends.

    What moves the cursor, turns the direction of writing or hides reaches no terminal.

    >>> plain("\x1b[31mred")
    '\\x1b[31mred'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "\n".join(map(_shown, text.split("\n")))
