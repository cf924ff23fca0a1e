"""The options of a question on the command line: reading them, describing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cspgraph.queries import Parameter, Query

__all__ = ["describe", "given", "usage"]


def given(arguments: Iterable[str]) -> dict[str, str | list[str]]:
    """Return `--name value` and `--name=value` as a dictionary; repeats make lists.

    >>> given(["--area", "Dorset", "--action=adopt"])
    {'area': 'Dorset', 'action': 'adopt'}
    """
    values: dict[str, list[str]] = {}
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("--"):
            raise ParameterError(f"{word!r} stands alone; write --NAME {word}")
        name, equals, value = word[2:].partition("=")
        name = name.replace("-", "_")
        if name == "help":
            return {"help": ""}
        if not equals:
            following = next(rest, None)
            if following is None:
                raise ParameterError(f"{name}: no value follows")
            value = following
        values.setdefault(name, []).append(value)
    return {
        name: found[0] if len(found) == 1 else found for name, found in values.items()
    }


def describe(query: Query) -> str:
    """Return the help of one question, its example first."""
    example = " ".join(f"--{name} {value}" for name, value in query.example.items())
    lines = [
        query.question,
        "",
        f"  cspgraph answer {query.name} {example}",
        "",
        "It takes:",
    ]
    lines += [f"  {usage(p)}  {p.title}" for p in query.parameters]
    lines += ["  [--on DATE]  The day, such as 2024-07-23; today if left out"]
    lines += ["  [--format table|csv|json|md]", "", "It gives:"]
    lines += [f"  {column.name}: {column.title}" for column in query.columns]
    return "\n".join(lines)


def usage(parameter: Parameter) -> str:
    """Return how the parameter is written on the command line."""
    text = f"--{parameter.name.replace('_', '-')} {parameter.kind.upper()}"
    return f"[{text}]" if parameter.optional else text
