"""What is missing: shapes are looked at, duties stand or do not, a report says which.

What was not checked is told as well, so that silence is never taken for order.
"""

from __future__ import annotations

__all__ = []
