"""The drafts among the files that a user names: kept out, or taken as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.rdf.files import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["apart"]


def apart(
    paths: Sequence[str | Path | Source], tell: Callable[[str], object], *, drafts: bool
) -> tuple[tuple[str | Path, ...], list[Source], list[str]]:
    """Return the paths that are no drafts, the drafts as records, and those kept out.

    Without `drafts` each draft is told and kept out. With them every fact of a draft
    that nobody has refused is taken. A source that was read already is taken as it is.

    >>> apart(["mine.trig"], print, drafts=False)
    (('mine.trig',), [], [])
    """
    kept: list[str | Path] = []
    taken: list[Source] = []
    left: list[str] = []
    for path in paths:
        if isinstance(path, Source):
            taken.append(path)
        elif not str(path).lower().endswith(
            (".yaml", ".yml", ".xlsx")
        ) or not _is_draft(path):
            kept.append(path)
        elif drafts:
            taken.append(_record(path, tell))
        else:
            left.append(str(path))
            tell(
                f"{path}: a draft that nobody has confirmed; it is left out"
                " (--drafts counts it, 'cspgraph confirm' makes a record of it)"
            )
    return tuple(kept), taken, left


def _is_draft(path: str | Path) -> bool:
    from cspgraph.drafts import draft

    return draft.is_draft(path)


def _record(path: str | Path, tell: Callable[[str], object]) -> Source:
    from cspgraph.drafts import draft, record

    held = draft.load(path)
    rows = held.filled(every=True)
    made = record.trig(rows, str(path), status="draft")
    for problem in made.problems:
        tell(f"{path}: {problem}")
    return Source(str(path), made.text.encode(), ".trig")
