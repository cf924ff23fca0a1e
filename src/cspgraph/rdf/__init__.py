"""Files and RDF, in and out: terms, engines, results, labels, and safe writing.

Not here: what the law says, which areas there are, or anything on the network.
"""

from __future__ import annotations

__all__: list[str] = []
