"""A record as a form: sheets that people fill in, and the record that comes of them.

A workbook, a folder of tables and a YAML file are three formats for the same rows.
"""

from __future__ import annotations

__all__ = []
