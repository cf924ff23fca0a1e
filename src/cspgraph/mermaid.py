"""Texts for Mermaid, which reads many signs as its own."""

from __future__ import annotations

__all__ = ["label", "plain"]

_SAFE = set(" .,()/:'-\u2013\u2019")


def plain(text: str) -> str:
    """Return `text` in letters, digits and stops only, which Mermaid reads as they are.

    >>> plain('end "x"; %%')
    'end  x     '
    """
    return "".join(c if c.isalnum() or c in _SAFE | {"&"} else " " for c in text)


def label(text: str) -> str:
    """Return `text` for a label; what Mermaid might read as its own stands as a number.

    >>> label('Dorset & "Wiltshire"')
    'Dorset #38; #34;Wiltshire#34;'
    """
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in text)
