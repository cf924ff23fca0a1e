"""A report or a draft held against the law in one step, and the paper that comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.drafts import draft as drafts
from cspgraph.drafts import record
from cspgraph.errors import FileError, ParameterError
from cspgraph.rdf import save
from cspgraph.rdf.files import Source
from cspgraph.rdf.read import regular
from cspgraph.reading.convert import ENDINGS
from cspgraph.render.document import Document, DocumentTable, Hyperlink, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.claims import Comparison, Statement

__all__ = ["FORMATS", "is_report", "paper", "prepared", "write"]

FORMATS = (".html", ".md", ".json", ".csv", ".docx")


def is_report(word: str) -> bool:
    """Return whether a word names a file that is a report or a draft.

    >>> is_report("dorset-2024-07-23"), is_report("no-such-report.docx")
    (False, True)
    """
    place = Path(word)
    known = place.suffix.lower() in (*ENDINGS, ".yaml", ".yml", ".xlsx")
    return known or (place.is_file() and "/" in word)


def prepared(
    path: str, tell: Callable[[str], object], *, area: str = "", on: str = ""
) -> tuple[Source, str, tuple[str, ...]]:
    """Return the record that a report or a draft makes, its document, and the doubts.

    Raises `FileError` for a file that cannot be read, and `ParameterError` where the
    report says nothing of the law, or not on which day or of which area it is.
    """
    if drafts.is_draft(path):
        held = drafts.load(path)
    elif Path(path).suffix.lower() in ENDINGS or not Path(path).suffix:
        held = drafts.read(path, area=area, on=on)
    else:
        raise FileError(path, "it is no draft; make one with 'cspgraph read REPORT'")
    if not held.claims():
        raise FileError(
            path,
            "nothing that it says of the law was found, so nothing is held against it",
        )
    if not held.day:
        problem = "on: the report prints no day, and the law of its day is not known without; write --on"
        raise ParameterError(problem)
    made = record.trig(held.filled(every=True), path, status="draft")
    for problem in made.problems:
        tell(f"{path}: {problem}")
    doubts = tuple(f"{d.place}: {d.said}" for d in held.doubts)
    return (
        Source(path, made.text.encode(), ".trig"),
        f"document:{held.name}.report",
        doubts,
    )


def write(made: Comparison, output: str, report: str, doubts: tuple[str, ...]) -> int:
    """Write a comparison to `output`; return at how many paragraphs it stands, for Word.

    A report in Word is written again with a comment at each paragraph; of any other a
    Word file is a paper of its own.
    """
    from cspgraph.render import docx

    ending = save.ending(output, FORMATS)
    if ending == ".docx" and Path(report).suffix.lower() == ".docx":
        notes = [(one.words, comment(one)) for one in made.statements]
        data, count = docx.commented(regular(report), notes)
        save.save(data, output)
        return count
    if ending == ".docx":
        save.save(docx.written(paper(made, doubts)), output)
        return 0
    texts = {
        ".html": made.to_html,
        ".md": made.to_markdown,
        ".json": made.to_json,
        ".csv": made.to_csv,
    }
    save.save(texts[ending](), output)
    return 0


def comment(one: Statement) -> str:
    """Return what stands beside a paragraph: what the law says, where, and how sure."""
    lines = [f"Held against the law of the day: {one.verdict}."]
    for finding in one.findings:
        where = f" ({finding.law})" if finding.law else ""
        sure = f" Law {finding.verification}." if finding.verification else ""
        lines.append(f"{finding.why}{where}{sure}")
    lines.append("Read by rules; a person must look. This is not legal advice.")
    return "\n".join(lines)


def paper(made: Comparison, doubts: tuple[str, ...]) -> Document:
    """Return a comparison as a paper of tables."""
    rows = tuple(
        (
            Hyperlink(place),
            Hyperlink(words),
            Hyperlink(verdict),
            Hyperlink(why),
            Hyperlink(law, url),
        )
        for place, words, verdict, why, law, url in made.rows()
    )
    titles = ("place", "words", "verdict", "why", "law")
    parts: list[Section] = [
        Section("What it says of the law", (DocumentTable(made.caption, titles, rows),))
    ]
    silent = tuple(
        (Hyperlink(law, url), Hyperlink(duty), Hyperlink(binds))
        for law, duty, binds, url in made.silent_rows()
    )
    parts.append(
        Section(
            "Not mentioned",
            (DocumentTable(made.silence, ("law", "duty", "binds"), silent),)
            if silent
            else (made.silence,),
        )
    )
    if doubts:
        parts.append(Section("To look at", doubts))
    parts.append(
        Section(
            "What this rests on",
            (
                made.receipt,
                "Read by rules; a person must look. This is not legal advice.",
            ),
        )
    )
    return Document(made.title, str(made.told.on or ""), (), tuple(parts))
