"""The page of an area: who decides, by when, who is bound, how each duty stands.

The sentence comes first and keeps its doubt; silence has four names, none of which is
"no".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cspgraph.questions import adoption
from cspgraph.questions.ask import day_of
from cspgraph.questions.saved import saved
from cspgraph.rdf.terms import PREFIXES, area_iri
from cspgraph.receipt import day_in_words, warning
from cspgraph.site.context import Thing
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.site.context import Place, Site

__all__ = ["QUESTIONS", "STANDINGS", "AreaAnswers", "answers", "page", "template_of"]

#: The questions whose answers make the page.
QUESTIONS = (
    *("who-must-adopt", "plan-dates", "bodies-of-area", "standing"),
    *("decision-trail", "strategies"),
)
#: How a duty can stand: the term, what it is called, the mark, and what it means here.
STANDINGS = (
    ("OnRecord", "on record", "full", "A record shows that it was done."),
    ("PartlyOnRecord", "partly on record", "half", "A step is on record."),
    ("SourcesDiffer", "sources differ", "differ", "Two sources do not agree."),
    (
        *("NotOnRecord", "looked for, no record", "empty"),
        "Somebody looked and found no record. That is not the same as not done.",
    ),
    ("NotLookedFor", "nobody looked", "dotted", "Nobody has looked for a record."),
    ("NotDueYet", "not due yet", "clock", "No record is needed yet."),
    (
        *("NotTestable", "no record could show it", "dash"),
        "Such as to have regard to something, or to work together.",
    ),
)
_OPEN = frozenset({"OnRecord", "PartlyOnRecord", "SourcesDiffer", "NotOnRecord"})
_SEEN = frozenset({"OnRecord", "PartlyOnRecord", "SourcesDiffer"})
_DOUBTFUL = {"statute-arguable": "arguable", "asserted-only": "claimed"}
#: Plans and strategies that run no more, or whose days are not known: told last.
_OVER = frozenset({"own-period-lapsed", "superseded", "no-dates-recorded"})
#: What the answers whose doubt is told are about.
_ABOUT_WHAT = {
    "standing": "how duties stand",
    "who-must-adopt": "who decides",
    "bodies-of-area": "who is bound",
}
#: What is said of the graph of one area: what names the area, and what that is called.
_ABOUT = """
CONSTRUCT {{ ?thing ?link ?value }}
WHERE {{
  VALUES ?area {{ <{area}> }}
  {{ ?thing csp:area ?area ; ?link ?value }}
  UNION {{ ?about csp:area ?area ; ?any ?thing . ?thing rdfs:label ?value . BIND (rdfs:label AS ?link) }}
}}
"""


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """The answers about an area on a day, by question, and the statements about it."""

    place: Place
    on: date
    given: Mapping[str, Answer]
    turtle: str = ""

    def rows(self, question: str) -> list[dict[str, str]]:
        """Return the rows of an answer in words, column by column."""
        answer = self.given[question]
        names = [column.name for column in answer.columns]
        return [dict(zip(names, row, strict=True)) for row in answer.words()]

    def things(self, question: str) -> list[dict[str, Any]]:
        """Return the rows of an answer with full addresses and days."""
        return list(self.given[question])


def answers(kg: KnowledgeGraph, place: Place, *, turtle: bool = True) -> AreaAnswers:
    """Return what the page of `place` says, asked of `kg` on its day.

    A graph from `KnowledgeGraph.together` is quicker for many areas.
    """
    given = {name: kg.answer(name, area=place.code) for name in QUESTIONS}
    text = ""
    if turtle:
        about = _ABOUT.format(area=area_iri(place.code))
        text = kg.construct(about).to("turtle")
    return AreaAnswers(place, day_of("on", kg.on), given, text)


def page(site: Site, found: AreaAnswers, **more: Any) -> Page:
    """Return the page of an area from its answers; `more` goes to the template.

    `more` may have `states`, the days on which something changed, `until`, the first
    day after the page, and `newest`, whether it is the newest state.
    """
    place = found.place
    folder = more.pop("folder", place.folder)
    groups = _groups(site, found)
    counts = {key: len(entries) for key, entries in groups.items()}
    receipt = _receipt(found)
    title = f"{place.name}: who must do what on community safety"
    html = site.render(
        "area.html",
        folder,
        title,
        place=place,
        on=found.on,
        lede=_lede(found, counts),
        nothing=_nothing(found, groups),
        warning=warning(receipt),
        cards=_cards(site, found),
        limits=adoption.limits(found.rows("who-must-adopt")),
        dates=_dates(site, found),
        over=_OVER,
        bodies=_bodies(site, found),
        standings=STANDINGS,
        groups=groups,
        opened=_OPEN,
        trail=_trail(found),
        trail_silence=" ".join(found.given["decision-trail"].silence),
        strategies=found.rows("strategies"),
        sure=_sure(found),
        area_receipt=receipt,
        **{"states": (), "until": None, "newest": True, "since": None} | more,
    )
    return Page(folder, title, html, _data(found))


def template_of(duty: str, codes: Iterable[str]) -> str:
    """Return the address of the duty template behind a duty in an area with such a code.

    >>> template_of("https://w3id.org/cspgraph/id/duty/eqa10-duty.E06000059.x.2019-04-01", ["E06000059"])
    'https://w3id.org/cspgraph/id/duty-template/eqa10-duty'
    """
    name = duty.rpartition("/")[2]
    for code in codes:
        start, dot, _ = name.partition(f".{code}")
        if dot:
            return PREFIXES["dt"] + start
    return ""


def _lede(found: AreaAnswers, counts: Mapping[str, int]) -> list[str]:
    adopt = found.given["who-must-adopt"]
    if adopt.silence:
        return adopt.silence
    sentences = [said for _, said, _ in adoption.grounds(found.rows("who-must-adopt"))]
    named = [
        f"{words} {counts[key]}" for key, words, *_ in STANDINGS if counts.get(key)
    ]
    told = f"{sum(counts.values())} duties are held for this area. How they stand: {'; '.join(named)}."
    return [sentences[0], *_next_day(found), told]


def _next_day(found: AreaAnswers) -> list[str]:
    """Return by when the law wants a plan revised next."""
    said: dict[str, None] = {}
    for row, full in zip(
        found.rows("plan-dates"), found.things("plan-dates"), strict=True
    ):
        passed = bool(full["due"]) and full["due"] < found.on
        day = row["next_due"] if passed else row["due"]
        if row["basis"] == "law" and day:
            words = f"is to be revised by {day_in_words(day)} ({row['law']})."
            said[f"The {row['kind']} {words}"] = None
    return list(said)


def _nothing(found: AreaAnswers, groups: Mapping[str, Sequence[DutyAsItStands]]) -> str:
    """Return what stands first where nothing at all is on record."""
    if any(groups.get(key) for key in _SEEN) or len(found.given["strategies"]):
        return ""
    if groups.get("NotOnRecord"):
        return f"Somebody looked for papers of {found.place.name} and found no record. That is not the same as not done: the duties below bind all the same."
    return f"Nobody has looked at papers of {found.place.name}. The duties below bind all the same."


@dataclass(frozen=True, slots=True)
class GroundCard:
    """Who decides on some documents: the sentence, its ground, and its law."""

    sentence: str
    kind: str
    title: str
    laws: Sequence[Thing]


def _cards(site: Site, found: AreaAnswers) -> list[GroundCard]:
    cards = []
    for basis, said, rows in adoption.grounds(found.rows("who-must-adopt")):
        laws = {row["law"]: row["law_url"] for row in rows if row["law"]}
        products = list(dict.fromkeys(row["product"] for row in rows))
        cards.append(
            GroundCard(
                said,
                _DOUBTFUL.get(basis, ""),
                "; ".join(products),
                [Thing(law, site.of_law(law, url), url) for law, url in laws.items()],
            )
        )
    return cards


def _dates(site: Site, found: AreaAnswers) -> list[dict[str, Any]]:
    dates = []
    for row, full in zip(
        found.rows("plan-dates"), found.things("plan-dates"), strict=True
    ):
        by = ""
        if row["due"] and row["basis"] == "law":
            by = f"to be revised or replaced by {day_in_words(row['due'])}"
        elif row["due"]:
            by = f"its own period is over from {day_in_words(row['due'])}"
        law = Thing(row["law"], site.of_law(row["law"], str(full["law_url"] or "")))
        passed = bool(full["due"] and full["due"] < found.on and row["basis"] == "law")
        dates.append({**row, "by": by, "of": law, "passed": passed})
    return sorted(dates, key=lambda d: (d["basis"] != "law", d["status"] in _OVER))


@dataclass
class BoundBody:
    """A body that is bound in an area: its roles, each with its law, and what is assumed."""

    body: Thing
    kind: str
    roles: dict[str, set[str]] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


def _bodies(site: Site, found: AreaAnswers) -> list[BoundBody]:
    bodies: dict[str, BoundBody] = {}
    for row, full in zip(
        found.rows("bodies-of-area"), found.things("bodies-of-area"), strict=True
    ):
        iri = str(full["body"] or "")
        shown = site.thing(iri, row["body"]) if iri else Thing("not in the register")
        one = bodies.setdefault(iri or row["kind"], BoundBody(shown, row["kind"]))
        if row["role"]:
            one.roles.setdefault(row["role"], set()).add(row["law"])
        if row["assumption"]:
            one.notes.add(row["assumption"])
        if row["confidence"] not in ("high", ""):
            one.notes.add(f"The register is {row['confidence']} in confidence of it.")
    return sorted(bodies.values(), key=lambda b: (-len(b.roles), b.body.words))


@dataclass
class DutyAsItStands:
    """A duty as it stands: what it asks, of whom, by which law, and what is on record."""

    statement: str
    law: str
    of_law: str
    duty: str
    where: str
    due: str = ""
    next_due: str = ""
    checked: str = ""
    bearers: dict[str, None] = field(default_factory=dict)
    evidence: dict[str, None] = field(default_factory=dict)


def _groups(site: Site, found: AreaAnswers) -> dict[str, list[DutyAsItStands]]:
    """Return the duties by how they stand; those alike but for the body in one."""
    groups: dict[str, dict[tuple[str, ...], DutyAsItStands]] = defaultdict(dict)
    for row, full in zip(found.rows("standing"), found.things("standing"), strict=True):
        where = row.get("area", "")
        area = str(full.get("area") or area_iri(found.place.code))
        duty = site.folder(template_of(full["duty"], [area.rpartition("/")[2]]))
        key = full["standing"].rpartition("/")[2]
        here = groups[key].setdefault(
            (row["statement"], row["law"], where),
            DutyAsItStands(
                *(row["statement"], row["law"], site.of_law(row["law"]), duty),
                "" if where == found.place.name else where,
                *(row["due"], row["next_due"]),
                "" if row["verification"] == "read" else row["verification"],
            ),
        )
        for bearer in filter(None, row["bearer"].split("; ")):
            here.bearers[bearer] = None
        if row["evidence"]:
            told = f"{row['evidence']} ({row['source']})"
            here.evidence[told] = None
    return {key: list(entries.values()) for key, entries in groups.items()}


def _trail(found: AreaAnswers) -> list[dict[str, str]]:
    """Return the decisions on record, the newest first, each with its day in words."""
    told = []
    for row in found.rows("decision-trail"):
        when = day_in_words(row["on"]) if row["on"] else ""
        if not when and row["not_after"]:
            start = (
                row["not_before"] and f"{day_in_words(row['not_before'])} or later, "
            )
            when = f"{start}by {day_in_words(row['not_after'])}"
        elif not when and row["not_before"]:
            when = f"{day_in_words(row['not_before'])} or later"
        told.append({**row, "when": when or "day not on record"})
    return sorted(
        told, key=lambda r: r["on"] or r["not_after"] or r["not_before"], reverse=True
    )


def _sure(found: AreaAnswers) -> list[str]:
    """Return how sure the answers are, in sentences."""
    said: dict[str, None] = {}
    for name, about in _ABOUT_WHAT.items():
        receipt = found.given[name].receipt
        for key in ("doubt", "presumed", "area", "widened"):
            text = str(receipt.get(key, "")).rstrip(".")
            if text:
                start = f"{about}: " if key == "doubt" else ""
                whole = f"{start}{text}."
                said[whole[0].upper() + whole[1:]] = None
    return list(said)


def _receipt(found: AreaAnswers) -> dict[str, Any]:
    """Return the receipts of all answers as one."""
    whole: dict[str, Any] = {}
    read: dict[str, Any] = {}
    for answer in found.given.values():
        whole = {**answer.receipt, **whole}
        read |= {str(one): one for one in answer.receipt.get("text_read", ())}
    for key in ("doubt", "presumed", "widened", "text_read"):
        whole.pop(key, None)
    return {**whole, **({"text_read": list(read.values())} if read else {})}


def _data(found: AreaAnswers) -> dict[str, bytes]:
    labels: dict[str, str] = {}
    told = {}
    for name, answer in found.given.items():
        labels |= answer.labels
        told[name] = {
            "question": answer.question,
            "sentence": answer.sentence(),
            "columns": [column.name for column in answer.columns],
            "rows": [list(row.values()) for row in answer],
            "empty": answer.empty,
        }
    whole = {
        "area": area_iri(found.place.code),
        "name": found.place.name,
        "on": found.on,
        "answers": told,
        "labels": dict(sorted(labels.items())),
        "receipt": _receipt(found),
    }
    data = {
        "index.json": json_bytes(whole),
        "duties.csv": saved(found.given["standing"], ".csv"),
        "adopt.csv": saved(found.given["who-must-adopt"], ".csv"),
        "bodies.csv": saved(found.given["bodies-of-area"], ".csv"),
    }
    return data | ({"index.ttl": found.turtle.encode()} if found.turtle else {})
