"""SPARQL servers that are not ours: asked, filled and tried.

Nothing that asks writes to them; `pushing` alone does.
"""

from __future__ import annotations

__all__ = []
