"""Why, why not and what changed: each answer ends in a provision or in what was not found.

Not here: how duties are derived, or what a check says of them.
"""

from __future__ import annotations

__all__: list[str] = []
