"""A record as a form: sheets that people fill in, and the record that comes of them.

A workbook, a folder of tables and a YAML file are three formats for the same rows.
Not here: which records there are, or what a check finds in them.
"""

from __future__ import annotations

__all__: list[str] = []
