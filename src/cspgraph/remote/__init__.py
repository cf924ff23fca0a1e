"""SPARQL servers that are not ours: asked, filled and tried over HTTP.

Not here: the engines in this process (`rdf`), or a server of our own.
"""

from __future__ import annotations

__all__: list[str] = []
