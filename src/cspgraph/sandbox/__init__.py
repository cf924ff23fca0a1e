"""SPARQL that strangers wrote: refused with a reason, or run where it can do no harm.

The gate reads it, a process that has given up what the kernel lets it runs it, and a
limit ends it.
"""

from __future__ import annotations

__all__ = []
