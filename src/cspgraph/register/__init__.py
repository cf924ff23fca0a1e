"""Which areas, councils and bodies there were on which day, read from their tables.

Not here: how the tables are made (`tools/build_register`), or what the law asks.
"""

from __future__ import annotations

__all__: list[str] = []
