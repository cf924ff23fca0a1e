"""What can go wrong, and what to do about it.

* CspgraphError
  * FileError             a file cannot be used; says which, and where in it
    * QueryFileError      the front matter or the body of a .rq file
    * ShapeFileError      a shapes graph
  * QueryError            a question cannot be answered as asked
    * UnknownQueryError   no question has that name       (also a LookupError)
    * UnsafeQueryError    free SPARQL that is refused     (also a ValueError)
    * ResultsError        an engine gave no complete results
    * StoppedError        free SPARQL that did not finish (also a TimeoutError)
    * ParameterError      missing, unknown or wrong kind  (also a ValueError)
      * NameNotClearError a name that fits nothing, or several things
    * TooLongError        free SPARQL that is longer than may be
  * BusyError             a server has too much to do at the moment
  * EndpointError         a remote endpoint did not answer
    * UnclearPushError    a push whose last step has no clear end
  * MissingPackageError   an optional package is not installed (also an ImportError)

Errors of other libraries are never swallowed: they are chained as the cause.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "BusyError",
    "CspgraphError",
    "EndpointError",
    "FileError",
    "MissingPackageError",
    "NameNotClearError",
    "ParameterError",
    "QueryError",
    "QueryFileError",
    "ResultsError",
    "ShapeFileError",
    "StoppedError",
    "TooLongError",
    "UnclearPushError",
    "UnknownQueryError",
    "UnsafeQueryError",
    "did_you_mean",
    "either",
]

_SHOWN = 12


class CspgraphError(Exception):
    """The base of every error this library raises on purpose.

    Its words hold no password and no token.
    """

    def __init__(self, *said: object) -> None:
        from cspgraph.secrets import cut  # wanted only when something went wrong

        super().__init__(*(cut(s) if isinstance(s, str) else s for s in said))


class FileError(CspgraphError):
    """A file cannot be used.

    >>> raise FileError("areas.csv", "'31/12/2019' is not a date; write 2019-12-31", line=4)
    Traceback (most recent call last):
    cspgraph.errors.FileError: areas.csv, line 4: '31/12/2019' is not a date; write 2019-12-31
    """

    def __init__(
        self,
        file: str,
        problem: str,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.file, self.problem, self.line, self.column = file, problem, line, column
        place = file if line is None else f"{file}, line {line}"
        if column is not None:
            place = f"{place}, column {column}"
        super().__init__(f"{place}: {problem}")


class QueryFileError(FileError):
    """A query file does not keep to the format of `docs/reference/query-files.md`."""


class ShapeFileError(FileError):
    """A shapes file cannot be used for checking."""


class QueryError(CspgraphError):
    """A question cannot be answered as asked."""


class UnknownQueryError(QueryError, LookupError):
    """No question has that name.

    >>> raise UnknownQueryError("who-must-do", ["open-duties", "who-must-do-what"])
    Traceback (most recent call last):
    cspgraph.errors.UnknownQueryError: no question is called 'who-must-do'; did you mean 'who-must-do-what'?
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        hint = did_you_mean(name, self.known) or "'cspgraph questions' lists them"
        super().__init__(f"no question is called {name!r}; {hint}")


class UnsafeQueryError(QueryError, ValueError):
    """Free SPARQL that is refused before it runs."""


class ResultsError(QueryError):
    """What an engine gave is no complete SPARQL results in JSON."""


class StoppedError(QueryError, TimeoutError):
    """Free SPARQL that was stopped, or that stopped the worker it ran in."""


class TooLongError(QueryError, ValueError):
    """Free SPARQL that is longer than a server takes."""


class ParameterError(QueryError, ValueError):
    """A parameter is missing, unknown or of the wrong kind."""


class NameNotClearError(ParameterError):
    """A name that fits nothing, or several things; `candidates` says which.

    >>> raise NameNotClearError("area", "Poole", ["E06000029 Poole", "E06000058 BCP"])
    Traceback (most recent call last):
    cspgraph.errors.NameNotClearError: area: 'Poole' may be E06000029 Poole or E06000058 BCP; give a code
    """

    def __init__(
        self,
        parameter: str,
        name: str,
        candidates: Sequence[str],
        hint: str = "",
        past: str = "",
    ) -> None:
        self.parameter, self.name, self.candidates = parameter, name, list(candidates)
        if candidates:
            problem = f"{name!r} may be {either(candidates)}; give a code"
        elif past:
            problem = f"{name!r} {past}"
        else:
            problem = f"{name!r} is not known; {hint}"
        super().__init__(f"{parameter}: {problem}")


class BusyError(CspgraphError):
    """A server has too much to do at the moment; `seconds` says when to ask again.

    >>> raise BusyError("two free queries are running", 5)
    Traceback (most recent call last):
    cspgraph.errors.BusyError: two free queries are running; ask again in 5 seconds
    """

    def __init__(self, problem: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{problem}; ask again in {seconds} seconds")


class EndpointError(CspgraphError):
    """A remote endpoint did not answer, or not with what was asked for.

    `status` is that of HTTP, where it answered with one that means no success.
    """

    def __init__(self, url: str, problem: str, status: int | None = None) -> None:
        from cspgraph.secrets import cut, cut_address

        self.url, self.problem, self.status = cut_address(url), cut(problem), status
        super().__init__(f"{self.url}: {self.problem}")


class AreaNotHeldError(EndpointError):
    """The graph that an endpoint serves was built without the area asked for."""


class UnclearPushError(EndpointError):
    """The new graphs may stand in their place, or some of them, or none."""


class MissingPackageError(CspgraphError, ImportError):
    """An optional package is not installed.

    >>> raise MissingPackageError("polars", "to_frame('polars')")
    Traceback (most recent call last):
    cspgraph.errors.MissingPackageError: to_frame('polars') needs polars; pip install 'cspgraph[polars]'
    """

    def __init__(self, package: str, needed_by: str, extra: str = "") -> None:
        wanted = f"pip install 'cspgraph[{extra or package}]'"
        super().__init__(f"{needed_by} needs {package}; {wanted}")


def either(candidates: Sequence[str]) -> str:
    """Return `candidates` in words; of many the first, and how many are left.

    >>> either([str(number) for number in range(15)])
    '0 or 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or one of 3 more'
    """
    shown = list(candidates[:_SHOWN])
    if len(candidates) > _SHOWN:
        shown.append(f"one of {len(candidates) - _SHOWN} more")
    return " or ".join(shown)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names what in `known` is nearest to `word`, or nothing.

    >>> did_you_mean("Dorsett", ["Dorset", "Devon"])
    "did you mean 'Dorset'?"
    """
    near = get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
