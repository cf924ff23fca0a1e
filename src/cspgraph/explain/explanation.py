"""Why a thing is so, in all its forms: as text, Markdown, JSON, Mermaid, SVG and HTML.

A picture shows the first steps; its description and the table beside it have them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from cspgraph.diagrams import svg
from cspgraph.diagrams.diagram import Diagram, quoted
from cspgraph.explain.chain import Chain, Step, lines, nested, tree
from cspgraph.rdf.terms import PREFIXES, compact
from cspgraph.receipt import receipt_in_words, supposed, warning
from cspgraph.render import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from cspgraph.receipt import Receipt

__all__ = ["FORMS", "Explanation"]

FORMS = ("text", "md", "json", "mmd", "svg", "html")
MOST = 60
_TITLES = ("step", "how it follows", "what", "since", "until", "checked", "address")
_NOTE = (
    "A day under until is the first on which the thing is over; a day after by is one"
    " on which it already held, where the first day is not known."
)


@dataclass(frozen=True, slots=True)
class Explanation(Diagram, Sequence[Chain]):
    """The chains from a thing to its law and its record; made by `KnowledgeGraph.why`.

    It is a sequence of chains, stands for its text when printed, and is picture and
    table in a notebook. `thing` is the address asked about, `receipt` what the answer
    rests on and by what it can be given again.
    """

    thing: str
    on: date
    chains: tuple[Chain, ...] = field(repr=False)
    receipt: Receipt = field(repr=False)

    @overload
    def __getitem__(self, place: int) -> Chain: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Chain]: ...

    def __getitem__(self, place: int | slice) -> Chain | Sequence[Chain]:
        """Return one chain, or several."""
        return self.chains[place]

    def __len__(self) -> int:
        return len(self.chains)

    def __str__(self) -> str:
        return "\n".join([*self._above(), tree(self.chains)])

    @property
    def title(self) -> str:
        """What is explained, in one line."""
        named = self.chains[0].steps[0].text if self.chains else self.thing
        assumed = self.receipt.get("scenario")
        scenario = f", in the scenario {assumed}, which is not law" if assumed else ""
        day = f"{self.on:%-d %B %Y}{scenario}{supposed(self.receipt)}"
        return f"Why, on {day}: {named}"

    @property
    def steps(self) -> list[tuple[int, Step]]:
        """All steps in order, each with its depth."""
        return list(lines(self.chains))

    def rows(self) -> list[list[str]]:
        """Return a row for each step: its number, relation, words, days, check, address.

        The number 1.2 is that of the second step under the first.
        """
        return [
            [
                number,
                step.relation,
                step.text,
                step.first,
                str(step.until or ""),
                step.verification,
                step.link or _address(step.iri),
            ]
            for number, step in zip(self._numbers(), self._steps(), strict=True)
        ]

    def to_text(self) -> str:
        """Return the chains as indented lines."""
        return f"{self}\n"

    def to_markdown(self) -> str:
        """Return the picture as Mermaid, and all steps as a table."""
        parts = [
            f"# {markdown.escaped(self.title)}",
            *map(markdown.escaped, self._above()),
            f"```mermaid\n{self.to_mermaid()}```",
            markdown.markdown(_TITLES, self.rows()).rstrip(),
            *map(markdown.escaped, self._notes()),
        ]
        return "\n\n".join(parts) + "\n"

    def to_json(self) -> str:
        """Return one JSON object: thing, day, receipt, and the steps, each with those under it."""
        from cspgraph.render import json_object

        whole = {
            "thing": self.thing,
            "on": self.on.isoformat(),
            "steps": nested(self.chains),
            "receipt": dict(self.receipt),
        }
        return json_object.written(whole)

    def to_mermaid(self) -> str:
        """Return the first steps as Mermaid text, with all of them in its description."""
        found = self._mermaid_head("LR")
        above: list[int] = []
        for place, (depth, step) in enumerate(self.steps[:MOST]):
            box = f's{place}["{quoted(step.text)}"]'
            label = f'|"{quoted(step.relation)}"|' if step.relation else ""
            above[depth:] = [place]
            found.append(
                f"  s{above[depth - 1]} -->{label} {box}" if depth else f"  {box}"
            )
        if self._cut():
            found.append(f'  cut["{quoted(self._cut())}"]')
        return "\n".join(found) + "\n"

    @property
    def forms(self) -> Mapping[str, Callable[[], str]]:
        """What to call for each of `FORMS`."""
        made = (
            *(self.to_text, self.to_markdown, self.to_json, self.to_mermaid),
            *(self.to_svg, self.to_html),
        )
        return dict(zip(FORMS, made, strict=True))

    def _steps(self) -> Iterator[Step]:
        return (step for _, step in self.steps)

    def _numbers(self) -> Iterator[str]:
        counts: list[int] = []
        for depth, _ in self.steps:
            counts[depth:] = [*counts[depth : depth + 1], 0][:1]
            counts[depth] += 1
            yield ".".join(map(str, counts[1:])) or "0"

    def _cut(self) -> str:
        count = len(self.steps)
        if count <= MOST:
            return ""
        return (
            f"The picture shows the first {MOST} of {count} steps; the table in Markdown "
            "or HTML, the text and the JSON have them all."
        )

    def _said(self) -> list[str]:
        """Return all steps as lines, each under its number, and the notes."""
        steps = zip(self._numbers(), self._steps(), strict=True)
        told = (f"{number} {step}" for number, step in steps)
        return [*self._above(), *told, *self._notes()]

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return warning(self.receipt)

    def _notes(self) -> list[str]:
        rests = receipt_in_words(self.receipt).splitlines()
        return [*filter(None, [self._cut()]), _NOTE, *rests]

    def _svg(self, description: str) -> str:
        name = re.sub("[^A-Za-z0-9]+", "-", f"why-{self.thing[-40:]}-{self.on}")
        shown = [(depth, str(step)) for depth, step in self.steps[:MOST]]
        return svg.outline(name, self.title, description, shown, self._below())

    def _table(self) -> tuple[Sequence[str], list[list[str]]]:
        return _TITLES, self.rows()


def _address(iri: str) -> str:
    """Return the full address of a provision, which is a link, and a short one of anything else."""
    return iri if iri.startswith(PREFIXES["law"]) else compact(iri)
