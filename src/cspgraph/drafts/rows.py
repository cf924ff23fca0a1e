"""From confirmed facts to the rows of a form, each name looked up in the register.

What cannot be placed is left out and told: a body that the register does not know, a
decision about a plan that was not confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from cspgraph.dataset import Dataset
from cspgraph.errors import ParameterError
from cspgraph.forms.cells import slug
from cspgraph.forms.lookup import Lookup
from cspgraph.forms.write import Filled
from cspgraph.rdf.terms import PREFIXES
from cspgraph.reading.names import names
from cspgraph.reading.titles import period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.rdf.labels import RegisterEntry
    from cspgraph.reading.facts import Fact

__all__ = ["Given", "Rows", "register", "rows"]

_KIND = PREFIXES["kind"]
_COUNCILS = {
    f"{_KIND}{name}"
    for name in (
        *("UnitaryCouncil", "DistrictCouncil", "CountyCouncil", "LondonBoroughCouncil"),
        *(
            "MetropolitanDistrictCouncil",
            "CommonCouncil",
            "CouncilOfScilly",
            "WelshPrincipalCouncil",
        ),
    )
}
_PARTNERSHIP = f"{_KIND}CommunitySafetyPartnership"
_NOTE = "Read by rules from the text of the report and confirmed by a person; only years are printed, so the days of a period are left blank."


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a draft beside its facts."""

    name: str
    report: str
    area: str
    council: str
    url: str
    day: str


@dataclass(slots=True)
class Rows:
    """The rows of a form, and why a fact was left out."""

    filled: Filled
    left_out: list[str] = field(default_factory=list)
    #: The refs of the documents, for the claims of a report.
    document: str = ""


@dataclass(frozen=True, slots=True)
class ReadRegister:
    """The names of register and law, the entries, and the files behind them."""

    choices: Lookup
    entries: dict[str, RegisterEntry]
    dataset: Dataset


@cache
def register() -> ReadRegister:
    """Return the names of the register and the law, read once."""
    dataset = Dataset()
    entries = list(dataset.register.entries())
    choices = Lookup(dataset.terms, dataset.law, dataset.records, entries)
    return ReadRegister(choices, {e.iri: e for e in entries}, dataset)


def rows(facts: Sequence[Fact], given: Given) -> Rows:
    """Return `facts` as the rows of a form.

    Raises `ParameterError` where it is not known which area the report is about.
    """
    return _Writer(facts, given).made()


class _Writer:
    def __init__(self, facts: Sequence[Fact], given: Given) -> None:
        self._facts, self._given = facts, given
        self._known = register()
        self._day = given.day
        self._area = self._find_area()
        self._bodies = self._near()
        start = {
            "Name": given.name,
            "Area": self._word("area", self._area),
            "Day": given.day,
        }
        self._made = Rows(Filled(start))
        self._refs: dict[tuple[str, str], str] = {}
        self._passages: dict[str, str] = {}
        self._organs: dict[str, str] = {}

    def made(self) -> Rows:
        self._document()
        for kind, write in (
            ("strategy", self._strategy),
            ("version", self._version),
            ("assessment", self._assessment),
            ("priority", self._priority),
            ("cross-cutting issue", self._priority),
            ("period", self._period),
            ("body", self._body),
            ("decision", self._decision),
            ("claim", self._claim),
        ):
            for fact in self._facts:
                if fact.kind == kind:
                    write(fact)
        order = {
            name: n
            for n, name in enumerate(
                (
                    "Documents",
                    "Passages",
                    "Strategies",
                    "Versions",
                    "Priorities",
                    "Decisions",
                    "Assessments",
                    "Claims",
                    "Organs",
                )
            )
        }
        sheets = self._made.filled.sheets
        self._made.filled.sheets = {
            name: sheets[name] for name in sorted(sheets, key=lambda n: order[n])
        }
        return self._made

    # What the names mean

    def _find_area(self) -> str:
        choices = self._known.choices
        if self._given.area:
            found = choices.find(["area"], self._given.area, self._day)
            found = [a for a in found if self._local(a)] or found
            if len(found) == 1:
                return found[0]
            problem = f"area: {self._given.area!r} is not one area; give a name or code"
            raise ParameterError(problem)
        body = self._council_of(self._given.council)
        own = list(self._known.entries[body].own) if body else []
        areas = [a for a in own if self._local(a)] or own
        if len(areas) == 1:
            return areas[0]
        said = (
            f", and {self._given.council!r} is no council of the register"
            if self._given.council
            else ""
        )
        problem = f"area: the report does not say of which area it is{said}; write --area and its name"
        raise ParameterError(problem)

    def _local(self, area: str) -> bool:
        return re.search(r"/(?:E0[6789]|W06)\d+$", area) is not None

    def _council_of(self, name: str) -> str:
        found = self._known.choices.find(["body"], name, self._day) if name else []
        found = [b for b in found if self._known.entries[b].kinds & _COUNCILS]
        return found[0] if len(found) == 1 else ""

    def _near(self) -> set[str]:
        wide = [self._area, *self._known.entries[self._area].wider]
        return self._known.choices.serving(set(wide))

    @property
    def _council(self) -> str:
        named = self._council_of(self._given.council)
        if named:
            return named
        own = [
            b
            for b in self._bodies
            if self._area in self._known.entries[b].own
            and self._known.entries[b].kinds & _COUNCILS
            and self._there(b)
        ]
        return own[0] if len(own) == 1 else ""

    def _there(self, iri: str) -> bool:
        entry = self._known.entries[iri]
        return not self._day or (
            entry.start <= self._day and (not entry.until or self._day < entry.until)
        )

    def _word(self, kind: str, iri: str) -> str:
        return self._known.choices.word([kind], iri, self._day)

    def _decider(self, name: str) -> str:
        """Return how a form names an organ or body; empty where nothing is known of it."""
        choices = self._known.choices
        plain = re.sub(r"^(?:the|The|[Yy]) ", "", name).replace("&", "and").strip()
        if re.fullmatch(
            r"CSP|(?:Community Safety )?Partnership|Partneriaeth(?: Diogelwch Cymunedol)?|Bartneriaeth",
            plain,
        ):
            own = [
                b
                for b in self._bodies
                if _PARTNERSHIP in self._known.entries[b].kinds
                and self._area in self._known.entries[b].areas
                and self._there(b)
            ]
            return self._word("body", own[0]) if len(own) == 1 else ""
        council = self._council
        label = self._known.entries[council].names[0] if council else ""
        if plain in ("Cyngor Llawn",):
            plain = "Full Council"
        if plain == "statutory officers":
            plain = "Monitoring officer and chief finance officer"
        for word in (f"{plain} of {label}", name, plain) if label else (name, plain):
            found = choices.find(
                ["organ"], word, self._day, {council} if council else ()
            )
            if len(found) == 1:
                return self._word("organ", found[0])
        if re.fullmatch(r"[Cc]ouncil|Cyngor", plain) and council:
            return self._word("body", council)
        found = [
            b
            for b in choices.find(["body"], name, self._day, self._bodies)
            if b in self._bodies
        ]
        if len(found) == 1:
            return self._word("body", found[0])
        kind = next(
            (
                one.of
                for one in names().actors
                if one.kind == "organ" and one.pattern.fullmatch(plain)
            ),
            "",
        )
        if council and kind and kind != "full council":
            return self._organ(plain, kind, council)
        return ""

    def _organ(self, name: str, kind: str, council: str) -> str:
        if name not in self._organs:
            ref = slug(name)
            label = self._known.entries[council].names[0]
            self._organs[name] = ref
            self._row(
                "Organs",
                Ref=ref,
                Name=f"{name} of {label}",
                Body=self._word("body", council),
                **{"Kind of organ": kind},
            )
        return self._organs[name]

    # Rows

    def _row(self, sheet: str, **cells: str | Sequence[str]) -> None:
        row = {
            head: [cell] if isinstance(cell, str) else list(cell)
            for head, cell in cells.items()
            if cell
        }
        self._made.filled.sheets.setdefault(sheet, []).append(row)

    def _document(self) -> None:
        found = next((f for f in self._facts if f.kind == "document"), None)
        ref = "report"
        self._made.document = ref
        title = found.value if found else self._given.report
        council = self._council
        self._row(
            "Documents",
            Ref=ref,
            Title=title or self._given.report,
            **{
                "Kind of document": (found.subject if found else "")
                or "committee report",
                "Day of the document": (found.day if found else "") or self._given.day,
                "Publisher": self._word("body", council) if council else "",
                "Web address": self._given.url,
                "Notes": _NOTE,
            },
        )
        self._refs["document", "the report"] = ref

    def _source(self, fact: Fact) -> str:
        place = fact.place or "Head"
        if place not in self._passages:
            ref = slug(place) or "head"
            taken = set(self._passages.values())
            number = 2
            while ref in taken:
                ref = f"{slug(place) or 'head'}-{number}"
                number += 1
            self._passages[place] = ref
            named = f"paragraph {place}" if place[:1].isdigit() else place
            self._row(
                "Passages",
                Ref=ref,
                Name=f"{self._given.report}, {named}",
                Document="report",
                Paragraph=place,
                Heading=fact.heading,
                **{"Words relied on": fact.quote},
            )
        return self._passages[place]

    def _ref(self, kind: str, name: str) -> str:
        return self._refs.get((kind, name), "")

    def _name(self, kind: str, name: str) -> str:
        ref = slug(name if kind in ("strategy", "priority") else f"{kind} {name}")
        taken = {r for (k, _), r in self._refs.items() if k == kind}
        number, made = 2, ref
        while made in taken:
            made, number = f"{ref}-{number}", number + 1
        self._refs[kind, name] = made
        return made

    def _leave(self, fact: Fact, why: str) -> None:
        self._made.left_out.append(f"{fact.kind} '{fact.value}' ({fact.place}): {why}")

    def _strategy(self, fact: Fact) -> None:
        area = self._area
        if fact.subject == "police and crime plan":
            wide = [
                a for a in self._known.entries[area].wider if re.search(r"/[EW]23", a)
            ]
            area = wide[0] if len(wide) == 1 else area
        self._row(
            "Strategies",
            Ref=self._name("strategy", fact.value),
            Name=fact.value,
            Area=self._word("area", area),
            Source=self._source(fact),
            **{"Kind of document": fact.subject},
        )

    def _version(self, fact: Fact) -> None:
        strategy = self._ref("strategy", fact.subject)
        if not strategy:
            self._leave(fact, f"its strategy '{fact.subject}' was not confirmed")
            return
        self._row(
            "Versions",
            Ref=self._name("version", fact.value),
            Name=fact.value,
            Strategy=strategy,
            Source=self._source(fact),
        )

    def _find(self, sheet: str, ref: str) -> dict[str, list[str]] | None:
        return next(
            (
                row
                for row in self._made.filled.sheets.get(sheet, [])
                if row["Ref"] == [ref]
            ),
            None,
        )

    def _period(self, fact: Fact) -> None:
        done = False
        for kind, sheet in (("strategy", "Strategies"), ("version", "Versions")):
            row = self._find(sheet, self._ref(kind, fact.subject))
            if row is not None and period(fact.value):
                row["Period as printed"] = [fact.value]
                done = True
        if not done:
            self._leave(
                fact, f"'{fact.subject}' was not confirmed, or the years are not read"
            )

    def _body(self, fact: Fact) -> None:
        row = self._find("Strategies", self._ref("strategy", fact.subject))
        named = self._decider(fact.value)
        if row is None or not named:
            self._leave(
                fact,
                "the strategy was not confirmed"
                if row is None
                else "the register does not know it",
            )
            return
        row.setdefault("Drawn up by", []).append(named)

    def _priority(self, fact: Fact) -> None:
        row = self._find("Versions", self._ref("version", fact.subject))
        if row is None:
            self._leave(fact, f"its version '{fact.subject}' was not confirmed")
            return
        ref = (
            self._name(fact.kind, f"{fact.value}")
            if fact.kind == "priority"
            else self._name("priority", f"{fact.value}")
        )
        self._row(
            "Priorities",
            Ref=ref,
            Name=fact.value,
            Themes=list(fact.all("theme")),
            Source=self._source(fact),
        )
        head = "Priorities" if fact.kind == "priority" else "Cross-cutting issues"
        row.setdefault(head, []).append(ref)

    def _assessment(self, fact: Fact) -> None:
        about = self._ref("version", fact.subject) or self._ref(
            "strategy", fact.subject
        )
        name = f"{fact.value} of {fact.subject}"
        if fact.subject == "the report":
            about = "report"
        if not about:
            self._leave(fact, f"'{fact.subject}' was not confirmed")
            return
        ref = self._name("assessment", name)
        title = (
            fact.all("title")
            or (f"{fact.value[:1].upper()}{fact.value[1:]} of {fact.subject}",)
        )[0]
        drawn = fact.value in (
            "strategic assessment",
            "serious violence needs assessment",
        )
        self._row(
            "Assessments",
            Ref=ref,
            Name=title,
            Area=self._word("area", self._area),
            Source=self._source(fact),
            **{
                "Kind of assessment": fact.value,
                "Day": fact.day,
                "About": "" if drawn else about,
                "Current risk": "; ".join(fact.all("current risk")),
                "Risk that remains": "; ".join(fact.all("residual risk")),
            },
        )
        row = self._find("Versions", about)
        if drawn and row is not None:
            row.setdefault("Drew on", []).append(ref)

    def _decision(self, fact: Fact) -> None:
        vehicle = fact.value == "choose through whom to act"
        about = (
            (self._ref("strategy", fact.subject) if vehicle else "")
            or self._ref("version", fact.subject)
            or self._ref("strategy", fact.subject)
            or self._ref("assessment", fact.subject)
            or self._ref("document", fact.subject)
        )
        if not about:
            self._leave(fact, f"'{fact.subject}' was not confirmed")
            return
        by = list(filter(None, map(self._decider, fact.all("by"))))
        to = list(filter(None, map(self._decider, fact.all("to"))))
        for name in (*fact.all("by"), *fact.all("to")):
            if not self._decider(name):
                self._made.left_out.append(
                    f"decision '{fact.value}' ({fact.place}): who decided or was asked, '{name}', is not in the register; the cell is blank"
                )
        ref = self._name(
            "decision",
            f"{fact.value} {fact.status} {fact.subject} {'-'.join(fact.all('by'))}",
        )
        self._row(
            "Decisions",
            Ref=ref,
            Name=f"{fact.value}: {fact.subject}",
            About=about,
            Day=fact.day,
            Source=self._source(fact),
            Condition="; ".join(fact.all("condition")),
            **{
                "Kind of decision": fact.value,
                "Decided by": by,
                "To whom": to,
                "Done or proposed": fact.status or "done",
                "Words relied on": fact.quote,
            },
        )

    def _claim(self, fact: Fact) -> None:
        more = fact.more
        name = " ".join(
            filter(
                None,
                (
                    "; ".join(fact.all("role")),
                    "; ".join(fact.all("action")),
                    "; ".join(fact.all("product")),
                ),
            )
        )
        ref = self._name("claim", f"{fact.place} {name}")
        holders = []
        for printed in more.get("holder", ()):
            found = self._holder(printed)
            if found:
                holders.append(found)
        self._row(
            "Claims",
            Ref=ref,
            Name=name or fact.value,
            Source=self._source(fact),
            **{
                "Words relied on": fact.value,
                "Whether required": "; ".join(more.get("required", ())),
                "What must be done": list(more.get("action", ())),
                "To what": list(more.get("product", ())),
                "By whom (role)": list(more.get("role", ())),
                "And in return (role)": list(more.get("return", ())),
                "Which organ": list(more.get("organ", ())),
                "Holders named": holders,
                "Holders as printed": list(more.get("holder", ())),
                "Kinds of body named": list(more.get("holder kind", ())),
                "Whole list or part": "; ".join(more.get("list", ())),
                "Law named": list(more.get("law", ())),
                "Law as printed": list(more.get("law printed", ())),
                "Sections as printed": list(more.get("section", ())),
                "Length of the plan": list(more.get("length", ())),
                "How often": list(more.get("cycle", ())),
                "From which day": "; ".join(more.get("from", ())),
                "Deadline as printed": list(more.get("deadline", ())),
            },
        )

    def _holder(self, printed: str) -> str:
        kind = next(
            (
                k
                for k, p in names().holders
                if p.fullmatch(re.sub(r"^(?:the )", "", printed).strip())
            ),
            "",
        )
        found = [
            b
            for b in self._known.choices.find(
                ["body"], printed, self._day, self._bodies
            )
            if b in self._bodies and self._there(b)
        ]
        if len(found) != 1:
            words = {
                r"[Pp]olice$": "ChiefOfficerOfPolice",
                r"^NHS|ICB$|Integrated Care": "IntegratedCareBoard",
                r"[Ff]ire": "FireAndRescueAuthority",
                r"[Pp]robation": "ProbationProvider",
                r"Council$": "",
            }
            kinds = [
                f"{_KIND}{k}" for p, k in words.items() if k and re.search(p, printed)
            ]
            found = [
                b
                for b in self._bodies
                if self._known.entries[b].kinds & set(kinds) and self._there(b)
            ]
        if kind and len(found) != 1:
            return ""
        return self._word("body", found[0]) if len(found) == 1 else ""
