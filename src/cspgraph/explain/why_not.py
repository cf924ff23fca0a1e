"""Why not: for a body, an area and a day, the first condition of a duty that fails.

When the duty is there after all, the answer says so, and how it stands: that nobody has
looked, that nothing is on record, or what is. Nothing is ever said to be "not done".
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError
from cspgraph.explain.conditions import ORDER, Condition, Conditions, in_words
from cspgraph.explain.provision import ProvisionWalk, StoreLinks, stood
from cspgraph.questions.areas import bound_areas
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, expand
from cspgraph.receipt import receipt_in_words, supposed, warning
from cspgraph.register.spread import MOST_AREAS, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cspgraph.dataset import Dataset
    from cspgraph.receipt import Receipt

__all__ = ["WhyNot", "WhyNotRow", "why_not"]

_BROADER = NamedNode(PREFIXES["skos"] + "broader")
_SURE = NamedNode(PREFIXES["kind"] + "High")
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
    where: str = ""

    @property
    def there(self) -> bool:
        """True where the body has the duty."""
        return self.condition is None

    @property
    def words(self) -> str:
        """The duty in words, with its provision, and where it is so if in several."""
        return f"{self.statement} ({self.law}){f', {self.where}' if self.where else ''}"

    @property
    def why(self) -> str:
        """The condition that fails, or how the duty stands, in one sentence."""
        if self.condition:
            return _sentence(self.condition.why)
        shown = f": {'; '.join(self.evidence)}" if self.evidence else ""
        if not self.standing:
            return f"The role is held{shown}."
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
        if not heads and rows[0].where:
            heads = [f"- {rows[0].where}"]
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
    """Return why `body` has no duty about `asked`, or not that role, in `area` on `day`.

    What is `asked` is a product, a duty or a role.

    Bodies and areas are meant whether or not they existed that day. Raises
    `NameNotClearError` for a name that is not known.
    """
    names = dataset.labels
    where = names.known("area", area, "area", day)
    who = names.known("body", body, "body", day)
    places = bound_areas(dataset.register, names, where.value, day)
    places = _districts(dataset, asked, where, day) or places
    of_each = [_of_area(dataset, who, asked, NamedNode(one), day) for one in places]
    if len(of_each) == 1:
        return of_each[0]
    return replace(
        of_each[0],
        area=f"{names.label(where.value)}, district by district",
        rows=tuple(_together(of_each)),
        receipt=dataset.receipt(day, areas=places),
    )


def _districts(dataset: Dataset, asked: str, area: NamedNode, day: date) -> list[str]:
    """Return the districts of a wide area in which no law gives the role `asked` as such."""
    one = spread(dataset.register, area.value, day)
    if not one.wide or not 0 < len(one.inner) <= MOST_AREAS:
        return []
    try:
        role = dataset.labels.known("role", asked, "asked", day)
    except NameNotClearError:
        return []
    law = StoreLinks(dataset.law_alone.store)
    reached = {
        kind for way in law.back(role, CSP.role) for kind in law.to(way, CSP.areaKind)
    }
    own = NamedNode(PREFIXES["kind"] + one.kind)
    return [] if own in reached else list(one.inner)


def _together(of_each: Sequence[WhyNot]) -> Iterator[WhyNotRow]:
    """Yield the rows of districts, those that are alike once, each with where it is so."""
    alike: dict[tuple[str, ...], list[tuple[str, WhyNotRow]]] = {}
    for one in of_each:
        for row in one.rows:
            key = (row.statement, row.law, row.why, *one.laws(row))
            alike.setdefault(key, []).append((one.area, row))
    for rows in sorted(alike.values(), key=lambda rows: not rows[0][1].there):
        names = [name for name, _ in rows]
        where = f"in {', '.join(names)}" if len(names) < len(of_each) else ""
        where = where or f"in each of {len(names)} districts"
        yield replace(rows[0][1], where=where)


def _of_area(
    dataset: Dataset, who: NamedNode, asked: str, where: NamedNode, day: date
) -> WhyNot:
    """Return why not, of one area in which something is asked by law."""
    names = dataset.labels
    history = dataset.history(where.value, who.value).store
    links = Conditions(history, names, who, where, day)
    meant, templates = _meant(links, asked)
    if meant.value.startswith(PREFIXES["role"]):
        found = list(_held(links, meant)) or [_without(links, meant)]
        said = f"the role of {links.label(meant)}"
    else:
        day_of = dataset.day(day, frozenset([where.value]))
        today = ProvisionWalk(day_of.store, names)
        there = {row.template: row for row in _there(today, who, where)}
        found = [
            there.get(template.value) or _missing(links, template)
            for template in templates
        ] or [_unheld(links, meant)]
        found, said = _furthest(found), links.label(meant)
    return WhyNot(
        links.label(who),
        said,
        links.label(where),
        day,
        tuple(found),
        dataset.receipt(day, areas=[where.value]),
    )


def _meant(links: Conditions, word: str) -> tuple[NamedNode, list[NamedNode]]:
    """Return what `word` means, a product, duty or role, and the duty templates about it.

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
        with suppress(NameNotClearError):
            return links.names.known("role", word, "asked", links.day), []
        raise error from None
    narrower = [product, *links.back(product, _BROADER)]
    about = [t for one in narrower for t in links.back(one, CSP.product) if t in every]
    return product, about


def _held(links: Conditions, role: NamedNode) -> Iterator[WhyNotRow]:
    """Yield the holdings by which the body has `role` in the area on the day."""
    for holding in links.back(links.body, CSP.body):
        if (
            links.area in links.to(holding, CSP.area)
            and role in links.to(holding, CSP.role)
            and links.holds(holding, links.day)
        ):
            (law, *_) = links.to(holding, CSP.provision)
            kinds = links.listed(links.to(holding, CSP.capacity))
            first, by = links.since(holding)
            since = f"since {in_words(first)}" if first else ""
            since = f"since {in_words(by)} or before" if by else since
            yield WhyNotRow(
                f"hold the role of {links.label(role)}",
                links.to(holding, CSP.template)[0].value,
                links.text(law, CSP.citation),
                stood(law.value, links.day),
                None,
                holding.value,
                evidence=tuple(
                    filter(None, (f"as {kinds}", since, _how_sure(links, holding)))
                ),
            )


def _how_sure(links: Conditions, holding: NamedNode) -> str:
    """Return how sure the register is of a holding; empty where it is sure."""
    surety = [one for one in links.to(holding, CSP.confidence) if one != _SURE]
    return f"the register is {links.listed(surety)} sure" if surety else ""


def _without(links: Conditions, role: NamedNode) -> WhyNotRow:
    """Return the first condition of `role` that fails, by the route that comes furthest."""
    odd = "every condition asked here holds, and yet the rules derive no such role; please report it"
    condition = (
        links.unborn()
        or links.of_roles([role])
        or Condition(ORDER[-1], role.value, (), odd)
    )
    return WhyNotRow("", "", "", "", condition)


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
