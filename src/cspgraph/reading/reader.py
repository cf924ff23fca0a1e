"""A report read: its blocks, the rules on each sentence, and what they leave in doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from cspgraph.days import fold
from cspgraph.reading import claimed, head, lists
from cspgraph.reading.blocks import blocks
from cspgraph.reading.convert import Line, lines
from cspgraph.reading.facts import Doubt, Fact, More, quoted
from cspgraph.reading.names import names
from cspgraph.reading.printed_days import DAY, day
from cspgraph.reading.rules import rules
from cspgraph.reading.titles import ASIDE, Titles, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cspgraph.reading.blocks import Block
    from cspgraph.reading.head import Head
    from cspgraph.reading.rules import Rule
    from cspgraph.reading.titles import Title

__all__ = ["ReadReport", "read_file", "read_text", "sentences"]

_SENTENCE = re.compile(
    r"(?<=[.;!?])(?<!\bNo\.)(?<!\bs\.)(?<!\bpara\.)(?<!\bDr\.)(?<!\bMr\.)\s+(?=[A-Z\"'(])"
)
#: What before a verb makes a past form a condition, a plan or a wish.
_NOT_DONE = re.compile(
    r"\b(?:once|after|if|when|until|unless|should|would|will|to be|being|before|prior to|pending|not|never|yet to|whether|unable|awaiting|must|may|might|can|could)\b",
    re.I,
)

#: Documents in which a resolution is that of the meeting itself.
_DECIDES = ("minutes", "decision record", "web page")
#: What stands before a name with a capital and is no part of it.
_LED = re.compile(
    r"^(?:(?:That|On|At|In|By|To|And|Then|Both|When|The|the|Yr?|yr?|'r)\s)+"
)


@dataclass(slots=True)
class ReadReport:
    """What one report says: facts in the order of the text, and doubts."""

    name: str
    head: Head
    facts: list[Fact] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    #: The paragraphs, for a page on which they are reviewed: place, heading, text.
    text: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, kind: str) -> list[Fact]:
        """Return the facts of one kind."""
        return [fact for fact in self.facts if fact.kind == kind]


def read_file(
    path: str | Path, *, area: str = "", on: str = "", kind: str = ""
) -> ReadReport:
    """Return what the report at `path` says.

    `area`, the day `on` and the `kind` of document are taken as given where the report
    does not print them. Raises `FileError` for what cannot be read.
    """
    return _Reader(lines(path), str(path), area, on, kind).read()


def read_text(text: str, *, area: str = "", on: str = "", kind: str = "") -> ReadReport:
    """Return what a report says whose text is given.

    >>> told = read_text("The Community Safety Plan 2026-29 was agreed by the CSP on 4 March 2026.")
    >>> [(fact.value, fact.day) for fact in told.of("decision")]
    [('agree', '2026-03-04')]
    """
    found = [Line(line) for line in text.splitlines()]
    return _Reader(found, "text", area, on, kind).read()


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph.

    >>> sentences("The Plan was agreed. It is out.")
    ['The Plan was agreed.', 'It is out.']
    """
    return [part for part in _SENTENCE.split(text) if part.strip()]


class _Reader:
    def __init__(
        self, given: Sequence[Line], name: str, area: str, on: str, kind: str
    ) -> None:
        self._blocks = blocks(given)
        self._head = head.read(self._blocks, area, on, kind)
        self._made = ReadReport(name, self._head)
        self._titles = Titles(self._blocks)
        self._rules = rules()
        self._keyed: dict[tuple[str, ...], int] = {}
        self._days: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)

    def read(self) -> ReadReport:
        made = self._made
        made.text = [
            (b.place, b.kind, b.text) for b in self._blocks if b.zone != "none"
        ]
        heading = None
        for number, block in enumerate(self._blocks):
            if block.heading != heading:
                heading = block.heading
                self._titles.enter(heading)
            if block.zone == "none":
                continue
            for sentence in sentences(block.text):
                self._sentence(sentence, block, number)
                self._titles.seen(sentence)
        decided = made.facts
        made.facts = [self._document(), *self._plans(), *decided]
        made.facts += claimed.read(self._blocks, self._titles, made.doubts)
        self._consistent()
        return made

    def _sentence(self, sentence: str, block: Block, number: int) -> None:
        taken: set[tuple[int, int]] = set()
        for rule in self._rules:
            if not rule.applies(block.zone, block.kind):
                continue
            if rule.unless and rule.unless.search(sentence):
                continue
            for match in rule.pattern.finditer(sentence):
                self._take(rule, match, sentence, block, number, taken)

    def _take(
        self,
        rule: Rule,
        match: re.Match[str],
        sentence: str,
        block: Block,
        number: int,
        taken: set[tuple[int, int]],
    ) -> None:
        if rule.yields == "decision":
            self._decision(rule, match, sentence, block, taken)
        elif rule.yields == "list":
            self._list(rule, match, sentence, block, number)
        elif rule.yields == "assessment":
            self._assessment(rule, match, sentence, block)
        elif rule.yields == "body":
            for title in self._about(match)[:1]:
                self._add(rule, block, sentence, "body", title.name, match["body"])
        elif rule.yields == "strategy":
            self._titles.add(rule.value, _proper(match["name"], rule.value), block)
        elif rule.yields == "version":
            for title in self._about(match)[:1]:
                if title.versions:
                    value = f"{title.name}, {rule.value}"
                    self._add(rule, block, sentence, "version", title.name, value)
        elif rule.yields == "doubt" and self._about(match):
            self._made.doubts.append(Doubt(rule.said, block.place, quoted(match[0])))

    def _about(self, match: re.Match[str]) -> list[Title]:
        """Return the plans that the words in the slot mean."""
        groups = match.re.groupindex
        verb = max(
            (match.start(g) for g in ("past", "base") if g in groups), default=-1
        )
        for slot in ("documents", "documents1"):
            words = match[slot] if slot in groups else None
            after = words is not None and 0 <= verb < match.start(slot)
            if words and (found := self._titles.inside(words, after=after)):
                return found
        return []

    def _version(self, title: Title, match: re.Match[str]) -> str:
        """Return what was decided on: a title printed with its years alone is itself."""
        if not title.versions:
            return title.name
        groups = match.re.groupindex
        words = " ".join(
            match[s] or "" for s in ("documents", "documents1") if s in groups
        )
        named = [m for m in mentions(words) if self._titles.meant(m) is title]
        bare = bool(named) and all(m.period and not m.paren for m in named)
        return title.name if bare else title.version

    # Decisions

    def _decision(
        self,
        rule: Rule,
        match: re.Match[str],
        sentence: str,
        block: Block,
        taken: set[tuple[int, int]],
    ) -> None:
        groups = match.groupdict()
        verb = (groups.get("past") or groups.get("base") or "").strip()
        place = (
            match.span("past")
            if groups.get("past")
            else match.span("base")
            if groups.get("base")
            else match.span()
        )
        status = rule.status
        if status == "zone":
            status = "done" if block.zone == "resolution" else "proposed"
        if place in taken:
            return
        clause = re.sub(DAY, "", re.split(r"[,;(]", sentence[: place[0]])[-1])
        if status == "done" and block.zone != "resolution" and _NOT_DONE.search(clause):
            return
        titles = self._about(match)
        if rule.given.get("document"):
            kind = rule.given["document"][0]
            if kind == "report":
                subjects = ["the report"]
            else:
                subjects = [t.name for t in self._titles.of(kind)][:1]
        else:
            subjects = [self._version(t, match) for t in titles]
        if not subjects:
            return
        if block.zone == "resolution" and self._head.kind not in _DECIDES:
            said = "a resolution is printed in what is no minutes: whose it is, and when, must be looked at"
            self._doubt(said, block, match[0])
            return
        by, kind_of = self._by(rule, groups, block)
        if by is None:
            if block.zone == "resolution":
                said = "a decision is printed and not who made it"
                self._doubt(said, block, match[0])
            return
        kind = rule.value or self._outcome(verb, kind_of, rule)
        if kind == "none":
            said = f"'{verb}' by {by or 'whoever met'}: a record has no word that says just this"
            self._doubt(said, block, match[0])
            return
        if not kind:
            return
        when = next(
            (groups[g] for g in ("day", "day2", "day3", "day4") if groups.get(g)), ""
        )
        printed = day(when) if when else ""
        if when and not printed:
            self._doubt(f"the day '{when}' may be two days or none", block, match[0])
        if (
            not printed
            and block.zone in ("resolution", "recommendation")
            and status in ("done", "proposed")
        ):
            printed = self._head.day if not groups.get("past2") else ""
        taken.add(place)
        to = tuple(self._recipients(groups.get("to") or ""))
        more: dict[str, tuple[str, ...]] = {}
        if by:
            more["by"] = (by,)
        if to:
            more["to"] = to
        if groups.get("condition"):
            more["condition"] = (quoted(groups["condition"].strip(" ,"), 25),)
        start = max(0, match.start("past") if groups.get("past") else match.start())
        quote = (
            quoted(sentence[start : match.end()])
            if groups.get("past")
            else quoted(match[0])
        )
        for subject in subjects:
            self._add(
                rule, block, quote, "decision", subject, kind, printed, status, more
            )

    def _by(
        self, rule: Rule, groups: dict[str, str | None], block: Block
    ) -> tuple[str | None, str]:
        """Return who decided and of what kind; None where nobody is named who must be."""
        if rule.given.get("actor"):
            said = rule.given["actor"][0]
            return ("" if said == "partners" else said), said
        named = groups.get("actor")
        if named:
            return self._named(named)
        if block.zone in ("resolution", "recommendation"):
            if self._head.organ:
                return self._named(self._head.organ)
            return (None, "") if block.zone == "resolution" else ("", "other")
        return "", "other"

    def _named(self, words: str) -> tuple[str, str]:
        plain = _LED.sub("", words).strip(" ,")
        if re.fullmatch(r"[Cc]ommittee", plain):
            return self._head.organ or plain, self._kind_of(self._head.organ or plain)
        if re.fullmatch(
            r"FULL COUNCIL|[Ff]ull [Cc]ouncil|Council|COUNCIL", plain
        ) and not words.lower().startswith("the council"):
            return "Full Council", "full council"
        if re.fullmatch(r"CABINET|Cabinet|Gabinet|Chabinet", plain):
            return "Cabinet", "executive"
        return plain, self._kind_of(plain)

    @staticmethod
    def _kind_of(words: str) -> str:
        for one in names().actors:
            if one.pattern.fullmatch(words) or one.pattern.fullmatch(f"the {words}"):
                return one.of
        return "other"

    def _recipients(self, words: str) -> Iterator[str]:
        for one in re.split(
            r",|\band then\b|\band to\b|\band\b(?! Disorder| Scrutiny| Health| [A-Z]\w+ Committee)",
            words,
        ):
            plain = re.sub(r"^\s*(?:then |to )?(?:the )?", "", one).strip()
            if not plain:
                continue
            if re.search(r"\bCouncil$|^Cyngor", plain):
                yield "Full Council"
            else:
                yield self._named(plain)[0]

    def _outcome(self, verb: str, kind_of: str, rule: Rule) -> str:
        for one in names().outcomes:
            if re.fullmatch(f"{one.past}|{one.base}", verb, re.I):
                return one.kinds.get(kind_of, one.kinds.get("other", ""))
        return "consider" if rule.status == "planned" and not verb else ""

    # Lists

    def _list(
        self, rule: Rule, match: re.Match[str], sentence: str, block: Block, number: int
    ) -> None:
        titles = self._titles.inside(sentence) or self._titles.near()
        items: list[tuple[str, str]] = []
        inline = next(
            (match[g] for g in ("items", "items2") if match.groupdict().get(g)), ""
        )
        if inline:
            items = [(one, block.place) for one in lists.items(inline)]
        elif sentence.rstrip().endswith(
            (":", "below.", "follows.", "below", "follows")
        ):
            items = [
                (lists.clean(b.text), b.place)
                for b in lists.below(self._blocks, number)
            ]
        count = lists.count(sentence)
        if count and items and count != len(items):
            self._doubt(f"{count} are said and {len(items)} are found", block, sentence)
        if not items:
            self._doubt("a list is said to follow, and none is found", block, sentence)
            return
        if not titles:
            self._doubt(
                "a list of priorities stands here, and it is not clear of which plan",
                block,
                sentence,
            )
            return
        for item, place in items:
            fact = Fact(
                rule.value,
                titles[0].version,
                item,
                sure=rule.sure,
                place=place,
                quote=quoted(item),
                heading=block.heading,
                rule=rule.name,
                more=_themes(item),
            )
            self._keep(fact)

    # Assessments

    def _assessment(
        self, rule: Rule, match: re.Match[str], sentence: str, block: Block
    ) -> None:
        groups = match.groupdict()
        words = match["assessment"]
        kind = rule.value or next(
            (
                d.kind
                for d in names().documents
                if d.assessment and re.fullmatch(d.pattern, words, re.I)
            ),
            "",
        )
        quote = quoted(match[0])
        if kind == "risk assessment":
            more = {
                "current risk": (match["current"],),
                "residual risk": (match["residual"],),
            }
            self._add(rule, block, quote, "assessment", "the report", kind, more=more)
            return
        if kind != "equality impact assessment":
            before = (
                self._titles.inside(sentence[: match.start()])
                or self._titles.inside("the plan")
                or self._titles.inside("the strategy")
            )
            for title in before[:1]:
                self._add(
                    rule,
                    block,
                    quote,
                    "assessment",
                    title.version,
                    kind,
                    more={"title": (_proper(words, ""),)},
                )
            return
        titles = (
            self._titles.inside(groups["documents"]) if groups.get("documents") else []
        )
        if not titles and not groups.get("documents"):
            near = self._titles.inside("the plan") or self._titles.inside(
                "the strategy"
            )
            titles = near or (
                self._titles.all[:1] if len(self._titles.all) == 1 else []
            )
        for title in titles:
            self._add(rule, block, quote, "assessment", title.version, kind)
            if groups.get("signed"):
                subject = f"{kind} of {title.version}"
                self._add(
                    rule, block, quote, "decision", subject, "sign off", "", "done"
                )

    # What is made of it

    def _add(
        self,
        rule: Rule,
        block: Block,
        quote: str,
        kind: str,
        subject: str,
        value: str,
        when: str = "",
        status: str = "",
        more: More | None = None,
    ) -> None:
        self._keep(
            Fact(
                kind,
                subject,
                value,
                when,
                status,
                rule.sure,
                block.place,
                quoted(quote),
                block.heading,
                rule.name,
                more or {},
            )
        )

    def _keep(self, fact: Fact) -> None:
        """Keep a fact once; what a second passage adds to it is taken in."""
        by = "; ".join(fact.all("by")) if fact.kind == "decision" else ""
        key = (fact.kind, fact.subject, fact.value.casefold(), fact.status, by)
        if key not in self._keyed:
            self._keyed[key] = len(self._made.facts)
            self._made.facts.append(fact)
            return
        number = self._keyed[key]
        old = self._made.facts[number]
        if old.day and fact.day and old.day != fact.day:
            said = f"two days are printed for it: {old.day} and {fact.day}"
            self._made.doubts.append(Doubt(said, fact.place, fact.quote))
            old = replace(old, day="")
        elif fact.day and not old.day:
            old = replace(old, day=fact.day)
        self._made.facts[number] = replace(old, more={**fact.more, **old.more})

    def _doubt(self, said: str, block: Block, quote: str) -> None:
        one = Doubt(said, block.place, quoted(quote))
        if one not in self._made.doubts:
            self._made.doubts.append(one)

    def _document(self) -> Fact:
        top = self._head
        more = {
            k: (v,)
            for k, v in (
                ("publisher", top.council),
                ("organ", top.organ),
                ("kind", top.kind),
            )
            if v
        }
        return Fact(
            "document",
            top.kind,
            top.title,
            top.day,
            "",
            "printed",
            "Head",
            quoted(top.quote),
            "",
            "head",
            more,
        )

    def _plans(self) -> Iterator[Fact]:
        """Yield strategies, versions and periods of the titles that were found."""
        versions = [f for f in self._made.facts if f.kind == "version"]
        self._made.facts[:] = [f for f in self._made.facts if f.kind != "version"]
        differ = {id(title) for title, *_ in self._titles.differ}
        for title in self._titles.all:
            sure = "printed" if title.dated else "read"
            fact = partial(_of_title, title, sure)
            yield fact("strategy", title.kind, title.name)
            if title.kind in ASIDE and not title.dated:
                continue
            if title.period and id(title) not in differ:
                yield fact("period", title.name, title.period)
            for name, years in title.versions.items():
                yield fact("version", title.name, name)
                yield fact("period", name, years)
            decided = {f.subject for f in self._made.facts if f.kind == "decision"}
            if not title.versions or title.name in decided:
                yield fact("version", title.name, title.name)
            for one in versions:
                if one.subject == title.name and one.value not in title.versions:
                    yield one

    def _consistent(self) -> None:
        for title, words, place, text in self._titles.differ:
            said = f"two titles or periods for one document: '{title.name}' ({title.place}) and '{words}' ({place})"
            one = Doubt(said, place, quoted(text))
            if not any(d.said == one.said for d in self._made.doubts):
                self._made.doubts.append(one)
        self._made.doubts += self._head.doubts
        if self._blocks:
            last = self._blocks[-1]
            if last.zone != "none" and re.search(
                r"(?:\b(?:the|a|of|and|to|by|for|in|on|with|that)|,)$", last.text
            ):
                said = "the text ends in the middle of a sentence; nothing is said about what follows"
                self._made.doubts.append(
                    Doubt(said, last.place, quoted(last.text[-80:]))
                )
        if not self._titles.all:
            said = "no plan or strategy is named that a record could be about"
            self._made.doubts.append(Doubt(said, "Head"))


def _of_title(title: Title, sure: str, kind: str, subject: str, value: str) -> Fact:
    return Fact(
        *(kind, subject, value, "", "", sure, title.place),
        *(quoted(title.name), title.heading, "title"),
    )


def _themes(item: str) -> More:
    found = tuple(theme for theme, pattern in names().themes if pattern.search(item))
    return {"theme": found} if found else {}


def _proper(words: str, kind: str) -> str:
    plain = fold(words)
    return plain[:1].upper() + plain[1:] if plain else kind
