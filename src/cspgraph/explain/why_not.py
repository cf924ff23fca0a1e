"""Why not: for a body, an area and a day, the first condition of a duty that fails.

When the duty is there after all, the answer says so, and how it stands: that nobody has
looked, that nothing is on record, or what is. Nothing is ever said to be "not done".
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError
from cspgraph.explain.conditions import ORDER, Condition, Conditions
from cspgraph.explain.provision import ProvisionWalk, stood
from cspgraph.questions.areas import refuse_unbound
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, expand
from cspgraph.receipt import receipt_in_words, supposed, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cspgraph.dataset import Dataset
    from cspgraph.receipt import Receipt

__all__ = ["WhyNot", "WhyNotRow", "why_not"]

_BROADER = NamedNode(PREFIXES["skos"] + "broader")
_STANDINGS = {
    "OnRecord": "it is on record",
    "PartlyOnRecord": "it is partly on record",
    "NotOnRecord": 'somebody looked and found no record, which is not the same as "not done"',
    "NotDueYet": "no record of it is needed yet",
    "NotLookedFor": "nobody has looked for a record of it",
    "NotTestable": "no document could show it",
}


@dataclass(frozen=True, slots=True)
class WhyNotRow:
    """One duty: whether the body has it and, if not, the first condition that fails.

    `template` is the address of the rule, empty where no rule was reached. Where the
    body has the duty, `condition` is None, `duty` is its address and `standing` says
    how it stands. `law` and `link` cite the provision of the duty as it stood that day.
    """

    statement: str
    template: str
    law: str
    link: str
    condition: Condition | None
    duty: str = ""
    standing: str = ""
    evidence: tuple[str, ...] = ()
    assumes: str = ""

    @property
    def there(self) -> bool:
        """True where the body has the duty."""
        return self.condition is None

    @property
    def words(self) -> str:
        """The duty in words, with its provision."""
        return f"{self.statement} ({self.law})"

    @property
    def why(self) -> str:
        """The condition that fails, or how the duty stands, in one sentence."""
        if self.condition:
            return _sentence(self.condition.why)
        shown = f": {'; '.join(self.evidence)}" if self.evidence else ""
        taken = f", if the body has {self.assumes}, which is not known" * bool(
            self.assumes
        )
        return f"The duty is there{taken}; {_STANDINGS[self.standing]}{shown}."


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a body has no such duty; made by `KnowledgeGraph.why_not`.

    `rows` has a line for each duty that was meant: those that are there first, then
    those whose asking came furthest. Duties of other countries, areas and days are
    left out where some came further. `laws` are where the law of each condition can
    be read.
    """

    body: str
    asked: str
    area: str
    on: date
    rows: tuple[WhyNotRow, ...]
    receipt: Receipt = field(repr=False)

    def __iter__(self) -> Iterator[WhyNotRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        groups = groupby(self.rows, key=lambda row: (row.why, self.laws(row)))
        told = (self._told(why, laws, list(rows)) for (why, laws), rows in groups)
        above = filter(None, [warning(self.receipt)])
        return "\n".join([*above, self.title, *told])

    @property
    def title(self) -> str:
        """What was asked, in one line."""
        assumed = self.receipt.get("scenario")
        scenario = f", in the scenario {assumed}, which is not law" if assumed else ""
        day = f"{self.on:%-d %B %Y}"
        return f"{self.body}, {self.asked}, in {self.area}, on {day}{scenario}{supposed(self.receipt)}:"

    @property
    def there(self) -> bool:
        """True where the body has at least one duty that was meant."""
        return any(row.there for row in self.rows)

    @property
    def condition(self) -> Condition | None:
        """The first condition that fails; None where the body has such a duty."""
        return None if self.there else self.rows[0].condition

    def to_json(self) -> str:
        """Return one JSON object: body, what was asked, area, day, rows, receipt."""
        from cspgraph.render import json_object

        whole = {
            "body": self.body,
            "asked": self.asked,
            "area": self.area,
            "on": self.on.isoformat(),
            "there": self.there,
            "rows": [self._row(row) for row in self.rows],
            "order": list(ORDER),
            "receipt": dict(self.receipt),
        }
        return json_object.written(whole)

    @property
    def rests(self) -> str:
        """What the answer rests on, and what is needed to produce it again."""
        return receipt_in_words(self.receipt)

    def laws(self, row: WhyNotRow) -> list[str]:
        """Return the address of the law that the condition, or the duty, of `row` rests on."""
        if row.condition:
            return [stood(law, self.on) for law in row.condition.laws]
        return [row.link]

    def _told(self, why: str, laws: list[str], rows: list[WhyNotRow]) -> str:
        """Return duties that have the same reason as lines, the reason once below them."""
        heads = [f"- {row.words}" for row in rows if row.statement]
        if heads:
            return "\n  ".join(["\n".join(heads), why, *laws])
        return "\n  ".join([f"- {why}", *laws])

    def _row(self, row: WhyNotRow) -> dict[str, Any]:
        return {
            "there": row.there,
            "why": row.why,
            "laws": self.laws(row),
            **{key: value or None for key, value in asdict(row).items()},
        }


def why_not(dataset: Dataset, body: str, asked: str, area: str, day: date) -> WhyNot:
    """Return why `body` has no duty about `asked`, a product or duty, in `area` on `day`.

    Bodies and areas are meant whether or not they existed that day. Raises
    `NameNotClearError` for a name that is not known.
    """
    names = dataset.labels
    where = names.known("area", area, "area", day)
    refuse_unbound(dataset.register, names, where.value, day)
    who = names.known("body", body, "body", day)
    history = dataset.history(where.value, who.value).store
    links = Conditions(history, names, who, where, day)
    meant, templates = _meant(links, asked)
    today = ProvisionWalk(dataset.day(day, frozenset([where.value])).store, names)
    there = {row.template: row for row in _there(today, who, where)}
    found = [
        there.get(template.value) or _missing(links, template) for template in templates
    ] or [_unheld(links, meant)]
    return WhyNot(
        links.label(who),
        links.label(meant),
        links.label(where),
        day,
        tuple(_furthest(found)),
        dataset.receipt(day, areas=[where.value]),
    )


def _meant(links: Conditions, word: str) -> tuple[NamedNode, list[NamedNode]]:
    """Return what `word` means, a product or duty, and the duty templates about it.

    A duty may be named without its country, and by the address of a derived duty.
    """
    every = links.back(CSP.DutyTemplate, RDF_TYPE)
    start = PREFIXES["dt"]
    end = (expand(word) or word).removeprefix(start).removeprefix(PREFIXES["duty"])
    end = end.partition(f".{links.area.value.rpartition('/')[2]}")[0]
    named = [t for t in every if t.value == start + end]
    named = named or [t for t in every if t.value.startswith(f"{start}{end}.")]
    if named:
        return named[0], named
    try:
        product = links.names.known("product", word, "asked", links.day)
    except NameNotClearError as error:
        with suppress(NameNotClearError):
            duty = links.names.known("duty", word, "asked", links.day)
            return duty, [duty]
        raise error from None
    narrower = [product, *links.back(product, _BROADER)]
    about = [t for one in narrower for t in links.back(one, CSP.product) if t in every]
    return product, about


def _there(
    links: ProvisionWalk, body: NamedNode, area: NamedNode
) -> Iterator[WhyNotRow]:
    """Yield the duties that `body` has in `area`, from a store of one day."""
    for duty in links.back(body, CSP.bearer):
        if area not in links.to(duty, CSP.area):
            continue
        (template,), law = links.to(duty, CSP.template), links.to(duty, CSP.provision)
        shown = (CSP.evidencedBy, CSP.partlyEvidencedBy)
        yield WhyNotRow(
            links.bound(duty),
            template.value,
            ", ".join(links.text(one, CSP.citation) for one in law),
            links.place(law[0]),
            None,
            duty.value,
            links.to(duty, CSP.standing)[0].value.rpartition("/")[2],
            tuple(
                links.names.label(act.value)
                for link in shown
                for act in links.to(duty, link)
            ),
            ", ".join(links.names.label(a.value) for a in links.to(duty, CSP.assumes)),
        )


def _missing(links: Conditions, template: NamedNode) -> WhyNotRow:
    """Return the duty of `template` with the first condition that fails."""
    (law, *_) = links.to(template, CSP.provision)
    return WhyNotRow(
        links.bound(template),
        template.value,
        links.cited([template]),
        stood(law.value, links.day),
        links.failing(template),
    )


def _unheld(links: Conditions, product: NamedNode) -> WhyNotRow:
    """Return a row that says that no duty about `product` is held here."""
    waiting = [
        template
        for template in links.back(product, CSP.product)
        if CSP.ProspectiveTemplate in links.to(template, RDF_TYPE)
    ]
    name = links.label(product)
    why = (
        f"{links.cited(waiting)} would ask for: {name}, and is not in force"
        if waiting
        else f"no law held here asks for: {name}; cspgraph coverage says what is in"
    )
    laws = {p.value for w in waiting for p in links.to(w, CSP.provision)}
    unheld = Condition("law held here", product.value, (), why, tuple(sorted(laws)))
    return WhyNotRow("", "", "", "", links.unborn() or unheld)


def _furthest(found: list[WhyNotRow]) -> list[WhyNotRow]:
    """Return the duties that the body has and those that meet the most conditions, in order."""
    most = max(map(_rank, found))
    if most <= ORDER.index("body in being"):  # the same for every duty
        return [WhyNotRow("", "", "", "", found[0].condition)]
    least = min(most, ORDER.index("body serves the area"))
    kept = [row for row in found if _rank(row) >= least]
    return sorted(kept, key=lambda row: (-_rank(row), row.law, row.statement))


def _rank(row: WhyNotRow) -> int:
    return row.condition.rank if row.condition else len(ORDER)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
