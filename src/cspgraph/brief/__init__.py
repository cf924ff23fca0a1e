"""The checklist for a committee report: its lines, its reasons, its document.

Not here: the answers that it is made of, or how a document is written (`render`).
"""

from __future__ import annotations

__all__: list[str] = []
