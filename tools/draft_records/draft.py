"""From the facts of one council to the entries of its record, and what was left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tools.draft_records.facts import (
    READ,
    STATUSES,
    Fact,
    FactError,
    NotSeen,
    span,
    table,
)
from tools.draft_records.trig import Entry, day, name, short, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.draft_records.register import Council

__all__ = ["STEM", "Draft", "decision_kind", "draft", "themes"]

STEM = "pages-2026"
_OPENING = (
    f"The opening part of a stored copy of the page was read by {READ}; its"
    " attachments were not."
)
_YEARS = "Years only are printed; a plan year is taken to run from 1 April to 31 March."
_YEAR = "2026"
_UNSETTLED = "What was read does not settle on which days the period begins and ends."
_NO_DAY = (
    "The page has no day of its own; the day given is the last on which it can have"
    " been written."
)
_ANOTHER = "The page is one of another public body, whose name is not taken from it."
_BY_TITLE = "By its title; what was read names no provision."
_NAMED_WITH = {"entry": "priorities", "product": "PartnershipPlan", "coverage": ""}
_PRIORITIES = "Priorities alone were read; whether they stand in a plan is not said."
_LOOKED_FOR = (
    "The plans and strategies of the partnership, their priorities, and their way"
    " through partnership, scrutiny, executive and full council, in the opening parts"
    " of the pages named. That something was not seen says nothing about whether it"
    " exists."
)
_PLAN = re.compile(r"\bplan\b|strateg|cynllun|agreement", re.IGNORECASE)
_SAFETY = re.compile(
    r"safe|crime|disorder|csp|cdrp|partnership (strategic )?plan", re.IGNORECASE
)
_MEMBERS = re.compile(r"\bmembers\b", re.IGNORECASE)
#: The assessments that the law asks for; those of other subjects are papers.
_ASSESSMENT = re.compile(
    r"strategic (intelligence |needs )*assessment(?!s)",
    re.IGNORECASE,
)
_VIOLENCE = re.compile("serious violence", re.IGNORECASE)
_COUNCIL = re.compile(
    r"(the )?(full |county |borough |city |district |town )?council( meeting)?"
    r"|(court of )?common council",
    re.IGNORECASE,
)
_EXECUTIVE = re.compile(r"(the )?(cabinet|executive)", re.IGNORECASE)
_CRIME = re.compile(
    r"crime (and|&) disorder ((overview and )?scrutiny )?(committee|panel)"
    r"|crime and disorder \(overview and scrutiny\) committee",
    re.IGNORECASE,
)
_NO_PARTNERSHIP = re.compile(
    r"scrutiny|committee|panel|commission|overview|cabinet|health|police|council\b",
    re.IGNORECASE,
)
_LEAST = len("partnership")
_UNNAMED = re.compile(r"not in the text|not shown|not said|not stated")
_SEVERAL = re.compile(r"in one row|but lists five", re.IGNORECASE)
_NOT_THE_DAY = re.compile(r"decision due|not of adoption|expir", re.IGNORECASE)
_BY_THEN = re.compile(r"closing day|day of the article|not after", re.IGNORECASE)
_INFERRED = re.compile("inferred", re.IGNORECASE)
_CONDITION = re.compile(r"subject to [^;()]+")
_NOT_SEEN = re.compile(r"not seen: ([^;]+)")
#: What a record never says of a body, in whatever words a page may say it.
_JUDGING = re.compile(
    r"breac[h]|un[l]awful|compl(ian|y|ied)|illegal|failed", re.IGNORECASE
)
#: How part b begins what was decided: with a kind, and how it was printed.
_PREFIX = re.compile(r"^[a-z-]+( \([^)]*\)| and [a-z]+)?[:;] ((outcome )?printed:? )?")
#: Parts of a note that say of all rows the same, or what the entry says itself.
_SAID = re.compile(
    r"(^|; )(opening part only read \(text cut\)|secondary source \([^)]*\)"
    r"|not seen: [^;]+)(?=;|$)|^[OS](\.| |$)|\bTwo-tier\.|\bCounty\.$"
)


@dataclass
class Draft:
    """The record of one council, and why rows of its facts are not in it."""

    council: Council
    entries: list[Entry] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def graph(self) -> str:
        """The short address of the graph of the record."""
        return f"graph:{self.council.slug}-{STEM}"

    def kinds(self) -> Counter[str]:
        """Return how many entries of each class there are."""
        return Counter(entry.kind for entry in self.entries)


def draft(council: Council, said: Sequence[Fact], unseen: Iterable[NotSeen]) -> Draft:
    """Return the record of `council` that `said` and `unseen` support.

    It has no entries where no page is known.
    """
    return _Drafting(council).record(said, unseen)


class _Drafting:
    """The entries of one record as they come to be."""

    def __init__(self, council: Council) -> None:
        self.draft = Draft(council)
        self.council = council
        self.pages: dict[str, str] = {}
        self.passages: dict[tuple[str, str], Entry] = {}
        self.entries: dict[str, Entry] = {}

    def record(self, said: Sequence[Fact], unseen: Iterable[NotSeen]) -> Draft:
        kept = [fact for fact in said if self._usable(fact)]
        documents: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in kept:
            self._page(fact, [other for other in kept if other.page == fact.page])
            self._passage(fact)
            documents[(fact.document, fact.kind)].append(fact)
        for (title, kind), of in documents.items():
            how = _documents()[kind]
            if _MEMBERS.search(title):
                self._paper(of)
            elif how["entry"] == "strategy" and title:
                self._strategy(title, how, of)
            elif how["entry"] == "priorities" and any(map(_is_priority, of)):
                label = title or f"Priorities on a page about {self.council.area_name}"
                self._strategy(label, how, of)
            elif how["entry"] == "assessment" and _ASSESSMENT.search(title):
                self._assessment(title, how["product"], of)
                named = [*filter(_is_priority, of)]
                if named:
                    self._strategy(f"Priorities named with {title}", _NAMED_WITH, named)
            else:
                self._paper(of)
        self._search(kept, unseen)
        found = sorted(self.entries.values(), key=lambda entry: entry.rank)
        self.draft.entries = found if self.pages else []
        return self.draft

    def _usable(self, fact: Fact) -> bool:
        if fact.kind not in _documents():
            raise FactError(
                f"{fact.place}: kind {fact.kind!r} is not in documents.csv; add it there"
            )
        if not fact.page:
            self.draft.left_out["no address of the page"] += 1
        elif fact.what == "body":
            self.draft.left_out["about the partnership, not a document"] += 1
        else:
            return True
        return False

    # Pages and passages

    def _page(self, fact: Fact, of: Sequence[Fact]) -> None:
        """Describe the page of `fact`, with `of` it, once."""
        if fact.page in self.pages:
            return
        end = f"{self.council.slug}-page-{len(self.pages) + 1}"
        entry = self._new("document", end, "csp:SourceDocument", 0)
        self.pages[fact.page] = entry.iri
        titles = list(dict.fromkeys(f.document for f in of if f.document))
        about = titles[0] if titles else "community safety"
        official = all(f.official for f in of)
        entry.add("rdfs:label", words(f"Page on {self.council.area_name}: {about}"))
        entry.add("csp:kind", "kind:WebPage" if official else "kind:PressReport")
        days = sorted(span(f.page_day, f.place) for f in of if f.page_day)
        last = min(max(d[1] for d in days), READ) if days else READ
        entry.add("csp:on", day(last))
        if days and days[0][0] != last:
            entry.add("csp:notBefore", day(days[0][0]))
        if official and self.council.owns(fact.page):
            entry.add("csp:publisher", self.council.body)
        entry.add("csp:page", f"<{fact.page}>")
        entry.add("csp:verification", f"verification:{'O' if official else 'S'}")
        entry.add("csp:verificationNote", words(_OPENING))
        if official and not self.council.owns(fact.page):
            entry.add("csp:modelNote", words(_ANOTHER))
        if not days:
            entry.add("csp:modelNote", words(_NO_DAY))
        if len({f.page_day for f in of if f.page_day}) > 1:
            told = " and of ".join(sorted({f.page_day for f in of if f.page_day}))
            entry.add("csp:modelNote", words(f"The page is told to be of {told}."))

    def _passage(self, fact: Fact) -> None:
        """Describe the passage on which `fact` rests; what it says of the law is noted."""
        page = self.pages[fact.page]
        key = (page, fact.document)
        if key not in self.passages:
            number = len(self.passages) + 1
            end = f"{page.partition(':')[2]}.{number}"
            entry = self._new("passage", end, "csp:Passage", 1)
            about = fact.document or "community safety"
            entry.add("rdfs:label", words(f"Opening part, on {about}"))
            entry.add("csp:inDocument", page)
            entry.add("csp:paragraph", f'"opening part, {number}"')
            self.passages[key] = entry
        if fact.what != "claim":
            return
        if _JUDGING.search(fact.words):
            self.draft.left_out["statements about the law that judge a body"] += 1
            return
        told = f"On the law the page says, in other words: {fact.words.rstrip('.')}."
        self.passages[key].add("csp:modelNote", words(told))
        self.draft.left_out["statements about the law, kept as notes"] += 1

    def _passage_of(self, fact: Fact) -> str:
        return self.passages[(self.pages[fact.page], fact.document)].iri

    # Strategies, their versions, priorities and decisions

    def _strategy(self, title: str, how: dict[str, str], of: Sequence[Fact]) -> None:
        strategy = self._new("strategy", self._end(title), "csp:Strategy", 2)
        end = strategy.iri.partition(":")[2]
        version = self._new("version", f"{end}.1", "csp:StrategyVersion", 3)
        strategy.add("rdfs:label", words(title))
        strategy.add("csp:kind", f"kind:{how['product']}")
        strategy.add("csp:area", f"gss:{self.council.code}")
        version.add("rdfs:label", words(title))
        version.add("csp:versionOf", strategy.iri)
        sources = list(dict.fromkeys(map(self._passage_of, of)))
        for entry in (strategy, version):
            _period(entry, of)
            for source in sources:
                entry.add("csp:source", source)
        if how["entry"] == "priorities":
            strategy.add("csp:modelNote", words(_PRIORITIES))
        self._priorities(version, f"{end}.1", of)
        if how["coverage"] and _PLAN.search(title) and _SAFETY.search(title):
            self._coverage(strategy.iri, title, how["coverage"], sources)
        self._decisions(version, f"{end}.1", of)

    def _priorities(self, version: Entry, end: str, of: Sequence[Fact]) -> None:
        for fact in filter(_is_priority, of):
            crosses = fact.what == "cross-cutting"
            term = "csp:crossCutting" if crosses else "csp:priority"
            for said in _each(fact):
                version.add(term, self._priority(said, f"{end}.{short(said)}", fact))

    def _priority(self, said: str, end: str, fact: Fact) -> str:
        """Describe a priority, told on one page or on several, and return its address."""
        iri = f"priority:{end}"
        if iri not in self.entries:
            known = self._new("priority", end, "csp:Priority", 4)
            known.add("rdfs:label", words(said))
            subject = _documents()[fact.kind]["theme"]
            for theme in themes(said) or filter(None, [subject]):
                known.add("csp:theme", f"theme:{theme}")
        self.entries[iri].add("csp:source", self._passage_of(fact))
        return iri

    def _coverage(
        self, strategy: str, title: str, product: str, by: Sequence[str]
    ) -> None:
        end = strategy.partition(":")[2]
        entry = self._new("coverage", end, "csp:Coverage", 5)
        entry.add("rdfs:label", words(f"{title}, by its title"))
        entry.add("csp:covering", strategy)
        entry.add("csp:product", f"kind:{product}")
        entry.add("csp:certainty", "kind:Inferred")
        entry.add("csp:confidence", "kind:Medium")
        for source in by:
            entry.add("csp:source", source)
        entry.add("csp:modelNote", words(_BY_TITLE))

    def _decisions(self, about: Entry, end: str, of: Sequence[Fact]) -> None:
        for fact in of:
            if fact.what != "decision":
                continue
            organ, sort = self._organ(fact)
            kind = decision_kind(fact, sort)
            if not fact.official:
                self._noted(about, fact, "a decision told by a secondary source alone")
            elif not kind:
                self._noted(
                    about, fact, "a decision whose kind the words do not settle"
                )
            else:
                self._decision(about.iri, f"{end}.{name(kind)}", kind, organ, fact)

    def _noted(self, about: Entry, fact: Fact, why: str) -> None:
        """Keep what is no entry as a note on what it is about."""
        self.draft.left_out[f"{why}, kept as notes"] += 1
        where = "The page" if fact.official else "A page that is no official one"
        by = (
            f", by {fact.organ}"
            if fact.organ and not _UNNAMED.search(fact.organ)
            else ""
        )
        on = f", {fact.day}" if fact.day else ""
        told = f"{where} says ({fact.status}{by}{on}): {_PREFIX.sub('', fact.words).rstrip('.')}."
        if not _JUDGING.search(told):
            about.add("csp:modelNote", words(told))

    def _decision(
        self, about: str, end: str, kind: str, organ: str, fact: Fact
    ) -> None:
        entry = self._new("decision", end, "csp:Decision", 6)
        what = _PREFIX.sub("", fact.words)
        entry.add("rdfs:label", words(what[:1].upper() + what[1:]))
        entry.add("csp:kind", f"kind:{kind}")
        entry.add("csp:about", about)
        if organ:
            entry.add("csp:by", organ)
        _when(entry, fact)
        entry.add("csp:status", f"kind:{STATUSES[fact.status]}")
        if fact.quote and not _JUDGING.search(fact.quote):
            entry.add("csp:quote", words(fact.quote))
        condition = _CONDITION.search(fact.words)
        if condition and kind in ("Agree", "Adopt", "ApproveByExecutive"):
            entry.add("csp:condition", words(condition[0]))
        entry.add("csp:confidence", f"kind:{fact.confidence}")
        entry.add("csp:source", self._passage_of(fact))
        plain = organ.endswith(("-full-council", "-executive"))
        if fact.organ and not plain and not _UNNAMED.search(fact.organ):
            entry.add("csp:modelNote", words(f"Decided by, as printed: {fact.organ}."))
        note = _SAID.sub("", fact.note).strip("; ").strip()
        if note and not _JUDGING.search(note):
            told = f"Noted by whoever read the page: {note.rstrip('.')}."
            entry.add("csp:modelNote", words(told))

    def _paper(self, of: Sequence[Fact]) -> None:
        """Keep what was decided about a paper that is no strategy."""
        for fact in of:
            page = self.entries[self.pages[fact.page]]
            if fact.what == "decision":
                self._decisions(page, page.iri.partition(":")[2], [fact])
            elif fact.what in ("priority", "cross-cutting", "assessment"):
                self.draft.left_out[f"{fact.what} of a paper that is no strategy"] += 1

    def _organ(self, fact: Fact) -> tuple[str, str]:
        """Return who decided, where law or register name it, and of which sort it is."""
        said, council = fact.organ, self.council
        county = re.fullmatch(r"(the )?county council( meeting)?", said, re.IGNORECASE)
        if _COUNCIL.fullmatch(said) and (not county or "County" in council.name):
            return f"{council.organ}-full-council", "full council"
        if _EXECUTIVE.fullmatch(said) and council.kind not in (
            *("CommonCouncil", "CouncilOfScilly"),
        ):
            return f"{council.organ}-executive", "executive"
        if said.casefold() == council.name.casefold():
            return council.body, ""
        if _CRIME.fullmatch(said):
            return f"{council.organ}-crime-and-disorder-committee", "committee"
        if self._is_partnership(fact):
            return council.partnership, "partnership"
        return "", ""

    def _is_partnership(self, fact: Fact) -> bool:
        said = fact.organ
        if not said or _NO_PARTNERSHIP.search(said) or not self.council.partnership:
            return False
        own = fact.partnership.casefold()
        place = re.findall(r"[A-Z][a-z]{3,}", self.council.area_name)
        named = any(word in said for word in place)
        return (
            said.casefold() == own
            or said.casefold() == f"{own} board"
            or (len(said) > _LEAST and own.endswith(f" {said.casefold()}"))
            or ("partnership" in said.casefold() and named)
            or said.casefold() == "community safety partnership"
        )

    # Assessments and searches

    def _assessment(self, title: str, product: str, of: Sequence[Fact]) -> None:
        official = [fact for fact in of if fact.official]
        if not official:
            page = self.entries[self.pages[of[0].page]]
            for fact in of:
                self._noted(
                    page, fact, "an assessment told by a secondary source alone"
                )
            return
        entry = self._new("assessment", self._end(title), "csp:Assessment", 7)
        entry.add("rdfs:label", words(title))
        if _VIOLENCE.search(title):
            product = "SeriousViolenceAssessment"
        entry.add("csp:kind", f"kind:{product}")
        entry.add("csp:area", f"gss:{self.council.code}")
        days = [
            span(f.day, f.place)[1] for f in official if f.day and f.status == "done"
        ]
        if days:
            entry.add("csp:notAfter", day(min(min(days), READ)))
            told = "It was there by the first day on which a page speaks of it."
            entry.add("csp:modelNote", words(told))
        for source in dict.fromkeys(map(self._passage_of, official)):
            entry.add("csp:source", source)
        self._decisions(entry, entry.iri.partition(":")[2], of)

    def _search(self, kept: Sequence[Fact], unseen: Iterable[NotSeen]) -> None:
        if not self.pages:
            return
        place = self.council.area_name
        entry = self._new("search", f"{self.council.slug}-2026", "csp:Search", 8)
        label = f"Search of pages on {place}, November {READ.year}"
        entry.add("rdfs:label", words(label))
        entry.add("csp:area", f"gss:{self.council.code}")
        entry.add("csp:lookedFor", "kind:PartnershipPlan")
        for page in self.pages.values():
            entry.add("csp:searchedIn", page)
        entry.add("csp:on", day(READ))
        entry.add("csp:validFrom", day(READ))
        entry.add("csp:validUntil", day(READ + timedelta(days=1)))
        entry.add("csp:statement", words(_LOOKED_FOR))
        entry.add("csp:source", next(iter(self.passages.values())).iri)
        gone = [missing.words for missing in unseen]
        gone += [f for fact in kept for f in _NOT_SEEN.findall(fact.note)]
        if gone:
            told = "; ".join(dict.fromkeys(gone))
            entry.add("csp:modelNote", words(f"Looked for and not seen: {told}."))

    # Addresses

    def _end(self, title: str) -> str:
        return f"{self.council.slug}-{short(title)}"

    def _new(self, prefix: str, end: str, kind: str, rank: int) -> Entry:
        """Return a new entry, with an address that no other of the record has."""
        iri, count = f"{prefix}:{end}", 1
        while iri in self.entries:
            count += 1
            iri = f"{prefix}:{end}-{count}"
        self.entries[iri] = Entry(iri, kind, rank)
        return self.entries[iri]


def decision_kind(fact: Fact, by: str) -> str:
    """Return the kind of decision that the words of `fact` tell, or nothing.

    `by` is the sort of organ that decided: only full council adopts, only an executive
    approves alone, and only a partnership agrees. What is planned and has no other kind
    is planned to be considered.
    """
    said = fact.words
    for row in _decisions():
        if row["by"] in ("", by) and re.search(row["words"], said, re.IGNORECASE):
            return row["kind"]
    return "" if fact.status == "done" else "Consider"


def themes(said: str) -> list[str]:
    """Return the themes that the words of a priority stand for.

    >>> themes("Tackling knife crime and drugs")
    ['SeriousViolence', 'SubstanceMisuse']
    """
    plain = unicodedata.normalize("NFKC", said)
    found = [r["theme"] for r in _themes() if re.search(r["words"], plain, re.I)]
    return list(dict.fromkeys(found))


def _is_priority(fact: Fact) -> bool:
    return fact.what in ("priority", "cross-cutting")


def _each(fact: Fact) -> list[str]:
    """Return the priorities of a row that holds one, or several by its note."""
    if not _SEVERAL.search(fact.note):
        return [fact.words]
    whole = re.sub(r" \([^)]*\)$", "", fact.words)
    return [part.strip() for part in whole.split(";") if part.strip()]


def _period(entry: Entry, of: Sequence[Fact]) -> None:
    periods = list(dict.fromkeys(f.period for f in of if any(f.period)))
    if len(periods) != 1:
        if periods:
            told = " and ".join("-".join(filter(None, p)) for p in periods)
            entry.add("csp:modelNote", words(f"Pages give different periods: {told}."))
        return
    begins, ends = periods[0]
    printed = "-".join(dict.fromkeys(filter(None, periods[0])))
    entry.add("csp:printedPeriod", f'"{printed}"')
    if not (begins and ends) or begins == ends:
        entry.add("csp:modelNote", words(_UNSETTLED))
        return
    first, last = span(begins)[0], span(ends)[1] + timedelta(days=1)
    if len(begins) == len(_YEAR):
        first = date(first.year, 4, 1)
    if len(ends) == len(_YEAR):
        last = date(int(ends), 4, 1)
    if first >= last:
        entry.add("csp:modelNote", words(_UNSETTLED))
        return
    entry.add("csp:periodFrom", day(first))
    entry.add("csp:periodUntil", day(last))
    if len(_YEAR) in (len(begins), len(ends)):
        entry.add("csp:modelNote", words(_YEARS))


def _when(entry: Entry, fact: Fact) -> None:
    """Give a decision its day where the page does, and else the bounds that it gives."""
    if not fact.day or _NOT_THE_DAY.search(fact.note):
        return
    first, last = span(fact.day, fact.place)
    if fact.status == "done":
        last = min(last, READ)
    if _BY_THEN.search(fact.note):
        entry.add("csp:notAfter", day(last))
    elif _INFERRED.search(fact.note) or first != last:
        entry.add("csp:notBefore", day(first))
        entry.add("csp:notAfter", day(last))
        if first == last:
            entry.add("csp:modelNote", words("The day is inferred."))
    else:
        entry.add("csp:on", day(first))


@cache
def _documents() -> dict[str, dict[str, str]]:
    return {row["kind"]: row for row in table("documents")}


@cache
def _decisions() -> list[dict[str, str]]:
    return table("decisions")


@cache
def _themes() -> list[dict[str, str]]:
    return table("themes")
