"""The screen: results, notes, warnings, and the mark that work goes on.

Plain text with a line under the head: it reads well aloud, and it starts fast. Nothing
of the mark goes to a pipe.
"""

from __future__ import annotations

import os
import sys
import textwrap
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from cspgraph.receipt import receipt_in_words, warning
from cspgraph.render.escape import plain
from cspgraph.render.table import cards, fits, screen, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.triples import Triples
    from cspgraph.receipt import Receipt

__all__ = [
    "Patience",
    "begin",
    "caution",
    "end",
    "give",
    "give_triples",
    "hint",
    "hush",
    "note",
    "put",
    "quiet",
    "say",
    "show",
    "warn",
]

SECONDS = 2.0


class Patience:
    """Shows a mark and the seconds on standard error, once work has taken long.

    `make` gives what is shown: something with `start` and `stop`.
    """

    def __init__(self, make: Callable[[], Any], seconds: float = SECONDS) -> None:
        self._make, self._lock = make, Lock()
        self._shown: Any = None
        self._over = False
        self._timer = Timer(seconds, self._show)
        self._timer.daemon = True
        self._timer.start()

    def _show(self) -> None:
        with self._lock:
            if not self._over:
                self._shown = self._make()
                self._shown.start()

    def end(self) -> None:
        """Take the mark away; it does not come back."""
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown is not None:
                self._shown.stop()
                self._shown = None


class _State:
    patience: Patience | None = None
    quiet = False


def hush(*, on: bool) -> None:
    """Let nothing but results and errors be printed, or let the rest be printed too."""
    _State.quiet = on


def quiet() -> bool:
    """Return whether only results and errors are wanted."""
    return _State.quiet


def begin() -> None:
    """Begin to wait for work, if a person is there to see it."""
    end()
    if sys.stderr.isatty() and not _State.quiet:
        _State.patience = Patience(_mark)


def end() -> None:
    """End the wait: something is about to be printed."""
    if _State.patience is not None:
        _State.patience.end()
        _State.patience = None


def _mark() -> Any:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    shown = Progress(
        SpinnerColumn(),
        TextColumn("working"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    shown.add_task("")
    return shown


#: A first day, and the column beside it where only a day by then is known.
_FIRST, _LATEST = "since", "since by"


def say(text: str) -> None:
    """Print `text` for people, as far as their terminal has the letters."""
    coding = sys.stdout.encoding or "utf-8"
    letters = plain(text).encode(coding, "backslashreplace").decode(coding)
    put(f"{letters}\n", coding)


def put(text: str, coding: str = "utf-8") -> None:
    """Write data, the same bytes everywhere; end quietly when nobody reads on."""
    end()
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(coding))
        sys.stdout.flush()
    except BrokenPipeError as error:
        import typer

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error


def hint(text: str) -> None:
    """Print messages about the user's files and about slow work on standard error.

    The latter is for a person who waits: nothing of it goes to a pipe.
    """
    from cspgraph.progress import Slow

    if sys.stderr.isatty() or not isinstance(text, Slow):
        note(f"cspgraph: {text}")


def note(text: str) -> None:
    """Say at the end, on standard error, what was done; nothing with --quiet."""
    end()
    if not quiet():
        import typer

        typer.echo(plain(text), err=True)


def caution(text: str) -> None:
    """Say on standard error what must be known, with --quiet too."""
    import typer

    end()
    typer.echo(plain(text), err=True)


def warn(given: Receipt) -> None:
    """Print the warning for a day beyond what is known on standard error.

    It is said with --quiet too.
    """
    said = warning(given)
    if said:
        caution(f"cspgraph: {said}")


def give(
    answer: Answer, form: str, *, iris: bool | None = None, links: bool = False
) -> None:
    """Print `answer` in a form: csv, json, md, or a table with its receipt apart.

    With `iris`, full IRIs stand in place of names, unbroken; where it is None, the form
    has its way. With `links`, the addresses of the law stand below a table.
    """
    warn(answer.receipt)
    shown = answer.in_full() if iris else answer
    if form == "table":
        say(f"{answer.caption}\n{shown}" if iris else show(answer, links=links))
        note(receipt_in_words(answer.receipt))
        return
    if form == "csv":
        for line in answer.silence:  # a table of data has no place for it
            note(line)
    if form == "csv":
        put(answer.to_csv(iris=iris))
    else:
        put(answer.to_json() if form == "json" else shown.to_markdown())


def give_triples(found: Triples, form: str) -> None:
    """Print statements as RDF; what must be said of them goes to standard error."""
    warn(found.receipt)
    put(found.to(form))
    if found.silence:
        note(found.silence)


def show(answer: Answer, *, links: bool = False) -> str:
    """Return `answer` as text: the sentence, the caption, then a table or cards.

    A table only where every column fits without cutting a word; else a card for each
    row. Columns that are empty in every row are left out. With `links`, the addresses
    of the law stand once each at the end. Where a first day is not known, "by" and a
    day stand in its place.
    """
    words = answer.words()
    shown, addresses = [], []
    columns = dict(zip(answer.titles, zip(*words, strict=True), strict=False))
    if latest := columns.pop(_LATEST, ()):
        pairs = zip(columns[_FIRST], latest, strict=True)
        columns[_FIRST] = tuple(f"by {by}" if by else day for day, by in pairs)
    for title in filter(_LATEST.__ne__, answer.titles):
        cells = list(columns.get(title, ()))
        if any(cell.startswith(("http://", "https://")) for cell in cells):
            addresses += cells
        elif any(cells) or not words:
            shown.append((title, cells))
    titles = [title for title, _ in shown]
    rows = list(zip(*(cells for _, cells in shown), strict=True))
    said = textwrap.fill(answer.sentence(), screen(), break_on_hyphens=False)
    whole = table if fits([titles, *rows]) else cards
    lines = [said, "", whole(answer.caption, titles, rows)]
    if links:
        lines += dict.fromkeys(filter(None, addresses))
    return "\n".join(lines)
