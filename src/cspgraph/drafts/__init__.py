"""Drafts: what a report says, held until a person has confirmed it.

Not here: how a report is read (`reading`), or what keeps drafts out (`records.drafts`).
"""

from __future__ import annotations

__all__: list[str] = []
