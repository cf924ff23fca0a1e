"""An answer as a file: a workbook, CSV, JSON, Markdown or a page, by its ending."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cspgraph.receipt import reach, warning
from cspgraph.render import html, xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.questions.answer import Answer

__all__ = ["saved"]

#: What spreadsheet programs need before UTF-8 text to read its letters.
_MARK = "\ufeff"


def saved(answer: Answer, ending: str, *, excel: bool = False) -> bytes:
    """Return `answer` as the bytes of a file with that ending, one of `answer.ENDINGS`.

    With `excel`, CSV begins with the mark by which spreadsheet programs know its
    letters. The same answer gives the same bytes.
    """
    match ending:
        case ".xlsx":
            return xlsx.workbook(answer.titles, [*_rows(answer)], [*_about(answer)])
        case ".csv":
            return ((_MARK if excel else "") + answer.to_csv()).encode()
        case ".json":
            return answer.to_json().encode()
        case ".md":
            return f"# {answer.question}\n\n{answer.to_markdown()}".encode()
    return html.page(answer.question, [answer._repr_html_()]).encode()


def _rows(answer: Answer) -> Iterator[list[str | int | date]]:
    """Yield the rows: days and numbers as they are, all else in words."""
    for values, words in zip(answer, answer.words(), strict=True):
        yield [
            value if isinstance(value, date | int) else word
            for value, word in zip(values.values(), words, strict=True)
        ]


def _about(answer: Answer) -> Iterator[str]:
    yield answer.sentence()
    yield from filter(None, [warning(answer.receipt), reach(answer.receipt)])
    for name, value in answer.receipt.items():
        if isinstance(value, str):
            yield f"{name}: {value}"
