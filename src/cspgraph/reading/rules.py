"""The rules by which facts are taken, one phenomenon to a file.

Each is a file in `ontology/reading/rules/` with a pattern, the zones it is looked for
in, what it yields, examples that hit and near misses. A pattern has slots in braces:
`{documents}`, `{actor}`, `{day}`, `{past}`, `{base}`, `{items}`, `{assessment}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from cspgraph.errors import FileError
from cspgraph.rdf import files
from cspgraph.reading.names import names, yaml
from cspgraph.reading.printed_days import DAY

__all__ = ["Rule", "actor", "read", "rules"]

FOLDER = "ontology/reading/rules"
_KEYS = {
    "rule",
    "about",
    "yields",
    "zones",
    "pattern",
    "unless",
    "value",
    "status",
    "sure",
    "with",
    "hits",
    "misses",
    "kinds",
    "said",
}
_YIELDS = {
    "decision",
    "list",
    "assessment",
    "body",
    "strategy",
    "version",
    "doubt",
    "claim",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be run, with its own examples."""

    name: str
    about: str
    yields: str
    zones: frozenset[str]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    value: str
    status: str
    sure: str
    said: str
    kinds: tuple[str, ...]
    given: dict[str, tuple[str, ...]]
    hits: tuple[dict[str, Any], ...]
    misses: tuple[str, ...]

    def applies(self, zone: str, kind: str) -> bool:
        """Return whether the rule looks into a block of a kind in a zone."""
        return zone in self.zones and kind in self.kinds


def actor(name: str = "actor") -> str:
    """Return the pattern of everybody who decides, under a name of its own."""
    return f"(?P<{name}>{'|'.join(one.pattern.pattern for one in names().actors)})"


@cache
def _slots() -> dict[str, str]:
    outcomes = names().outcomes
    assessments = "|".join(one.pattern for one in names().documents if one.assessment)
    return {
        "{documents}": r"(?P<documents>[^;]{1,260}?)",
        "{actor}": actor(),
        "{actor2}": actor("actor2"),
        "{to}": f"(?P<to>{actor('to1').replace('?P<to1>', '?:')}(?:(?:,| and| then|, and)? (?:to )?(?:the )?{actor('to2').replace('?P<to2>', '?:')})*)",
        "{day}": f"(?P<day>{DAY})",
        "{a day}": DAY,
        "{past}": f"(?P<past>(?i:{'|'.join(o.past for o in outcomes)}))",
        "{base}": f"(?P<base>(?i:{'|'.join(o.base for o in outcomes)}))",
        "{assessment}": f"(?P<assessment>(?i:{assessments}))",
        "{items}": r"(?P<items>.+?)",
    }


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their names.

    >>> all(rule.hits and rule.misses for rule in rules())
    True
    """
    return tuple(read(source) for source in files.shipped(FOLDER, ".yaml"))


def read(source: files.Source) -> Rule:
    """Return the rule in a file; raise `FileError` that says what is wrong in it."""
    held = yaml(source)
    if (
        not isinstance(held, dict)
        or not {"rule", "yields", "pattern", "hits", "misses"} <= held.keys()
    ):
        raise FileError(
            source.name, "a rule has rule, yields, pattern, hits and misses"
        )
    unknown = sorted(set(held) - _KEYS)
    if unknown or held["yields"] not in _YIELDS:
        problem = f"{(unknown or [held['yields']])[0]!r} is not known in a rule"
        raise FileError(source.name, problem)
    pattern = "".join(line.strip() for line in held["pattern"].splitlines())
    for slot, made in _slots().items():
        pattern = pattern.replace(slot, made)
    try:
        compiled = re.compile(pattern)
        unless = (
            re.compile(" ".join(held["unless"].split())) if held.get("unless") else None
        )
    except re.error as error:
        raise FileError(source.name, f"its pattern cannot be used: {error}") from error
    zones = held.get("zones", ("body", "reasons"))
    given = held.get("with", {})
    return Rule(
        name=held["rule"],
        about=held.get("about", ""),
        yields=held["yields"],
        zones=frozenset("" if zone == "body" else zone for zone in zones),
        pattern=compiled,
        unless=unless,
        value=held.get("value", ""),
        status=held.get("status", "done"),
        sure=held.get("sure", "stated"),
        said=held.get("said", ""),
        kinds=tuple(held.get("kinds", ("paragraph", "bullet", "cell", "field"))),
        given={key: (str(value),) for key, value in given.items()},
        hits=tuple(held["hits"]),
        misses=tuple(held["misses"]),
    )
