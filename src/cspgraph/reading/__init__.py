"""A committee report read: its text, what it says happened, and what is in doubt.

Not here: what a name means in the register, or what a person confirmed (`drafts`).
"""

from __future__ import annotations

__all__: list[str] = []
