"""Records of documents and decisions: whose they are, where they disagree, how they are written.

A record never stands above the law or the register, and no record is never 'not done'.
"""

from __future__ import annotations

__all__ = []
