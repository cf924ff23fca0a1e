"""The words of the ontology for Python: terms, prefixes, long and short IRIs.

`CSP` is closed: a term that `ontology/core.ttl` does not define is an error at
the line that misspells it. A test compares the two lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = [
    "BASE",
    "CSP",
    "GSS_CODE",
    "OPEN_END",
    "PREFIXES",
    "RDF_TYPE",
    "area_iri",
    "compact",
    "expand",
    "with_prefixes",
]

BASE = "https://w3id.org/cspgraph/"
OPEN_END = "9999-12-31"

_IDS = """area assessment body claim containment coverage deadline-rule decision document
duty duty-template evidence force-period funding gap governance-period holding organ
passage priority query reading role-template scheduled-change search service snapshot strategy verdict version"""

_SHORT = {
    "deadline-rule": "deadline",
    "duty-template": "dt",
    "force-period": "period",
    "governance-period": "governed",
    "role-template": "rt",
    "verdict": "judged",
}

PREFIXES: dict[str, str] = {
    "act": f"{BASE}action/",
    "basis": f"{BASE}basis/",
    "csp": f"{BASE}ns#",
    "dct": "http://purl.org/dc/terms/",
    "governance": f"{BASE}governance/",
    "graph": f"{BASE}graph/",
    "gss": "http://statistics.data.gov.uk/id/statistical-geography/",
    "kind": f"{BASE}kind/",
    "law": "http://www.legislation.gov.uk/id/",
    "modality": f"{BASE}modality/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "role": f"{BASE}role/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": f"{BASE}shape/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "standing": f"{BASE}standing/",
    "subject": f"{BASE}subject/",
    "theme": f"{BASE}theme/",
    "verdict": f"{BASE}verdict/",
    "verification": f"{BASE}verification/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
} | {_SHORT.get(name, name): f"{BASE}id/{name}/" for name in _IDS.split()}

RDF_TYPE = NamedNode(PREFIXES["rdf"] + "type")

_WORDS = """
AdoptionRule Area Assessment Body Claim Containment Coverage DeadlineRule
Decision Duty DutyTemplate EvidenceEntry ForcePeriod FundingStatement Gap
GovernancePeriod HealthServiceCode Instrument LocalAuthorityCode
OpenDataCommunitiesName Organ OrganisationIdentifier Partnership Passage
Priority ProspectiveTemplate Provision Reading RoleHolding RoleTemplate
ScheduledChange Search Service Snapshot SourceDocument StatisticalArea Strategy
StrategyVersion Verdict WikidataIdentifier about action actor adoptedOn
adoptionState agreedIn agreedOn amendedBy area areaKind asIn asInElsewhere asOf askedBy askedOf
assertsAction assertsCycle assertsDeadline assertsDue assertsFrom assertsHolder
assertsHolderKind assertsInstrument assertsLaw assertsList assertsName
assertsOrgan assertsPlanLength assertsProduct assertsRequirement assertsReturn
assertsRole assertsSection assumes assumption basis bearer bearerRole bearsOn
becomes beginsBy body bodyKind by capacity certainty changeStatus changesOn
citation claim commencedBy comparedWith complementedBy concerns condition
conditionMetBy confidence confirmedHolder confirmedPeriod contents
counterpartRole counting country coverageMissing coveredBy covering
crossCutting currentRisk cycle daysWaiting deadline decidedBy decidedElsewhere
developedBy dueBy endedOn endsOn eventDay eventFallsOn eventNote evidencedBy
exception expectedBy extension extent firstDue followedBy follows force form
fromDayOf fromRole givenIn gives governance gssCode heading heldSince holding
holds ifNotFound inDocument inForce inPlaceOf informedBy insertedBy instrument
integralTo kind lapsedVersion lastDue lastYearFrom lawIn lawRead lawUrl ledBy
liesIn lookedFor madeUnder manner mayBeAmendedBy mayBeAnsweredBy mayTake
meetsSection modality modelNote nearTo notAfter notBefore notInBeing
notMentionedIn on openReading organ organKind organOf page paragraph partOf
partlyEvidencedBy passedDue periodFrom periodUntil pilotArea planLength
position printedPeriod printsSection priority product provision publishedOn
publisher quotation quote quotedFrom readBefore readOn readingOf reason
recordsSeen refreshOf registerMade registerSource repealedBy reservedFor
residualRisk restsOn role saidBy searchedBy searchedIn sectionOf seen serves share shownBy source
sourcesDifferOn standing statement statisticalArea status subject substitutedBy
succeededBy supersededBy supersededOn supportingProvision takes template
textAsAt textReadTo textState theme to trigger validFrom validUntil verdict
verification verificationNote verifiedBy versionOf via vision waitedUntil
widerArea windowFrom windowUntil within
"""
_TERMS = frozenset(_WORDS.split())


class _Terms:
    """A namespace that refuses unknown names."""

    def __getattr__(self, name: str) -> NamedNode:
        if name not in _TERMS:
            message = f"ontology/core.ttl defines no term csp:{name}"
            raise AttributeError(message)
        return NamedNode(PREFIXES["csp"] + name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_TERMS))


CSP = _Terms()


def expand(word: str) -> str | None:
    """Return the full IRI that `word` stands for: a CURIE, or an IRI as it is.

    >>> expand("gss:E06000059")
    'http://statistics.data.gov.uk/id/statistical-geography/E06000059'
    >>> expand("Dorset") is None
    True
    """
    if word.startswith(("http://", "https://")):
        return word
    prefix, colon, name = word.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + name
    return None


def compact(iri: str) -> str:
    """Return the short form of `iri`, or `iri` itself when no prefix fits.

    >>> compact("https://w3id.org/cspgraph/action/Adopt")
    'act:Adopt'
    """
    fitting = [item for item in PREFIXES.items() if iri.startswith(item[1])]
    if not fitting:
        return iri
    prefix, start = max(fitting, key=lambda item: len(item[1]))
    return f"{prefix}:{iri[len(start) :]}"


def with_prefixes(sparql: str) -> str:
    """Return `sparql` with the project's prefixes before it, on lines of their own."""
    lines = [f"PREFIX {prefix}: <{start}>" for prefix, start in PREFIXES.items()]
    return "\n".join([*lines, sparql])


GSS_CODE = re.compile(r"[A-Z]\d{8}")


def area_iri(code: str) -> str:
    """Return the address of the area with this code, official or our own.

    >>> area_iri("probation-wales")
    'https://w3id.org/cspgraph/id/area/probation-wales'
    """
    return PREFIXES["gss" if GSS_CODE.fullmatch(code) else "area"] + code
