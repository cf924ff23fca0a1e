"""The brief for a committee report: its lines, its reasoning, its checklist.

It is put together from answers to questions that anybody can ask.
"""

from __future__ import annotations

__all__ = []
