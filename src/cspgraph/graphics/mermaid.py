"""Texts for Mermaid, of which it reads nothing as its own signs."""

from __future__ import annotations

__all__ = ["plain", "quoted"]

_SAFE = set(" .,()/:'-\u2013\u2019")


def plain(text: str) -> str:
    """Return `text` in letters, digits and stops only, which Mermaid reads as they are.

    >>> plain("Dorset & <Wiltshire>")
    'Dorset &  Wiltshire '
    """
    return "".join(c if c.isalnum() or c in _SAFE | {"&"} else " " for c in text)


def quoted(text: str) -> str:
    """Return `text` for a label; what Mermaid might read as its own stands as a number.

    >>> quoted('Dorset & "Wiltshire"')
    'Dorset #38; #34;Wiltshire#34;'
    """
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in text)
