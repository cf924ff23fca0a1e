"""Find in the files of publishers the councils of districts and counties.

A council is joined to its area by the code of the area, never by the three letters
that registers give it: those differ from one register to another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cspgraph.register.tables import row
from tools.build_register.districts import FIRST_DAY, councils, country, days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cspgraph.rdf.files import CsvRow
    from cspgraph.register.register import Register
    from tools.build_register.districts import District
    from tools.build_register.publications import Publications

    Cells = dict[str, str]

__all__ = ["Councils", "slug_of"]

#: Kinds of council by the type that mySociety gives; codes of areas come first.
KINDS: Mapping[str, str] = {
    "E06000053": "CouncilOfScilly",
    "UA": "UnitaryCouncil",
    "NMD": "DistrictCouncil",
    "MD": "MetropolitanDistrictCouncil",
    "LBO": "LondonBoroughCouncil",
    "CC": "CommonCouncil",
    "WPA": "WelshPrincipalCouncil",
    "CTY": "CountyCouncil",
}
#: First day of SI 2000/2853: since then who decides depends on how a council is governed.
GOVERNED = "2000-11-16"


class Councils:
    """The councils that are not kept by hand, and what else follows from them."""

    def __init__(
        self, found: Publications, known: Sequence[District], kept: Register
    ) -> None:
        self._found = found
        self._districts = known
        by_hand = {r.cells["slug"] for r in kept.rows("bodies") if _is_council(r)}
        done = {
            r.cells["area"]
            for r in kept.rows("services")
            if r.cells["body"] in by_hand and not r.cells["capacity"]
        }
        self._names = found.named["local-authority-names"]
        self._by_code = councils(found)
        self._rows = [
            council
            for council in self._names.rows
            if council.cells["local-authority-type"] in KINDS
            and council.cells["nation"] in ("England", "Wales")
            and council.cells["gss-code"] not in done
        ]
        self._slugs = {
            council.cells["local-authority-code"]: slug_of(
                council.cells["official-name"]
            )
            for council in self._rows
        }

    def bodies(self) -> Iterator[Cells]:
        """Yield a row for each council."""
        for council in self._rows:
            start, until = self._days(council)
            kind = KINDS.get(council.cells["gss-code"]) or KINDS[_type(council)]
            after = [
                self._slugs[code]
                for code in council.cells["replaced-by"].split(",")
                if code in self._slugs
            ]
            yield row(
                "bodies",
                slug=self._slugs[council.cells["local-authority-code"]],
                name=council.cells["official-name"],
                kind=kind,
                successor=";".join(after),
                **self._marks(council, start, until),
            )

    def services(self) -> Iterator[Cells]:
        """Yield which council serves which district or county, under each of its codes."""
        codes: dict[str, list[District]] = {}
        for item in self._districts:
            council = self._by_code[item.code]
            codes.setdefault(council.cells["gss-code"], []).append(item)
        for council in self._rows:
            start, until = self._days(council)
            slug = self._slugs[council.cells["local-authority-code"]]
            places = [
                (item.code, item.start, item.until)
                for item in codes.get(council.cells["gss-code"], [])
            ] or [(council.cells["gss-code"], start, until)]
            for code, first, end in places:
                yield row(
                    "services",
                    body=slug,
                    area=code,
                    **self._marks(council, max(start, first), end),
                )

    def governance(self) -> Iterator[Cells]:
        """Yield a row for each council that says that its governance is not known."""
        for council in self._rows:
            start, until = self._days(council)
            yield row(
                "governance",
                body=self._slugs[council.cells["local-authority-code"]],
                governance="NotKnown",
                valid_from=max(start, GOVERNED),
                valid_until=until,
                confidence="Low",
                verification="R",
                source="not read",
                note="no document was read that says how this council is governed",
            )

    def counties(self) -> Iterator[Cells]:
        """Yield the areas of county councils."""
        for council in self._rows:
            if _type(council) == "CTY":
                start, until = self._days(council)
                yield row(
                    "areas",
                    code=council.cells["gss-code"],
                    name=f"{council.cells['nice-name']} (county with districts)",
                    kind="CountyArea",
                    country=country(council.cells["gss-code"]),
                    **self._marks(council, start, until),
                )

    def aliases(self) -> Iterator[Cells]:
        """Yield other names of districts and councils, in English and in Welsh."""
        welsh = {r.cells["CSP19NM"]: r.cells["CSP19NMW"] for r in self._welsh}
        for item in self._districts:
            council = self._by_code[item.code]
            plain = re.sub(r",? (City|County) of$", "", item.name)
            for name in {plain, council.cells["nice-name"]} - {item.name}:
                if _readable(name) and "council" not in name.lower():
                    source = self._names.citation
                    yield _alias(f"gss:{item.code}", name, "en", source)
            name = welsh.get(item.name, "")
            if item.code.startswith("W") and name not in ("", item.name):
                source = self._found.named["welsh-names"].citation
                yield _alias(f"gss:{item.code}", name, "cy", source)
        for council in self._rows:
            if _type(council) == "CTY":
                area, name = (
                    f"gss:{council.cells['gss-code']}",
                    council.cells["nice-name"],
                )
                yield _alias(area, name, "en", self._names.citation)
            thing = f"body:{self._slugs[council.cells['local-authority-code']]}"
            names = council.cells["alt-names"].split(",")
            for name in dict.fromkeys(names):
                other = _folded(name) != _folded(council.cells["official-name"])
                if "council" in name.lower() and other and _readable(name):
                    yield _alias(thing, name.strip(), "en", self._names.citation)

    @property
    def _welsh(self) -> Sequence[CsvRow]:
        return self._found.named["welsh-names"].rows

    def identifiers(self) -> Iterator[Cells]:
        """Yield the codes of each council in the registers of others."""
        register = self._found.named["local-authority-register"]
        others = {r.cells["statistical-geography"]: r for r in register.rows}
        lists = self._found.named["organisation-identifiers"]
        organisations = {
            r.cells["gss_code"]: r.cells["org_id"]
            for r in lists.rows
            if r.cells["active"] == "TRUE"
        }
        for council in self._rows:
            code = council.cells["local-authority-code"]
            area = council.cells["gss-code"]
            given = {("LocalAuthorityCode", code, self._names.citation)}
            if area in organisations:
                organisation = organisations[area]
                given.add(("OrganisationIdentifier", organisation, lists.citation))
            if area in others:
                other = others[area].cells
                name = other["opendatacommunities-uri"].partition("/id/")[2]
                given |= {
                    ("LocalAuthorityCode", other["reference"], register.citation),
                    ("WikidataIdentifier", other["wikidata"], register.citation),
                    ("OpenDataCommunitiesName", name, register.citation),
                }
            seen = set()
            for scheme, written, source in sorted(given):
                if written and (scheme, written) not in seen:
                    seen.add((scheme, written))
                    yield row(
                        "identifiers",
                        thing=f"body:{self._slugs[code]}",
                        scheme=scheme,
                        code=written,
                        source=source,
                    )

    def _days(self, council: CsvRow) -> tuple[str, str]:
        start, until = days(council)
        return max(start, FIRST_DAY), until

    def _marks(self, council: CsvRow, start: str, until: str) -> Cells:
        told = days(council)[0]
        old = start == FIRST_DAY
        return {
            "valid_from": start,
            "valid_until": until,
            "confidence": "High" if told else "Medium",
            "verification": "S" if told else "R",
            "source": self._names.citation,
            "note": "in being before the first day of this register" if old else "",
        }


def slug_of(name: str) -> str:
    """Return `name` as the end of an address.

    >>> slug_of("Bath & North East Somerset")
    'bath-and-north-east-somerset'
    """
    plain = name.lower().replace("&", "and").replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _alias(thing: str, name: str, language: str, source: str) -> Cells:
    return row("aliases", thing=thing, alias=name, language=language, source=source)


def _is_council(body: CsvRow) -> bool:
    return body.cells["kind"] in KINDS.values()


def _type(council: CsvRow) -> str:
    return council.cells["local-authority-type"]


def _readable(name: str) -> bool:
    """Return whether the name came through: some letters of Welsh names did not."""
    return bool(re.fullmatch(r"[\w .,'&()-]+", name)) and not re.search("[ïÂ¿½�]", name)


def _folded(name: str) -> str:
    return re.sub(r"\W+", "", name.casefold())
