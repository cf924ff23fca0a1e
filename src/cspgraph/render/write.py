"""Documents for people: Markdown, HTML and Word, one to a module.

A new form is a new module here with a function `written`, and a line below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cspgraph.render.document import Document

__all__ = ["ENDINGS", "document"]

#: The module of each form, by the ending of its file.
ENDINGS = {".md": "markdown", ".html": "html", ".docx": "docx"}


def document(paper: Document, ending: str) -> bytes:
    r"""Return `paper` as the bytes of a file that ends in `ending`: .md, .html or .docx.

    >>> from cspgraph.render.document import Document
    >>> document(Document("Brief", "2024-07-23", (), ()), ".md")
    b'# Brief\n'
    """
    made = import_module(f"cspgraph.render.{ENDINGS[ending]}").written(paper)
    data: bytes = made.encode() if isinstance(made, str) else made
    return data
