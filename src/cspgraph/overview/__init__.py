"""The graph at a glance: an area drawn, ready views, the country counted, a network.

Pictures and counts say the same in words; the network is for programs.
"""

from __future__ import annotations

__all__ = []
