"""Whether files and duties are in order: shapes looked at, standings, what was not checked.

Not here: how a report is written (`report`), or the command line.
"""

from __future__ import annotations

__all__: list[str] = []
