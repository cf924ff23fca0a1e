"""The makers of the tables in `data/register/built/`, from the files of publishers.

Not in the wheel: `cspgraph register build` finds them in a checkout.
"""

from __future__ import annotations

__all__: list[str] = []
