"""Show a person who waits that work goes on, from the third second; nothing to a pipe."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Patience", "Slow", "begin", "end", "hush", "quiet"]

SECONDS = 2.0


class Slow(str):
    """A sentence that says that work takes long, for a person who waits and no pipe.

    >>> Slow("deriving the country")
    'deriving the country'
    """

    __slots__ = ()


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
