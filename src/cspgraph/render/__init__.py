"""Rows and documents as text, Markdown, HTML, CSV and Word, safe for each target.

Not here: RDF, or anything that knows what the rows mean.
"""

from __future__ import annotations

__all__: list[str] = []
