"""Questions as SPARQL files: read, bound, asked, and their answers.

Not here: which files make the graph (`dataset`), or the command line.
"""

from __future__ import annotations

__all__: list[str] = []
