"""Questions and their answers: a file is read, its blanks are bound, rows come back.

An answer is a table, a frame or a picture; the catalogue of questions is data too.
"""

from __future__ import annotations

__all__ = []
