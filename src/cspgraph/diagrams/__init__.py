"""Pictures, none without its rows in words: boxes, arrows, graphs, as SVG and Mermaid.

Graphviz lays them out where it is installed, and networkx elsewhere.
"""

from __future__ import annotations

__all__ = []
