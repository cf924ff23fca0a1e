"""The duties for a whole county, where a check looked at its districts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES
from cspgraph.register.spread import spread
from cspgraph.report.findings import Unseen

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from cspgraph.dataset import Dataset
    from cspgraph.rdf.engines import Oxigraph

__all__ = ["left_counties"]

#: What the law asks for in the area of a county that has districts, on a day.
_IN_COUNTIES = f"""
PREFIX csp: <{PREFIXES["csp"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT (STR(?name) AS ?what) ?law
WHERE {{
  ?template csp:areaKind <{PREFIXES["kind"]}CountyArea> ;
    a csp:DutyTemplate ;
    csp:product/skos:prefLabel ?name ;
    csp:provision/csp:citation ?law ;
    csp:validFrom ?from ;
    csp:validUntil ?until .
  FILTER (?from <= ?day && ?day < ?until)
}}
ORDER BY ?what ?law
"""


def left_counties(
    dataset: Dataset, day: Oxigraph, areas: Collection[str], on: date
) -> list[Unseen]:
    """Return what was not looked at in counties that contain `areas` but are not among them."""
    inner: dict[str, list[str]] = {}
    for area in sorted(areas):
        one = spread(dataset.register, area, on)
        for county in () if one.wide else one.above:
            if county not in areas:
                inner.setdefault(county, []).append(area)
    found = []
    for county, districts in inner.items():
        when = Literal(on.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
        _, rows = from_json(day.rows(_IN_COUNTIES.replace("?day", str(when))))
        laws: dict[str, list[str]] = {}
        for what, law in rows:
            if what and law:
                laws.setdefault(what.value, []).append(law.value)
        if laws:
            names = dataset.labels
            asked = "; ".join(f"{o} ({', '.join(cited)})" for o, cited in laws.items())
            text = (
                f"duties for the whole of {names.named(county)}, which holds"
                f" {', '.join(map(names.label, districts))}, were not looked at, even"
                f" where a body of a district shares them: {asked};"
                f" check them with --area {county.rpartition('/')[2]}"
            )
            found.append(Unseen(text, broken=False))
    return found
