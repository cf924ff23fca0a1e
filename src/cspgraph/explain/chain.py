"""Steps from a thing to its law or to the paragraph that tells of it, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["Chain", "Step", "lines", "nested", "tree"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: how it follows from the one before, and what it is.

    `since` is its first day and `until` the first day on which it is over; None where
    the data has no day, and for an open end. Where the first day is not known,
    `since_by` is a day on which it held at the latest. `verification` says how well it was
    checked, empty where that is not recorded; `link` where it can be read.
    """

    relation: str
    text: str
    iri: str
    since: date | None = None
    until: date | None = None
    verification: str = ""
    link: str = ""
    since_by: date | None = None

    @property
    def first(self) -> str:
        """The first day in words; "by" and a day where it is not known.

        >>> from datetime import date
        >>> Step("serving", "Kent", "k", since_by=date(2017, 1, 31)).first
        'by 2017-01-31'
        """
        return f"by {self.since_by}" if self.since_by else str(self.since or "")

    def __str__(self) -> str:
        return f"{self.relation} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps from a thing up to an Act, or down to the passage that says so."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return tree([self])


def lines(chains: Iterable[Chain]) -> Iterator[tuple[int, Step]]:
    """Yield each step of `chains` with its depth; steps shared with the previous chain come once."""
    before: tuple[Step, ...] = ()
    for chain in chains:
        shared = 0
        while chain.steps[: shared + 1] == before[: shared + 1] and shared < len(
            before
        ):
            shared += 1
        yield from enumerate(chain.steps[shared:], shared)
        before = chain.steps


def tree(chains: Iterable[Chain]) -> str:
    """Return `chains` as indented lines; steps that they share stand once.

    >>> plan, act = Step("", "Plan", "p"), Step("imposed by", "the Act", "a")
    >>> print(tree([Chain((plan, act)), Chain((plan, Step("read in", "1.4", "b")))]))
    Plan
      imposed by the Act
      read in 1.4
    """
    return "\n".join(f"{'  ' * depth}{step}" for depth, step in lines(chains))


def nested(chains: Iterable[Chain]) -> list[dict[str, Any]]:
    """Return `chains` for JSON: each step with its fields and, under it, its `steps`.

    >>> nested([Chain((Step("", "Plan", "p"),))])[0]["text"]
    'Plan'
    """
    top: list[dict[str, Any]] = []
    above = [top]
    for depth, step in lines(chains):
        under: list[dict[str, Any]] = []
        above[depth].append(
            {
                "relation": step.relation,
                "text": step.text,
                "iri": step.iri,
                "since": step.since.isoformat() if step.since else None,
                "since_by": step.since_by.isoformat() if step.since_by else None,
                "until": step.until.isoformat() if step.until else None,
                "verification": step.verification or None,
                "link": step.link or None,
                "steps": under,
            }
        )
        above[depth + 1 :] = [under]
    return top
