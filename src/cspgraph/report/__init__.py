"""What a check found: findings, the report of them, and one writer for each format.

Not here: how it is found (`validate`), or the files that are checked.
"""

from __future__ import annotations

__all__: list[str] = []
