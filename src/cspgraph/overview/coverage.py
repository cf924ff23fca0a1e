"""Say what the law layer holds and what it does not, as a page of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph import horizon
from cspgraph.rdf.results import from_json

if TYPE_CHECKING:
    from cspgraph.rdf.engines import Oxigraph

__all__ = ["page"]

_INSTRUMENTS = """
SELECT ?title ?citation (COUNT(DISTINCT ?provision) AS ?provisions)
  (COUNT(DISTINCT ?duty) AS ?duties) (COUNT(DISTINCT ?role) AS ?roles)
WHERE {
  ?instrument a csp:Instrument ; rdfs:label ?title ; csp:citation ?citation .
  OPTIONAL {
    ?provision csp:instrument ?instrument ; a csp:Provision .
    OPTIONAL { ?duty csp:provision ?provision ; a csp:DutyTemplate }
    OPTIONAL { ?role csp:provision ?provision ; a csp:RoleTemplate }
  }
}
GROUP BY ?title ?citation
ORDER BY ?title ?citation
"""
_CODES = """
SELECT ?code ?meaning (COUNT(DISTINCT ?thing) AS ?count)
WHERE {
  ?code skos:inScheme <https://w3id.org/cspgraph/verification> ; skos:definition ?meaning .
  OPTIONAL { ?thing csp:verification ?code ; csp:extent ?country }
}
GROUP BY ?code ?meaning
ORDER BY DESC(?count) ?code
"""
_AGES = """
SELECT ?age (COUNT(DISTINCT ?page) AS ?count) (MIN(?read) AS ?first) (MAX(?read) AS ?last)
WHERE {
  ?page a csp:EvidenceEntry ; csp:readOn ?read .
  OPTIONAL { ?page csp:textAsAt ?day }
  OPTIONAL { ?page csp:textState/skos:definition ?state }
  BIND (IF(BOUND(?day), "A text of law in a copy that shows as at which day it stood.", STR(?state)) AS ?age)
}
GROUP BY ?age
ORDER BY DESC(?count) ?age
"""
_MARKED = """
SELECT ?law ?act (COUNT(DISTINCT ?part) AS ?count)
WHERE {
  ?part csp:mayBeAmendedBy ?change ; a csp:Provision ; csp:instrument/rdfs:label ?law .
  ?change rdfs:label ?act .
}
GROUP BY ?law ?act
ORDER BY ?law ?act
"""
_QUOTED = """
SELECT ?law (COUNT(DISTINCT ?part) AS ?all) (COUNT(DISTINCT ?seen) AS ?quoted)
WHERE {
  ?part a csp:Provision ; csp:instrument/rdfs:label ?law .
  OPTIONAL { ?part csp:quotation ?words . BIND (?part AS ?seen) }
}
GROUP BY ?law
ORDER BY ?law
"""
_SUBJECTS = """
SELECT ?subject (COUNT(DISTINCT ?duty) AS ?duties) (COUNT(DISTINCT ?instrument) AS ?laws)
WHERE {
  ?duty a csp:DutyTemplate ; csp:subject/skos:prefLabel ?subject ; csp:provision ?provision .
  ?provision csp:instrument ?instrument .
}
GROUP BY ?subject
ORDER BY ?subject
"""
_KINDS = """
SELECT ?label (COUNT(DISTINCT ?role) AS ?roles) (COUNT(DISTINCT ?duty) AS ?duties)
WHERE {
  { VALUES ?kind { kind:CountyArea } } UNION { ?kind skos:broader kind:LocalGovernmentArea }
  ?kind skos:prefLabel ?label .
  ?template csp:areaKind ?reach ; a csp:RoleTemplate ; csp:role ?role ; csp:extent ?country .
  FILTER (?reach = ?kind || (?reach = kind:LocalGovernmentArea && ?kind != kind:CountyArea))
  FILTER ((?kind = kind:WelshPrincipalArea) = (?country = gss:W92000004))
  OPTIONAL { ?duty csp:bearerRole ?role ; csp:extent ?country ; a csp:DutyTemplate }
}
GROUP BY ?label
ORDER BY ?label
"""
_PROSPECTIVE = """
SELECT ?title ?statement
WHERE { ?what a csp:ProspectiveTemplate ; rdfs:label ?title ; csp:statement ?statement }
ORDER BY ?title ?statement
"""
_GAPS = """
SELECT ?title ?statement
WHERE { ?gap a csp:Gap ; rdfs:label ?title ; csp:statement ?statement }
ORDER BY ?title
"""


def page(timeline: Oxigraph) -> str:
    """Return the coverage statement of the graph for all dates, as Markdown."""
    instruments = _table(
        ["instrument", "cited as", "provisions", "duties", "roles"],
        _rows(timeline, _INSTRUMENTS),
    )
    codes = _table(
        ["code", "what it means", "facts of law"],
        [[code.rpartition("/")[2], *rest] for code, *rest in _rows(timeline, _CODES)],
    )
    return "\n".join(
        [
            "# What the law layer covers",
            "",
            f"Law as read by {horizon.look(timeline).law_read}. This page is made from the data.",
            "",
            "## In",
            "",
            instruments,
            "What the duties are about:",
            "",
            _table(
                ["area of law", "duties", "instruments"], _rows(timeline, _SUBJECTS)
            ),
            "In which kinds of area bodies have roles and duties, on one day or another:",
            "",
            _table(["kind of area", "roles", "duties"], _rows(timeline, _KINDS)),
            "How well the facts were checked (the weakest code of a fact counts):",
            "",
            codes,
            "How old the texts are that were read:",
            "",
            _table(["text", "pages", "read from", "to"], _rows(timeline, _AGES)),
            "Read before an Act that may have changed them, so marked:",
            "",
            _table(
                ["law", "may be changed by", "provisions"], _rows(timeline, _MARKED)
            ),
            "Provisions with a few words of their text, as seen in a copy, and those without:",
            "",
            _table(["law", "with words", "without"], _quoted(timeline)),
            "## Not in force, and held apart",
            "",
            *(
                f"- **{title}**: {words}."
                for title, words in _rows(timeline, _PROSPECTIVE)
            ),
            "",
            "## Not in, or open",
            "",
            *(f"- **{title}.** {words}" for title, words in _rows(timeline, _GAPS)),
            "",
        ]
    )


def _quoted(timeline: Oxigraph) -> list[list[str]]:
    """Return for each instrument how many provisions have words beside them, and all."""
    found = [
        (law, int(quoted), int(every) - int(quoted))
        for law, every, quoted in _rows(timeline, _QUOTED)
    ]
    some = [
        (law, with_words, without) for law, with_words, without in found if with_words
    ]
    none = sum(without for _, with_words, without in found if not with_words)
    total = sum(row[1] for row in found), sum(row[2] for row in found)
    rows = [*some, ("The rest", 0, none), ("All", *total)]
    return [[str(cell) for cell in row] for row in rows]


def _rows(timeline: Oxigraph, query: str) -> list[list[str]]:
    _, rows = from_json(timeline.select(query))
    return [[term.value if term else "" for term in row] for row in rows]


def _table(titles: list[str], rows: list[list[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
