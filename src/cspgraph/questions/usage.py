"""The options of a question on the command line: reading them, describing them."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from cspgraph.errors import FileError, ParameterError
from cspgraph.rdf.read import from_stream, regular

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cspgraph.questions.query_file import Parameter, Query

__all__ = ["command", "describe", "given", "query_text", "refuse_unknown", "usage"]

_MOST = 2**20  # the gate admits far less, and says so


def given(arguments: Iterable[str]) -> tuple[str, dict[str, str | list[str]]]:
    """Return the word that stands alone, and `--name value` or `--name=value` pairs.

    An option given twice has a list of values. Raises `ParameterError` for a
    second word that stands alone and for an option without a value.

    >>> given(["who-must-do-what", "--area", "Dorset", "--action=adopt"])
    ('who-must-do-what', {'area': 'Dorset', 'action': 'adopt'})
    """
    alone, values = "", dict[str, list[str]]()
    rest = iter(filter(None, arguments))
    for word in rest:
        if not word.startswith("--"):
            if alone or word.startswith("-"):
                raise ParameterError(f"{word!r} stands alone; write --NAME {word}")
            alone = word
            continue
        name, equals, value = word[2:].partition("=")
        if name == "help":
            values["help"] = [""]
            continue
        if not equals:
            value = next(rest, "")
        if not value or (value.startswith("--") and not equals):
            raise ParameterError(f"{name}: no value follows; give one or leave it out")
        values.setdefault(name.replace("-", "_"), []).append(value)
    return alone, {
        name: found[0] if len(found) == 1 else found for name, found in values.items()
    }


def refuse_unknown(query: Query, names: Iterable[str]) -> None:
    """Raise `ParameterError` unless `names` are what `query` takes and needs."""
    given = {name: [Literal("")] for name in names}
    query.bind(
        {"area": [Literal("")], **given} if query.of_body and "body" in given else given
    )


def command(query: Query) -> str:
    """Return the example of one question as it is typed.

    >>> from cspgraph.questions.query_file import find
    >>> command(find("two-tier"))
    'cspgraph answer two-tier --on 2018-07-23'
    """
    example = [
        f"--{name.replace('_', '-')} {quote(value)}"
        for name, value in query.example.items()
    ]
    return " ".join(["cspgraph answer", query.name, *example])


def describe(query: Query) -> str:
    """Return the help of one question, its example first."""
    lines = [
        query.question,
        "",
        f"  {command(query)}",
        "",
        "It takes:",
    ]
    lines += [f"  {usage(p)}  {p.title}" for p in query.parameters]
    if query.of_body:
        lines += ["  Without --area, in every area that the body serves."]
    lines += [
        "  [--on DATE]  The day, such as 2024-07-23; today if left out; repeat it for more"
    ]
    lines += [
        "  [--format table|csv|json|md] [--links]",
        "  [-o FILE.xlsx|.csv|.json|.md|.html] [--excel] [--drafts]",
        *("", "It gives:"),
    ]
    lines += [f"  {column.name}: {column.title}" for column in query.columns]
    return "\n".join(lines)


def usage(parameter: Parameter) -> str:
    """Return how the parameter is written on the command line."""
    text = f"--{parameter.name.replace('_', '-')} {parameter.kind.upper()}"
    return f"[{text}]" if parameter.optional else text


def query_text(word: str) -> str:
    """Return the SPARQL that `word` is, or that stands in `@FILE` or, for `-`, comes in.

    Raises `FileError` when it cannot be read or is not UTF-8.
    """
    if word != "-" and not word.startswith("@"):
        return word
    name = "standard input" if word == "-" else word[1:]
    try:
        data = from_stream(_MOST) if word == "-" else regular(name, _MOST, "shorten it")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(name, "it is not UTF-8; save it as UTF-8") from error
