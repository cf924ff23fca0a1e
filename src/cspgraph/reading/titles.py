"""The plans and strategies that a report is about, and which one a sentence means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.reading.names import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.reading.blocks import Block

__all__ = ["ASIDE", "Mention", "Title", "Titles", "mentions", "period"]

#: Plans that a report mentions beside its own: "the plan" never means them.
ASIDE = ("police and crime plan", "delivery plan")
_PERIOD = r"(?:19|20)\d\d(?:\s*(?:-|/|to)\s*(?:(?:19|20)?\d\d))?(?!\d)"
_BEFORE = r"(?:(?:[Pp]an-[A-Z][\w-]*|[A-Z][\w'&-]*(?:,(?= [A-Z]))?|of|and|for)\s+)*"
_REFRESH = r"(?:\s*\((?P<paren>[^()]*(?:refresh|updat|revis|review)[^()]*)\))?"
_LEADING = re.compile(
    r"^(?:(?:the|a|an|this|that|draft|new|revised|refreshed|our|its|their|latest|current|final|proposed|appendix|"
    r"adoption|approval|of|and|for|with|in|on|to|as|both|attached|item|report|title|subject|annual|y|yr|cabinet|council|committee|"
    r"members|resolved|recommended|recommends?|agreed|approved?|approves|adopt(?:s|ed)?|endorse[sd]?|note[sd]?|reviewing|receive[sd]?|consider(?:s|ed)?|once|after|when|if|until|following|since|although|as)\b[\s:-]*)+",
    re.I,
)


@dataclass(slots=True)
class Title:
    """One plan or strategy, as it was first printed with its years."""

    kind: str
    name: str
    period: str
    place: str
    quote: str
    heading: str
    #: Titles of its revisions with their period, as printed in brackets.
    versions: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    dated: bool = True

    @property
    def version(self) -> str:
        """The title of the version that the report is about."""
        return next(iter(self.versions), self.name)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a kind of plan: its words, years, and a revision in brackets."""

    kind: str
    words: str
    period: str
    paren: str
    start: int
    end: int
    many: bool


def period(text: str) -> str:
    """Return printed years in one form; empty where there are none.

    >>> period("2023/26"), period("2024-25"), period("2023 to 2026"), period("2024")
    ('2023-2026', '2024-2025', '2023-2026', '2024')
    """
    found = re.fullmatch(
        r"\s*((?:19|20)\d\d)(?:\s*(?:-|/|to)\s*((?:19|20)?\d\d))?\s*", text
    )
    if not found:
        return ""
    if not found[2]:
        return found[1]
    return f"{found[1]}-{found[2] if len(found[2]) == 4 else found[1][:2] + found[2]}"


_FOUND = {
    one.kind: re.compile(
        rf"(?P<before>{_BEFORE})(?P<kind>\b(?i:{one.pattern}))\b"
        rf"(?:(?:'?s)?,?\s*(?:for\s+)?(?:\(\s*)?(?P<period>{_PERIOD})(?:\s*\))?)?{_REFRESH}"
    )
    for one in names().documents
    if not one.assessment
}


def mentions(text: str) -> list[Mention]:
    """Return where `text` names plans and strategies, longest first where they overlap."""
    found: list[Mention] = []
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text):
            start = match.start()
            words = match["before"] + match["kind"]
            lead = _LEADING.match(words)
            cut = lead.end() if lead and lead.end() < len(words) else 0
            if cut > len(match["before"]):
                cut = len(match["before"])
            words = words[cut:].strip(" ,:-")
            last = match["kind"].lower()
            many = (
                bool(re.search(r"(?:plans|strategies|agreements|cynlluniau)$", last))
                and not match["period"]
            )
            found.append(
                Mention(
                    kind,
                    words,
                    match["period"] or "",
                    match["paren"] or "",
                    start + cut,
                    match.end(),
                    many,
                )
            )
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for one in sorted(found, key=lambda m: (-(m.end - m.start), m.start)):
        if all(one.end <= k.start or one.start >= k.end for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda m: m.start)


class Titles:
    """The plans of one report, found by what a sentence says."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.all: list[Title] = []
        self._sections: dict[str, list[Title]] = {}
        self._last: list[Title] = []
        #: Titles of one kind whose years overlap and differ, with where they stand.
        self.differ: list[tuple[Title, str, str, str]] = []
        read = [b for b in blocks if b.zone != "none"]
        for block in sorted(read, key=lambda b: b.zone in ("options",)):
            for one in mentions(block.text):
                if one.period:
                    self._dated(one, block)
        for block in read:
            if (
                block.kind == "heading"
                or block.zone in ("recommendation", "resolution")
                or block.kind == "field"
            ):
                for one in mentions(block.text):
                    if (
                        not one.period
                        and not one.many
                        and not self.of(one.kind)
                        and one.kind != "police and crime plan"
                    ):
                        self._add(one, block, "")
        for block in blocks:
            if block.kind == "heading":
                named = [t for m in mentions(block.text) if (t := self.meant(m))]
                self._sections[block.heading] = named

    def of(self, kind: str) -> list[Title]:
        """Return the titles of a kind."""
        return [one for one in self.all if one.kind == kind]

    def _dated(self, one: Mention, block: Block) -> None:
        years = period(one.period)
        for known in self.of(one.kind):
            if period(known.period) == years:
                self._refresh(known, one)
                known.printed.setdefault(one.period, block.place)
                return
            if (
                known.dated
                and _clash(period(known.period), years)
                and _same(known, one)
            ):
                place, words = block.place, f"{one.words} {one.period}"
                self.differ.append((known, words, place, block.text))
                return
        self._add(one, block, one.period)

    def _add(self, one: Mention, block: Block, years: str) -> None:
        name = f"{one.words} {years}".strip()
        name = name[:1].upper() + name[1:]
        made = Title(
            one.kind,
            name,
            years,
            block.place,
            block.text,
            block.heading,
            dated=bool(years),
        )
        made.printed[years] = block.place
        self._refresh(made, one)
        self.all.append(made)

    def add(self, kind: str, name: str, block: Block) -> Title:
        """Add a plan that a rule finds without its title."""
        for one in self.of(kind):
            return one
        made = Title(
            kind, name, "", block.place, block.text, block.heading, dated=False
        )
        self.all.append(made)
        return made

    @staticmethod
    def _refresh(title: Title, one: Mention) -> None:
        if not one.paren:
            return
        years = re.search(_PERIOD, one.paren)
        if not years:
            return
        span = period(years[0])
        if span not in {period(v) for v in title.versions.values()}:
            title.versions[f"{title.name} ({one.paren.strip()})"] = years[0]

    def meant(self, one: Mention) -> Title | None:
        """Return the plan that a mention means; none where it may be several or a kind."""
        if one.many:
            return None
        known = self.of(one.kind)
        if one.period:
            years = period(one.period)
            return next(
                (t for t in known if period(t.period) == years),
                next(
                    (
                        t
                        for t, words, _, _ in self.differ
                        if t.kind == one.kind and words.endswith(one.period)
                    ),
                    None,
                ),
            )
        for near in (self._last, known):
            same = [t for t in near if t.kind == one.kind]
            if same:
                return (
                    same[0]
                    if near is self._last
                    else (same[0] if len(same) == 1 else self._main(same))
                )
        return None

    @staticmethod
    def _main(same: Sequence[Title]) -> Title:
        """Return the plan of a kind that the report is about: the one that begins last."""
        return max(same, key=lambda t: period(t.period))

    def enter(self, heading: str) -> None:
        """Begin a section: its heading says which plan is meant."""
        named = self._sections.get(heading)
        if named:
            self._last = list(named)

    def inside(self, text: str, *, after: bool = False) -> list[Title]:
        """Return the plans that a piece of a sentence means, by title or by reference back.

        Plans that are named apart from each other are not taken together: of those
        `after` a verb the first are meant, and before it the last where "which" follows.
        """
        groups = _groups(text)
        if len(groups) > 1:
            which = re.search(r"\b(?:which|that)(?: also)?\s*$", text)
            groups = groups[:1] if after else groups[-1:] if which else []
        for group in groups:
            return _unique([t for m in group if (t := self.meant(m))])
        if mentions(text):
            return []
        plain = text.strip().casefold()
        back = re.search(
            r"^(plan|strategy|cynllun|strategaeth)$|(?:^|\b)(?:(?:the|this|that|its|final|new|revised|draft|refreshed|latest|y|yr)\s+)+(?:\w+\s)?(plan|strategy|cynllun|strategaeth)\b|\b(?:'r )(cynllun|strategaeth)\b",
            plain,
        )
        if back:
            word = next(filter(None, back.groups()))
            return [t for t in self.near() if word in _short(t)][:1]
        if re.search(r"^(?:it|this|which)\b|\bit$|^(?:it|this) ", plain):
            return self.near()[:1]
        if re.search(
            r"\b(?:these|they|all three|both|the (?:plans|strategies|documents|three|two))\b",
            plain,
        ) or plain in ("they", "these"):
            return _unique(self._last) if len(self._last) > 1 else []
        return []

    def near(self) -> list[Title]:
        """Return the plans that were named last, or the only one there is."""
        if self._last:
            return self._last
        return [self.all[0]] if len(self.all) == 1 else []

    def seen(self, text: str) -> None:
        """Remember the plans that a sentence names by title."""
        first = next(iter(_groups(text)), [])
        found = [t for m in first if (t := self.meant(m)) and t.kind not in ASIDE]
        if found:
            self._last = _unique(found)


def _groups(text: str) -> list[list[Mention]]:
    """Return the plans that a text names, those of one enumeration together."""
    groups: list[list[Mention]] = []
    end = 0
    for one in mentions(text):
        between = text[end : one.start]
        if groups and re.fullmatch(
            r"(?:[\s,&]|\b(?:and|the|both|its|our|a|an|or|new|draft)\b)*", between
        ):
            groups[-1].append(one)
        else:
            groups.append([one])
        end = one.end
    return groups


def _unique(found: Iterable[Title]) -> list[Title]:
    kept: list[Title] = []
    for one in found:
        if not any(one is k for k in kept):
            kept.append(one)
    return kept


def _short(title: Title) -> Iterator[str] | tuple[str, ...]:
    last = re.search(
        r"(plan|strategy|cynllun|strategaeth)\b", title.name.casefold()[::1]
    )
    printed = re.findall(
        r"(plan|strategy|cynllun|strategaeth)\b", title.name.casefold()
    )
    return tuple(printed) if last else names().document(title.kind).short


def _clash(one: str, other: str) -> bool:
    """Return whether two spans of years overlap and differ: both cannot be the title."""
    if "-" not in one or "-" not in other:
        return False
    a, b = map(int, one.split("-"))
    c, d = map(int, other.split("-"))
    return a < d and c < b


def _same(known: Title, one: Mention) -> bool:
    mine = set(re.findall(r"[A-Z][\w-]+", known.name))
    other = set(re.findall(r"[A-Z][\w-]+", one.words))
    return bool(mine & other) or known.kind == one.kind
