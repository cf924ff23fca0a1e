"""The items of a list, below a sentence or within it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cspgraph.days import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.reading.blocks import Block

__all__ = ["below", "clean", "count", "items"]

_PAIRS = re.compile(
    r"(women and girls|children and young people|drugs and alcohol|alcohol and drugs|crime and disorder|"
    r"abuse and (?:violence|stalking|sexual \w+)|gangs and \w+ \w+|health and (?:wellbeing|well-being)|risks and drivers|night and \w+|"
    r"terrorism and extremism|joint working and \w+)",
    re.I,
)
_COUNTS = {
    word: number
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2
    )
}
_STARTS = re.compile(
    r"^(?:approaches to|undertaking work to|work to|to|the|a focus on|and|tackling of)\s+",
    re.I,
)


def items(text: str) -> list[str]:
    """Return the items of a list within a sentence.

    >>> items("burglary, violence against women and girls and reckless driving")
    ['burglary', 'violence against women and girls', 'reckless driving']
    """
    plain = _PAIRS.sub(lambda m: m[0].replace(" and ", " \0 "), fold(text))
    if ";" in plain:
        parts = re.split(r";\s*(?:and )?", plain)
    else:
        parts = re.split(r",\s*", plain)
    last = parts[-1]
    if last.startswith("and ") and len(parts) > 1:
        parts[-1] = last[4:]
    elif " and " in last and not last.startswith("and "):
        gerund = (
            sum(bool(re.match(r"(?:\w+ )?\w+ing\b", p.strip())) for p in parts) >= 2
        )
        cut = (
            re.split(r" and (?=(?:\w+ )?\w+ing\b)", last, maxsplit=1)
            if gerund
            else last.rsplit(" and ", 1)
        )
        parts[-1:] = cut
    return [clean(one.replace("\0", "and")) for one in parts if one.strip()]


def clean(text: str) -> str:
    """Return an item without what leads to it and without its last mark.

    >>> clean("undertaking work to further develop our evidence;")
    'further develop our evidence'
    """
    plain = fold(text).strip(" ;.,")
    plain = re.sub(r"(?:;|,)? and$", "", plain)
    plain = re.sub(
        r"^(?:priority|aim|objective|theme) \w+\s*[:-]\s*", "", plain, flags=re.I
    )
    while (shorter := _STARTS.sub("", plain)) != plain:
        plain = shorter
    return plain


def below(blocks: Sequence[Block], number: int) -> list[Block]:
    """Return the list items that stand below the block with a number."""
    found: list[Block] = []
    for block in blocks[number + 1 :]:
        if block.kind != "bullet" and not (block.kind == "cell" and found):
            break
        found.append(block)
    return found


def count(sentence: str) -> int:
    """Return how many items a sentence says there are; 0 where it says none.

    >>> count("There are five priorities:"), count("The priorities are:")
    (5, 0)
    """
    found = re.search(
        rf"\b({'|'.join(_COUNTS)}|\d{{1,2}}) (?:\w+ ){{0,2}}(?:priorit|aims|objectives|themes|issues)",
        sentence,
        re.I,
    )
    if not found:
        return 0
    word = found[1].lower()
    return int(word) if word.isdigit() else _COUNTS[word]
