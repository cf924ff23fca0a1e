"""The names that a reader looks for: plans, laws, roles, bodies, zones, outcomes.

They are the files in `ontology/reading/names/`; a name more is a word more there.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from cspgraph.errors import FileError
from cspgraph.rdf import files

__all__ = ["Actor", "DocumentKind", "LawName", "Names", "Outcome", "names", "yaml"]

FOLDER = "ontology/reading/names"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of plan, strategy or assessment, and how reports name it."""

    kind: str
    pattern: str
    short: tuple[str, ...]
    produce: str
    adopt: str
    assessment: bool


@dataclass(frozen=True, slots=True)
class LawName:
    """An Act, the patterns of its right names, and of its slips."""

    law: str
    right: re.Pattern[str]
    slips: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides: an organ or a body, of a kind, with the pattern of its names."""

    kind: str
    of: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verb of decision: its forms, and what it is called by who decides."""

    verb: str
    past: str
    base: str
    kinds: dict[str, str]


@dataclass(frozen=True)
class Names:
    """All of them, ready to be looked for."""

    documents: tuple[DocumentKind, ...]
    laws: tuple[LawName, ...]
    roles: tuple[tuple[str, re.Pattern[str]], ...]
    actors: tuple[Actor, ...]
    zones: tuple[tuple[str, re.Pattern[str]], ...]
    outcomes: tuple[Outcome, ...]
    holders: tuple[tuple[str, re.Pattern[str]], ...]
    themes: tuple[tuple[str, re.Pattern[str]], ...]

    def document(self, kind: str) -> DocumentKind:
        """Return the entry of a kind of document."""
        return next(one for one in self.documents if one.kind == kind)


def yaml(source: files.Source) -> Any:
    """Return what a YAML file holds; raise `FileError` with the line for none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).load(io.StringIO(source.text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"{error.problem}; look at indents, colons and quotation marks there"
        raise FileError(
            source.name, problem, mark.line + 1 if mark else None
        ) from error
    except YAMLError as error:
        raise FileError(source.name, "it is not YAML") from error


def _any(words: list[str]) -> str:
    return "(?:" + "|".join(words) + ")"


@cache
def names() -> Names:
    """Return the names, read once.

    >>> names().document("police and crime plan").produce
    'prepare'
    """
    found = {
        source.name.rpartition("/")[2].removesuffix(".yaml"): yaml(source)
        for source in files.shipped(FOLDER, ".yaml")
    }
    return Names(
        tuple(
            DocumentKind(
                *(one["kind"], _any(one["words"]), tuple(one.get("short", ()))),
                *(one.get("produce", "prepare"), one.get("adopt", one["kind"])),
                bool(one.get("assessment")),
            )
            for one in found["documents"]
        ),
        tuple(
            LawName(
                one["law"],
                re.compile(_any(one["words"]), re.I),
                re.compile(_any(one["slips"]), re.I) if one.get("slips") else None,
            )
            for one in found["laws"]
        ),
        tuple(
            (
                one["role"],
                re.compile(rf"(?:{'|'.join(_case(w) for w in one['words'])})"),
            )
            for one in found["roles"]
        ),
        tuple(
            Actor(one["kind"], one["of"], re.compile(_any(one["words"])))
            for one in found["actors"]
        ),
        tuple(
            (one["zone"], re.compile(_any(one["words"]), re.I))
            for one in found["zones"]
        ),
        tuple(
            Outcome(one["verb"], one["past"], one["base"], one["kind"])
            for one in found["outcomes"]
        ),
        tuple(
            (one["kind"], re.compile(_any(one["words"]), re.I))
            for one in found["holders"]
        ),
        tuple(
            (one["theme"], re.compile(_any(one["words"]), re.I))
            for one in found["themes"]
        ),
    )


def _case(word: str) -> str:
    """Let a word that prints no capital be found in any case."""
    return word if re.search(r"\[A-Z\]", word) else f"(?i:{word})"
