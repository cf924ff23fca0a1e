"""Duties derived by the rules, cut to a day, and dated.

Not here: law, register or records themselves, or the questions asked of them.
"""

from __future__ import annotations

__all__: list[str] = []
