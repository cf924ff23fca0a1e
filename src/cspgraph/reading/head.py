"""The head of a report: which meeting, on which day, of which council, of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.days import fold
from cspgraph.reading.facts import Doubt, quoted
from cspgraph.reading.names import names
from cspgraph.reading.printed_days import DAY, day
from cspgraph.reading.titles import mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.reading.blocks import Block

__all__ = ["KINDS", "Head", "read"]

KINDS = (
    "committee report",
    "minutes",
    "decision record",
    "web page",
    "published plan or strategy",
)
_FEW = 14
_LINE = 16
#: Words beside a day that make it another than that of the meeting.
_NO_MEETING = re.compile(
    r"(?i)publi|issued|printed|updated|deadline|call-?in|\b(?:was|were|is|are|has|had|been|will|agreed|adopted|approved|considered|next|previous|by)\b"
)
_MINUTES = re.compile(
    r"(?i)(?:draft |record of )?minutes\b(?! of the (?:last|previous))|cofnodion"
)
_MEETING = re.compile(
    r"^(?:meeting|committee|report to|to|decision[- ]maker|decision (?:made|taken) by|name of (?:committee|meeting)|decided by|cyfarfod)$",
    re.I,
)
_WHEN = re.compile(
    r"^(?:date|meeting date|date of (?:meeting|decision|committee)|decision date|dyddiad(?: y cyfarfod)?)$",
    re.I,
)
_COUNCIL = re.compile(
    r"\b(?!The |This |Full |That |And |By )((?:[A-Z][\w'-]+(?:,? (?:and|of|upon|on|the|in|with) )?\s?){1,5}(?:(?:Metropolitan|London|County|Borough|District|City) )*Council)\b"
)
_WELSH = re.compile(r"\b(Cyngor (?:Sir |Bwrdeistref Sirol )?[A-Z]\w+)")


@dataclass(slots=True)
class Head:
    """What stands at the head of a report, as printed; empty where nothing does."""

    kind: str = ""
    title: str = ""
    day: str = ""
    organ: str = ""
    council: str = ""
    area: str = ""
    quote: str = ""
    doubts: list[Doubt] = field(default_factory=list)


def _day(text: str) -> str:
    found = re.search(DAY, text)
    if not found:
        return ""
    return day(found[0])


def read(blocks: Sequence[Block], area: str, on: str, kind: str) -> Head:
    """Return the head of a report; what is given goes before what is printed."""
    made = Head(kind=kind, area=area)
    first = [block for block in blocks[:_FEW] if block.zone != "none"]
    made.quote = quoted(first[0].text) if first else ""
    deciders: list[tuple[str, str]] = []
    for block in blocks[: _FEW * 3]:
        if block.kind != "field" or block.zone == "none":
            continue
        label, value = block.label, block.text.partition(":")[2].strip()
        if _MEETING.match(label):
            organ = _organ(value)
            if organ:
                deciders.append((organ, block.place))
        elif re.fullmatch(r"(?:decided at|meeting)", label, re.I):
            deciders.append((_organ(value), block.place))
        elif _WHEN.match(label) and not made.day:
            made.day = _day(value)
    for block in first:
        if made.organ or deciders:
            break
        if (
            block.kind in ("heading", "paragraph", "cell")
            and len(block.text) < 160
            and block.zone == ""
        ):
            plain = re.sub(DAY, "", block.text).strip(" -,:")
            plain = re.sub(
                r"^(?:(?:minutes of|cofnodion) (?:the |a |y )?(?:meeting of (?:the )?)?|report to (?:the )?|meeting of (?:the )?)",
                "",
                plain,
                flags=re.I,
            )
            plain = re.sub(
                r"^.*? Council[ ,:-]+(?=\w.*(?:Cabinet|Committee|Panel)$)", "", plain
            )
            plain = (
                re.sub(r"\s*(?:held|meeting|on|at).*$", "", plain).strip(" -,:")
                if len(plain) < 120
                else plain
            )
            organ = _organ(plain)
            council = organ.endswith(" Council") and organ != "Full Council"
            if (
                organ
                and not council
                and _plain(organ) in (_plain(plain), f"full {_plain(plain)}")
            ):
                made.organ = organ
    if deciders:
        kinds = {_plain(organ) for organ, _ in deciders if organ}
        made.organ = deciders[0][0] if len(kinds) == 1 else ""
        if len(kinds) > 1:
            said = f"two deciders are printed: {' and '.join(o for o, _ in deciders if o)}; neither is taken"
            made.doubts.append(Doubt(said, deciders[-1][1]))
    for block in first:
        if not made.day and _is_dateline(block):
            made.day = _day(block.text)
    made.day = on or made.day
    whole = " \n ".join(b.text for b in blocks if b.zone != "none")
    found = _councils(whole)
    made.council = found[0] if found else ""
    made.kind = kind or _kind(blocks)
    made.title = _title(first) or quoted(made.quote)
    return made


def _is_dateline(block: Block) -> bool:
    """Return whether a block can print the day of the meeting, and says nothing else."""
    rest = re.sub(DAY, "", block.text)
    return (
        len(rest.split()) <= _LINE
        and not block.place[:1].isdigit()
        and not _NO_MEETING.search(rest)
    )


def _plain(organ: str) -> str:
    return re.sub(r"^the ", "", organ.casefold())


def _organ(text: str) -> str:
    """Return the organ that a line names at its start; empty where it names none."""
    plain = fold(re.sub(DAY, "", text)).strip(" -,:.")
    for one in names().actors:
        match = one.pattern.match(plain)
        if match and match[0] not in ("the Committee",):
            rest = plain[match.end() :].strip()
            if not rest or rest[:1] in ",-(":
                return (
                    "Cabinet"
                    if one.of == "executive" and "abinet" in match[0].lower()
                    else "Full Council"
                    if match[0] in ("Council", "Full Council", "full council")
                    else match[0]
                )
    return ""


def _councils(text: str) -> list[str]:
    counted: dict[str, int] = {}
    for match in [*_COUNCIL.finditer(text), *_WELSH.finditer(text)]:
        name = fold(match[1])
        if name.split()[0] in ("Full", "Cabinet", "Council", "Dear"):
            continue
        counted[name] = counted.get(name, 0) + 1
    return sorted(counted, key=lambda name: (-counted[name], name))


def _kind(blocks: Sequence[Block]) -> str:
    begin = " ".join(b.text for b in blocks[:8]).casefold()
    zones = {block.zone for block in blocks}
    reported = re.search(r"\breport (?:to|of|by)\b|adroddiad", begin)
    if not reported and any(_MINUTES.match(block.text) for block in blocks[:8]):
        return "minutes"
    if re.search(
        r"decision (?:record|notice|sheet|details)|record of decision|decision[- ]maker",
        begin,
    ):
        return "decision record"
    if "recommendation" in zones or re.search(r"\breport\b|adroddiad", begin):
        return "committee report"
    if "resolution" in zones:
        return "minutes"
    return "committee report"


def _title(first: Sequence[Block]) -> str:
    for block in first:
        if (
            block.zone != "none"
            and mentions(block.text)
            and len(block.text) < 240
            and block.text[-1:] != "."
        ):
            plain = re.sub(
                r"^(?:report title|title|subject|teitl|agenda item \d+)\s*:\s*",
                "",
                block.text,
                flags=re.I,
            )
            return quoted(plain, 40)
    return ""
