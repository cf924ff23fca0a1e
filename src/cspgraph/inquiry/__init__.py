"""Questions and their answers: a file is read, its blanks are bound, rows come back.

An answer is shown as a table, a frame or a page; the catalogue of questions is data too.
"""

from __future__ import annotations

__all__ = []
