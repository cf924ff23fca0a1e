"""A record as a form: sheets that people fill in, and the record that comes of them.

Not here: which records there are, or what a check finds in them.
"""

from __future__ import annotations

__all__: list[str] = []
