"""Boxes and arrows as SVG and Mermaid, none without its rows in words.

Not here: RDF, questions, or what a picture is about.
"""

from __future__ import annotations

__all__: list[str] = []
