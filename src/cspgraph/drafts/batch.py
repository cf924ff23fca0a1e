"""Many reports read into drafts: in several processes, stopped and resumed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.drafts import draft
from cspgraph.errors import CspgraphError, FileError
from cspgraph.rdf.read import regular
from cspgraph.reading.convert import ENDINGS
from cspgraph.render.escape import error_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ReportOutcome", "read_all", "reports"]


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What became of one report: a sentence, and whether it was read or left."""

    report: str
    said: str
    read: bool
    #: Whether its draft was there already.
    kept: bool = False


def reports(folder: str | Path) -> list[Path]:
    """Return the files in a folder and below, in order; hidden ones are passed over.

    Raises `FileError` where there is none.
    """
    place = Path(folder)
    found = sorted(
        item
        for item in place.rglob("*")
        if item.is_file()
        and not any(p.startswith(".") for p in item.relative_to(place).parts)
    )
    if not found:
        raise FileError(
            str(folder),
            f"no file in this folder; a report ends in {', '.join(ENDINGS)}",
        )
    return found


def read_all(
    folder: str | Path,
    output: str | Path,
    *,
    jobs: int = 1,
    resume: bool = False,
    ending: str = ".yaml",
    area: str = "",
    url: str = "",
    on: str = "",
    kind: str = "",
) -> Iterator[ReportOutcome]:
    """Yield what became of each report in `folder`; its draft is written into `output`.

    With `resume`, a report whose draft is there and was read from the same bytes is
    passed over. A report that cannot be read is left, and the rest go on.
    """
    place, target = Path(folder), Path(output)
    target.mkdir(parents=True, exist_ok=True)
    given = {"area": area, "url": url, "on": on, "kind": kind}
    work: list[tuple[str, str, dict[str, str]]] = []
    taken: set[str] = set()
    for path in reports(place):
        if target.resolve() in path.resolve().parents:
            continue
        stem = "-".join(path.relative_to(place).with_suffix("").parts)
        name = stem if stem not in taken else f"{stem}{path.suffix.replace('.', '-')}"
        taken.add(name)
        made = target / f"{name}{ending}"
        if resume and _same(path, made):
            yield ReportOutcome(str(path), "its draft is there", read=True, kept=True)
        else:
            work.append((str(path), str(made), given))
    if jobs <= 1:
        yield from map(_one, work)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_one, item) for item in work]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            for item in waiting:
                item.cancel()
            raise


def _one(item: tuple[str, str, dict[str, str]]) -> ReportOutcome:
    path, made, given = item
    try:
        found = draft.read(path, **given)
        found.write(made)
    except CspgraphError as error:
        return ReportOutcome(path, error_in_words(error), read=False)
    except Exception as error:  # noqa: BLE001 - one bad report must not end the others
        return ReportOutcome(
            path, f"{path}: it cannot be read ({type(error).__name__})", read=False
        )
    return ReportOutcome(path, found.caption, read=True)


def _same(report: Path, made: Path) -> bool:
    try:
        if not made.is_file():
            return False
        digest = hashlib.sha256(regular(report)).hexdigest()
        return digest.encode() in regular(made)
    except FileError:
        return False
