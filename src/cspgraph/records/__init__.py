"""What documents say happened: whose it is, which areas it is about, where sources differ.

Not here: the register, or what a check finds in records.
"""

from __future__ import annotations

__all__: list[str] = []
