"""What the law asks: duties derived and dated, documents held against it, coverage told.

The law itself is data, in `data/law/` and `ontology/rules/`; here it is only worked out.
"""

from __future__ import annotations

__all__ = []
