"""What a reader takes from a report: facts with their place, and doubts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cspgraph.days import fold

__all__ = ["KINDS", "PERSON", "SURE", "Doubt", "Fact", "More", "quoted"]

#: What else a passage says of a fact, by name.
More = Mapping[str, tuple[str, ...]]

KINDS = (
    *("document", "strategy", "version", "period", "priority", "cross-cutting issue"),
    *("decision", "assessment", "body", "claim"),
)
#: How sure a fact is, by the kind of rule that took it; the surest first.
SURE = ("printed", "stated", "read", "derived")
_WORDS = 15
PERSON = re.compile(
    r"\b(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Cyng|Y Cynghorydd)\b\.?(?: [A-Z][\w'.-]*)+"
)
_MAIL = re.compile(r"\S+@\S+")
_TELEPHONE = re.compile(r"(?:\+44|\b0)\d[\d ()-]{7,}\d")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a report says, and the passage that says it."""

    kind: str
    subject: str
    value: str
    day: str = ""
    status: str = ""
    sure: str = "stated"
    place: str = ""
    quote: str = ""
    heading: str = ""
    rule: str = ""
    #: What else the passage says of it, by name: by, to, condition, action, law.
    more: More = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        """Return what else is said under a name; nothing where nothing is."""
        return self.more.get(name, ())


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person must look at: nothing is chosen here."""

    said: str
    place: str
    quote: str = ""


def quoted(text: str, most: int = _WORDS) -> str:
    """Return at most 15 words of a passage, without names and addresses of people.

    >>> quoted("Moved by Cllr A Sample and agreed.")
    'Moved by [name] and agreed.'
    """
    plain = _TELEPHONE.sub(
        "[number]", _MAIL.sub("[address]", PERSON.sub("[name]", fold(text)))
    )
    return " ".join(plain.split()[:most])
