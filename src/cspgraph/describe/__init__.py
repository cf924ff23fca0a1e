"""What a graph says of itself: labels for everything, its catalogue, and how it was derived.

Not here: how it is written to a file (`rdf.save`), or sent to a server (`remote`).
"""

from __future__ import annotations

__all__: list[str] = []
