"""What is told while work goes on: a sentence for whoever waits."""

from __future__ import annotations

__all__ = ["Slow"]


class Slow(str):
    """A sentence that says that work takes long, for a person who waits and no pipe.

    >>> Slow("deriving the country")
    'deriving the country'
    """

    __slots__ = ()
