"""The graph at a glance: an area drawn, ready views, the country counted, a network.

Each is made of answers to shipped questions and says the same in words.
"""

from __future__ import annotations

__all__ = []
