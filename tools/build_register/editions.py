"""Know a publisher's file by the columns in its header, never by its name.

`LAD25CD` beside `PFA25CD` makes the lookup `LAD25_PFA25`; the other publications have
names of their own. Which of them the register is made from stands in
`data/editions.csv`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["CHANGES", "CODES", "NAMED", "columns", "is_lookup", "recognise"]

_DISTRICT = r"E0[6-9]\d{6}|W06\d{6}|S12\d{6}|N09\d{6}"
_ANY_CODE = r"(?:[A-Z]\d{8})?"
_DAY = r"(?:\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?"
_SOME = r".+"
_ANY = r".*"

#: The smallest areas that lookups start from, and what codes of a geography look like.
_FINEST = ("LAD", "LTLA", "UA")
CODES: Mapping[str, str] = {
    "LAD": _DISTRICT,
    "LTLA": _DISTRICT,
    "UA": r"W06\d{6}",
    "UTLA": r"(?:E0[6-9]|E10|W06)\d{6}",
    "CTY": r"E1[0-3]\d{6}",
    "CSP": r"(?:E22|W14)\d{6}",
    "PFA": r"(?:E23|W15|S32|N24)\d{6}",
    "FRA": r"(?:E31|W25|S39|N31)\d{6}",
    "LHB": r"W11\d{6}",
    "RGN": r"E12\d{6}",
    "CAUTH": r"E47\d{6}",
}

#: The publication that follows districts from year to year: two columns for each.
CHANGES = "local-authority-changes"
#: The other publications: the columns used, and what a cell there looks like.
NAMED: Mapping[str, Mapping[str, str]] = {
    "local-authority-names": {
        "local-authority-code": _SOME,
        "official-name": _SOME,
        "nice-name": _SOME,
        "gss-code": _ANY_CODE,
        "start-date": _DAY,
        "end-date": _DAY,
        "replaced-by": _ANY,
        "nation": _SOME,
        "local-authority-type": r"[A-Z]+",
        "county-la": _ANY,
        "combined-authority": _ANY,
        "alt-names": _ANY,
        "former-gss-codes": _ANY,
    },
    "local-authority-register": {
        "reference": _SOME,
        "statistical-geography": _ANY_CODE,
        "wikidata": r"(?:Q\d+)?",
        "opendatacommunities-uri": r"(?:http\S+/id/\S+)?",
    },
    "local-authority-codes": {
        "LADCD": _DISTRICT,
        "LADNM": _SOME,
        "LADCD_ACTIVE": _DISTRICT,
    },
    "organisation-identifiers": {
        "org_id": r"[A-Z]+-\S+",
        "gss_code": _ANY_CODE,
        "active": "TRUE|FALSE",
    },
    "welsh-names": {"CSP19CD": CODES["CSP"], "CSP19NM": _SOME, "CSP19NMW": _ANY},
}
_COLUMN = re.compile(r"([A-Z]+\d\d)(CD|NM)")
_YEAR = re.compile(r"ltla(\d\d)_(?:code|name)")


def columns(name: str, head: Sequence[str]) -> dict[str, str]:
    """Return the columns of the publication `name`, each with what a cell looks like.

    How many years the publication of changes holds is told by its `head`.

    >>> list(columns("UA22_LHB22", []))
    ['UA22CD', 'UA22NM', 'LHB22CD', 'LHB22NM']
    """
    if name in NAMED:
        return dict(NAMED[name])
    if name == CHANGES:
        years = [int(found[1]) for cell in head if (found := _YEAR.fullmatch(cell))]
        chain = range(min(years, default=0), max(years, default=-1) + 1)
        cells = {"code": _DISTRICT, "name": _SOME}
        return {f"ltla{y:02}_{end}": cells[end] for y in chain for end in cells}
    wanted: dict[str, str] = {}
    for part in name.split("_"):
        wanted |= {f"{part}CD": CODES[part[:-2]], f"{part}NM": _SOME}
    return wanted


def recognise(head: Sequence[str], known: Collection[str]) -> str:
    """Return which publication has this `head`, out of those `known`; empty for none.

    A file that lacks some columns goes by the publication of which it has most. A
    lookup that is not known goes by its columns.

    >>> recognise(["FID", "LAD25CD", "LAD25NM", "PFA25NM"], ["LAD25_PFA25"])
    'LAD25_PFA25'
    >>> recognise(["LAD26CD", "LAD26NM", "PFA26CD", "PFA26NM"], ["LAD25_PFA25"])
    'LAD26_PFA26'
    """
    found = [match for cell in head if (match := _COLUMN.fullmatch(cell))]
    codes = [match[1] for match in found if match[2] == "CD"]
    written = "_".join(codes) if _makes_lookup(codes) else ""
    whole = set(codes) == {match[1] for match in found if match[2] == "NM"}
    shares = {name: _share(name, head) for name in known}
    nearest = max(shares, key=lambda name: shares[name], default="")
    if written in known or (written and whole):
        return written
    return nearest if nearest and shares[nearest] > 1 / 2 else written


def is_lookup(name: str) -> bool:
    """Return whether the publication `name` says in which areas others lie.

    >>> is_lookup("LAD25_PFA25"), is_lookup("welsh-names"), is_lookup("LAD25")
    (True, False, False)
    """
    return _makes_lookup(name.split("_"))


def _makes_lookup(names: Sequence[str]) -> bool:
    kinds = [name[:-2] for name in names]
    return (
        len(kinds) > 1
        and kinds[0] in _FINEST
        and not set(kinds[1:]) & set(_FINEST)
        and set(kinds) <= set(CODES)
        and all(name[-2:].isdecimal() for name in names)
    )


def _share(name: str, head: Sequence[str]) -> float:
    """Return how much of what the publication `name` has stands in `head`."""
    wanted = columns(name, head)
    return len(wanted.keys() & set(head)) / len(wanted) if wanted else 0.0
