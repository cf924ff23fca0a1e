"""Which areas, councils and bodies there were on which day: the register, and how it is made.

The tables are read by `register`; the rest makes them from the files of their publishers.
"""

from __future__ import annotations

__all__ = []
