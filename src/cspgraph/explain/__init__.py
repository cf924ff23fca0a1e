"""Why, why not and what changed: each answer ends in a provision or in what was not found.

Chains are made of steps; each condition of a duty is looked at in a fixed order.
"""

from __future__ import annotations

__all__ = []
