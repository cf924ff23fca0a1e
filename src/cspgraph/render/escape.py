"""Texts from strangers made harmless: what cannot be seen is shown, formulas are text."""

from __future__ import annotations

import re
import unicodedata
from html import escape

__all__ = [
    "brief",
    "csv_cell",
    "error_in_words",
    "escapes",
    "for_xml",
    "html_text",
    "plain",
    "sheet_cell",
    "visible",
    "xml_text",
]

_SPACE = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


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
    return escape(text)


def xml_text(text: str) -> str:
    r"""Return `text` as it stands in XML, with nothing in it that XML must not hold.

    >>> xml_text("a\x00 & b")
    'a\ufffd &amp; b'
    """
    return escape(for_xml(text))


def sheet_cell(text: str) -> str:
    """Return `text` for a cell of a spreadsheet; what begins like a formula gets a '.

    >>> sheet_cell("=1+1"), sheet_cell(" Dorset")
    ("'=1+1", ' Dorset')
    """
    mark = csv_cell(text).removesuffix(text)
    return f"{mark}{visible(text)}"


def csv_cell(text: str) -> str:
    """Return `text` with a ' before it where a spreadsheet would take it for a formula.

    >>> csv_cell("=1+1"), csv_cell(" @a"), csv_cell("Dorset")
    ("'=1+1", "' @a", 'Dorset')
    """
    formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if formula else text


def escapes(data: str, *, pairs: bool = True) -> str:
    r"""Return JSON, or Turtle, in which letters that cannot be seen are written as escapes.

    It means the same to a program that reads it. Line breaks between values stay.
    Letters beyond the first 65,536 become two escapes in JSON, and one in Turtle,
    where `pairs` is false.

    >>> print(escapes('"\u202e"'))
    "\u202e"
    """
    return "".join(
        letter
        if letter == "\n" or unicodedata.category(letter) not in _UNSEEN
        else _escape(ord(letter), pairs=pairs)
        for letter in data
    )


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
