"""The graph at a glance: the country counted, ready views, a network, what law is in.

Not here: how boxes are drawn (`diagrams`), or which files there are.
"""

from __future__ import annotations

__all__: list[str] = []
