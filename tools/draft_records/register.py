"""Councils as the register knows them: body, area, partnership, folder, web address."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tools.draft_records.facts import FactError, table
from tools.draft_records.trig import short

__all__ = ["ROOT", "Council", "council_of", "councils"]

ROOT = Path(__file__).resolve().parents[2]
COUNCILS = {
    *("UnitaryCouncil", "DistrictCouncil", "MetropolitanDistrictCouncil"),
    *("LondonBoroughCouncil", "CommonCouncil", "CouncilOfScilly"),
    *("WelshPrincipalCouncil", "CountyCouncil"),
}
_COUNTY = " (county with districts)"
_ENDING = re.compile(r"\.(gov\.uk|gov\.wales|llyw\.cymru|moderngov\.co\.uk)\.?$")
#: What stands round the name of a place in the web addresses of its council.
_ROUND = re.compile(
    r"^(modgov|moderngov|democracy|my)|"
    r"(modgov|moderngov|democracy|council|dc|bc|mbc|cc|cbc|city|borough|intranet|ms)$"
)
_LEAST = 4


@dataclass(frozen=True)
class Council:
    """A council of the register, for one area."""

    code: str
    area_name: str
    name: str
    body: str
    kind: str
    partnership: str

    @property
    def organ(self) -> str:
        """What the addresses of its organs begin with."""
        return self.body.replace("body:", "organ:")

    @property
    def slug(self) -> str:
        """The folder of its records."""
        return short(self.area_name)

    def owns(self, page: str) -> bool:
        """Return whether `page` lies at an address of the council, as far as it shows.

        >>> councils()["E08000002"].owns("https://www.bury.gov.uk/x")
        True
        >>> councils()["E07000178"].owns("https://mycouncil.oxfordshire.gov.uk/x")
        False
        """
        host = (urlsplit(page).hostname or "").rstrip(".")
        for row in table("hosts"):
            if host == row["host"] or host.endswith(f".{row['host']}"):
                return row["code"] == self.code
        label = _letters(_ENDING.sub("", host).rpartition(".")[2])
        mine = _letters(self.area_name)
        for core in (label, _ROUND.sub("", label)):
            if _by_letters().get(core, self.code) != self.code:
                return False
            if core == mine or (len(core) >= _LEAST and core in mine):
                return True
        return False


@cache
def councils() -> dict[str, Council]:
    """Return the council of each area by the code of the area."""
    areas = {row["code"]: row for row in _rows("areas")}
    bodies = {row["slug"]: row for row in _rows("bodies")}
    groups = {row["slug"] for row in _rows("partnerships")}
    serving: dict[str, list[str]] = defaultdict(list)
    for row in _rows("services"):
        ends = areas.get(row["area"], {}).get("valid_until")
        if not row["valid_until"] or row["valid_until"] == ends:
            serving[row["area"]].append(row["body"])
    found = {}
    for code, area in areas.items():
        here = dict.fromkeys(serving[code])
        own = [b for b in here if bodies.get(b, {}).get("kind") in COUNCILS]
        county = code.startswith("E10")
        own = [b for b in own if len(own) == 1 or _is_county(bodies[b]) == county]
        met = [b for b in here if b in groups]
        if len(own) == 1:
            found[code] = Council(
                code,
                area["name"].removesuffix(_COUNTY),
                bodies[own[0]]["name"],
                f"body:{own[0]}",
                bodies[own[0]]["kind"],
                f"body:{met[0]}" if len(met) == 1 else "",
            )
    return found


def council_of(code: str, name: str, place: str) -> Council:
    """Return the council of the area with this code and name.

    Raises `FactError` where the register has no such council, or another name for it.
    """
    known = councils().get(code)
    if known is None:
        raise FactError(f"{place}: gss_code {code!r} is no area that has one council")
    if name != known.area_name:
        raise FactError(
            f"{place}: {code} is {known.area_name} and not {name!r}; mend one of them"
        )
    return known


def _is_county(row: dict[str, str]) -> bool:
    return row["kind"] == "CountyCouncil"


@cache
def _by_letters() -> dict[str, str]:
    return {_letters(c.area_name): code for code, c in councils().items()}


def _letters(words: str) -> str:
    return re.sub("[^a-z]", "", words.lower())


def _rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted((ROOT / "data" / "register").rglob(f"{name}.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found
