"""What no command may be given, and what is said when something goes wrong unforeseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.cli.shared import LONG
from cspgraph.errors import ParameterError
from cspgraph.render.escape import brief, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["refuse", "unforeseen"]

_WHERE = "SECURITY.md and CONTRIBUTING.md of the project say where"


def refuse(words: Iterable[str]) -> None:
    r"""Raise `ParameterError` for an argument that is no text, or far too long.

    >>> refuse(["answer", "who-must-adopt", "--area", "Dorset"])
    >>> refuse(["answer", "a\x00b"])
    Traceback (most recent call last):
    cspgraph.errors.ParameterError: the argument 'a\x00b' holds a NUL; leave it out
    """
    for word in words:
        if len(word) > LONG:
            problem = f"holds {len(word):,} letters, more than {LONG:,}; give a file"
        elif "\0" in word:
            problem = "holds a NUL; leave it out"
        elif not _is_text(word):
            problem = "is not UTF-8; write it, or name the file, in UTF-8"
        else:
            continue
        raise ParameterError(f"the argument '{brief(plain(word))}' {problem}")


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def unforeseen(error: Exception) -> str:
    """Return one line on an error that nobody foresaw, and where to report it.

    >>> unforeseen(KeyError("x")).partition(";")[0]
    "an error of cspgraph itself (KeyError: 'x')"
    """
    said = brief(plain(" ".join(str(error).split())))
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}; what was asked for is not done"
    if isinstance(error, MemoryError):
        return "there is not enough memory; ask for less, such as one area"
    kind = type(error).__name__
    told = f"{kind}: {said}" if said else kind
    return f"an error of cspgraph itself ({told}); please report it: {_WHERE}, and CSPGRAPH_DEBUG=1 shows more"
