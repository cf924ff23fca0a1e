"""A document held against the law: what it says, whether the law says so, what it leaves out.

The verdicts are those of the rules; nothing is judged here. A statement with several
verdicts counts under the one that is furthest from the law.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cspgraph.errors import ParameterError
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import receipt_in_words, supposed, warning
from cspgraph.render import html, markdown
from cspgraph.render.table import sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from cspgraph.questions.answer import Answer
    from cspgraph.receipt import Receipt

    class Ask(Protocol):
        """`KnowledgeGraph.answer`."""

        def __call__(
            self, name: str, *, on: str | date | None = None, **given: Any
        ) -> Answer:
            """Return the answer to the question `name`."""
            ...


__all__ = [
    "VERDICTS",
    "ClaimVerdict",
    "Comparison",
    "Statement",
    "Unmentioned",
    "compare",
    "statements",
]

#: The six verdicts, the one furthest from the law first.
VERDICTS = (
    "not found in the law held here",
    "asserted without a source",
    "no longer law",
    "imprecise",
    "supported elsewhere",
    "supported",
)


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """How a statement compares with one part of the law."""

    verdict: str
    reason: str
    why: str
    law: str
    law_url: str
    ended: str
    verification: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says of the law, and its findings, gravest first."""

    place: str
    claim: str
    statement: str
    words: str
    names: str
    findings: tuple[ClaimVerdict, ...]

    @property
    def verdict(self) -> str:
        """The verdict that is furthest from the law."""
        return self.findings[0].verdict

    def rows(self) -> list[list[str]]:
        """Return verdict, why, law and address: findings alike in these but why in one row."""
        rows: dict[tuple[str, ...], list[str]] = {}
        for one in self.findings:
            rows.setdefault((one.verdict, one.law, one.law_url), []).append(one.why)
        return [[verdict, " ".join(why), *law] for (verdict, *law), why in rows.items()]


def statements(told: Answer) -> tuple[Statement, ...]:
    """Return what `told`, the answer to the question claims, holds, in the order of places."""
    rows: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    names = [column.name for column in told.columns]
    for words, row in zip(told.words(), told, strict=True):
        rows[str(row["claim"])].append(dict(zip(names, words, strict=True)))
    found = [_statement(claim, worded) for claim, worded in rows.items()]
    return tuple(sorted(found, key=lambda s: (_order(s.place), s.claim)))


def _statement(claim: str, rows: Sequence[dict[str, str]]) -> Statement:
    findings = {
        ClaimVerdict(
            *(row[name] for name in ("verdict", "reason", "explanation", "law")),
            *(row[name] for name in ("law_url", "ended", "verification")),
        )
        for row in rows
    }
    first = rows[0]
    named = "; ".join(sorted({row["names"] for row in rows} - {""}))
    return Statement(
        *(first["passage"], claim, first["claim"], first["quote"], named),
        tuple(
            sorted(findings, key=lambda f: (VERDICTS.index(f.verdict), f.law, f.why))
        ),
    )


def _order(place: str) -> tuple[Any, ...]:
    """Return a key that puts headed blocks first and 10.1 after 2.5.

    >>> sorted(["10.1", "2.5", "Brief Summary 1"], key=_order)
    ['Brief Summary 1', '2.5', '10.1']
    """
    parts = re.findall(r"\d+|\D+", place)
    return tuple(
        (part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts
    )


_TITLES = ("place", "words", "verdict", "why", "law", "as it stood")
_SILENT = ("law", "duty", "binds", "as it stood")
_NEVER = PREFIXES["modality"] + "MustNot"
_POWERS = {PREFIXES["modality"] + kind for kind in ("May", "MayRequire")}
_NOTE = (
    "A verdict is about the words and not about a body, and a duty that is not "
    "mentioned may well be done. This is not legal advice."
)


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """A provision that binds, what it asks, and of whom; the document is silent on it."""

    law: str
    law_url: str
    duties: tuple[str, ...]
    binds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document held against the law; made by `KnowledgeGraph.claims`."""

    document: str
    label: str
    statements: tuple[Statement, ...]
    unmentioned: tuple[Unmentioned, ...]
    told: Answer
    silent: Answer | None
    #: How many statements were taken from it that no verdict could be given on.
    unjudged: int = 0

    def __str__(self) -> str:
        return self.to_markdown().rstrip()

    def _repr_html_(self) -> str:
        return html.fragment(self._parts())

    @property
    def title(self) -> str:
        """What was held against what."""
        return f"{self.label}: what it says of the law"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many statements there are under each of the six verdicts, nearest first."""
        found = Counter(statement.verdict for statement in self.statements)
        return {verdict: found[verdict] for verdict in reversed(VERDICTS)}

    @property
    def caption(self) -> str:
        """The verdicts counted, in one line."""
        said = ", ".join(f"{count} {word}" for word, count in self.counts.items())
        silent = sum(not statement.names for statement in self.statements)
        total, day = len(self.statements), _words(self.told.on)
        left = _unjudged(self.unjudged)
        if not total:
            return left or "No statement of law was taken from this document."
        many = "statement" if total == 1 else "statements"
        return (
            f"{total} {many} of law, held against the law of {day}: {said}; "
            f"{silent} of {total} name no law.{f' {left}' if left else ''}"
        )

    @property
    def silence(self) -> str:
        """How much binds that the document does not mention, in one line."""
        if self.silent is None:
            return "No area is known that the publisher serves, so no duties were looked for."
        areas = self.silent.parameters["area"]
        where = ", ".join(self.silent.labels.get(a.value, a.value) for a in areas)
        count = len(self.unmentioned)
        many = "1 provision binds" if count == 1 else f"{count} provisions bind"
        day = f"{_words(self.silent.on)}{supposed(self.silent.receipt)}"
        return f"{many} on {day} that the document does not mention ({where})."

    def rows(self) -> list[list[str]]:
        """Return a row for each statement, verdict and provision: place, words, verdict, why, law, address."""
        return [
            [statement.place, statement.words, *row]
            for statement in self.statements
            for row in statement.rows()
        ]

    def silent_rows(self) -> list[list[str]]:
        """Return a row for each provision not mentioned: law, duties, whom it binds, address."""
        return [
            [one.law, "; ".join(one.duties), "; ".join(one.binds), one.law_url]
            for one in self.unmentioned
        ]

    def to_csv(self) -> str:
        """Return one CSV table; what is not mentioned comes last, with no place and words."""
        silent = [
            ["", "", "not mentioned", duty, law, url]
            for law, duty, _, url in self.silent_rows()
        ]
        head = [title.replace(" ", "_") for title in _TITLES]
        return sheet(head, [*self.rows(), *silent])

    def to_markdown(self) -> str:
        """Return both tables as Markdown."""
        parts = [f"# {markdown.escaped(self.title)}", *self._above(), self.caption]
        if self.statements:
            parts.append(markdown.markdown(_TITLES, self.rows()).rstrip())
        parts += ["## Not mentioned", self.silence]
        if self.unmentioned:
            parts.append(markdown.markdown(_SILENT, self.silent_rows()).rstrip())
        return "\n\n".join([*parts, _NOTE, self.receipt]) + "\n"

    def to_html(self) -> str:
        """Return a page of its own."""
        return html.page(self.title, self._parts())

    def to_json(self) -> str:
        """Return one JSON object: document, days, counts, statements, what is not mentioned."""
        from cspgraph.render import json_object

        whole = {
            "document": self.document,
            "label": self.label,
            "on": str(self.told.on),
            "duties_on": str(self.silent.on) if self.silent else None,
            "counts": self.counts,
            "statements": [
                {"verdict": s.verdict, **_without_blanks(asdict(s))}
                for s in self.statements
            ],
            "unjudged": self.unjudged,
            "unmentioned": [asdict(one) for one in self.unmentioned],
            "receipt": dict(self.known),
        }
        return json_object.written(whole)

    @property
    def receipt(self) -> str:
        """What the comparison rests on, and by what it can be made again."""
        return receipt_in_words(self.known)

    @property
    def known(self) -> Receipt:
        """The receipt of the claims, with what one for a later day says beside it."""
        later = self.silent.receipt.get("beyond") if self.silent else None
        return {**self.told.receipt, **({"beyond": later} if later else {})}

    def _above(self) -> list[str]:
        return list(filter(None, [warning(self.known)]))

    def _parts(self) -> list[str]:
        told, silent = self.rows(), self.silent_rows()
        return [
            *map(html.paragraph, self._above()),
            html.table(self.caption, _TITLES, told, len(told)),
            html.table(self.silence, _SILENT, silent, len(silent)),
            *map(html.paragraph, (_NOTE, *self.receipt.splitlines())),
        ]


def compare(
    answer: Ask,
    document: str,
    on: str | date | None,
    taken: Callable[[str], int] = lambda _: 0,
) -> Comparison:
    """Return `document` held against the law of its own day.

    Duties that it does not mention are looked for in the areas of its publisher, on
    that day or on the day `on`. `taken` gives how many statements of law records take
    from a document. What is not known by name is refused as `answer` does, and a
    document without a day with `ParameterError`.
    """
    found = answer("documents", on=on, document=document)
    known = next(iter(found), None)
    if known is None or not isinstance(known["on"], date):
        problem = "has no day on record, and the law of its day is not known without"
        raise ParameterError(f"document: {document!r} {problem}; give it one")
    iri, written = str(known["document"]), known["on"]
    told = answer("claims", on=written, document=iri)
    day: Any = written if on is None else on
    served = answer("documents", on=day, document=iri)
    areas = [str(row["area"]) for row in served if row["area"]]
    silent = (
        answer("unmentioned-duties", on=day, document=iri, area=areas)
        if areas
        else None
    )
    if silent:  # the areas may have rows of their own only there
        silent = replace(silent, labels={**served.labels, **silent.labels})
    label = served.labels[iri]
    said = statements(told)
    unjudged = max(0, taken(iri) - len({row["claim"] for row in told}))
    return Comparison(iri, label, said, _unmentioned(silent), told, silent, unjudged)


def _unjudged(count: int) -> str:
    """Say that statements were taken and not judged, and why; nothing for none."""
    if not count:
        return ""
    many = "1 statement of law was" if count == 1 else f"{count} statements of law were"
    return (
        f"{many} taken from this document and not judged: the record names no passage or"
        " publisher for it, or the register knows of no area that its publisher served"
        " on that day."
    )


def _unmentioned(silent: Answer | None) -> tuple[Unmentioned, ...]:
    """Return the duties of `silent`, those of one provision together; powers bind nobody."""
    found: defaultdict[tuple[str, str], list[Sequence[str]]] = defaultdict(list)
    for (statement, law, url, role, *_), row in (
        zip(silent.words(), silent, strict=True) if silent else ()
    ):
        if row["modality"] not in _POWERS:
            duty = f"not to {statement}" if row["modality"] == _NEVER else statement
            found[law, url].append((duty, role))
    return tuple(
        Unmentioned(
            law, url, *(tuple(dict.fromkeys(c)) for c in zip(*rows, strict=True))
        )
        for (law, url), rows in found.items()
    )


def _without_blanks(thing: Any) -> Any:
    """Return what goes into JSON with null for what is not there."""
    if isinstance(thing, dict):
        return {key: _without_blanks(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_without_blanks(value) for value in thing]
    return thing or None


def _words(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "all dates"
