"""Each rule that gives a verdict gives it to one made-up claim, and not to a near miss.

`tests/verdicts/` holds a world for each rule, with both claims. All worlds are read at
once: they share neither documents nor claims.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import few
from cspgraph.claims import VERDICTS
from cspgraph.derive import rules as derive_rules
from cspgraph.derive.rules import FIRST_SNAPSHOT_RULE, rules
from cspgraph.rdf import files
from cspgraph.rdf.engines import Reference
from cspgraph.rdf.terms import CSP, PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from cspgraph.rdf.engines import Oxigraph

WORLDS = Path(__file__).parent / "verdicts"
FIRST_CLAIM_RULE = "34"
GIVING = [name for name in rules() if "-verdict-" in name]

each = pytest.mark.parametrize("name", GIVING)


def before() -> Oxigraph:
    """Return the shipped files and the worlds, with all that comes before claims."""
    engine = few.read(few.dataset(files.user_files(WORLDS)))
    for name, rule in rules().items():
        if name < FIRST_CLAIM_RULE:
            engine.add(engine.construct(rule.text), derive_rules.DERIVED)
    return engine


@cache
def given() -> dict[str, dict[str, str]]:
    """Return for each rule its claims in the worlds, each with its verdict."""
    engine, found = before(), {}
    for name, rule in rules().items():
        if FIRST_CLAIM_RULE <= name < FIRST_SNAPSHOT_RULE:
            triples = engine.construct(rule.text)
            engine.add(triples, derive_rules.DERIVED)
            found[name] = claims(triples)
    return found


def claims(triples: list[Triple]) -> dict[str, str]:
    """Return the verdict on each claim that `triples` judge."""
    judged = {t.subject: t.object for t in triples if t.predicate == CSP.claim}
    words = {t.subject: t.object for t in triples if t.predicate == CSP.verdict}
    start = PREFIXES["claim"]
    return {
        claim.value.removeprefix(start): words[thing].value.rpartition("/")[2]  # type: ignore[union-attr]
        for thing, claim in judged.items()
    }


def claim(name: str, which: str) -> str:
    return f"made-up-{name.partition('-verdict-')[2]}.{which}"


def test_every_rule_has_a_world_and_every_world_a_rule() -> None:
    assert {path.stem for path in WORLDS.glob("*.trig")} == set(GIVING)


def test_an_organ_that_the_law_does_not_name_is_not_supported() -> None:
    """Section 6 binds each authority; by which of its organs it does not say."""
    told = [found.get("made-up-supported.organ") for found in given().values()]
    assert "Supported" not in told
    assert "Imprecise" in told


def test_a_day_of_something_wider_is_judged() -> None:
    """Section 6(1)(e) came on 31 January 2023; that it is narrower is told as well."""
    days, narrower = (given()[f"35-verdict-{one}"] for one in ("other-day", "narrower"))
    assert [f"made-up-other-day.{one}" in days for one in ("wide", "fair")] == [1, 0]
    assert all(f"made-up-other-day.{one}" in narrower for one in ("wide", "fair"))


def test_another_period_is_told_only_where_it_is_another() -> None:
    """SI 2021/990 reg.4: a strategy is reviewed every three years, by each tier-one authority."""
    period, supported = ["35-verdict-other-period"], ["35-verdict-supported"]
    wanted = {
        **dict.fromkeys(("hit", "nobody", "half"), period),
        **dict.fromkeys(("near", "months", "both"), supported),
        "others": ["38-verdict-near"],
        "days": ["38-verdict-near"],
    }
    for one, names in wanted.items():
        claimed = f"made-up-other-period.{one}"
        assert [name for name, found in given().items() if claimed in found] == names


@each
def test_the_claim_gets_the_verdict(name: str) -> None:
    assert claim(name, "hit") in given()[name]


@each
def test_the_near_miss_does_not(name: str) -> None:
    miss = claim(name, "near")
    assert miss not in given()[name]
    assert [other for other in GIVING if miss in given()[other]]


#: The verdict, and that on the near miss.
OUTCOMES = {
    "35-verdict-amending-act": ("Imprecise", "Supported"),
    "35-verdict-ended": ("Ended", "Supported"),
    "35-verdict-first-day": ("Imprecise", "Supported"),
    "35-verdict-keeps-first-day": ("Supported", "Imprecise"),
    "35-verdict-narrower": ("Imprecise", "Supported"),
    "35-verdict-no-date": ("AssertedWithoutSource", "Supported"),
    "35-verdict-one-way": ("Imprecise", "Supported"),
    "35-verdict-other-bearer": ("Imprecise", "Supported"),
    "35-verdict-other-day": ("Imprecise", "Supported"),
    "35-verdict-other-holder": ("Imprecise", "Supported"),
    "35-verdict-other-kind": ("Imprecise", "Supported"),
    "35-verdict-other-instrument": ("SupportedElsewhere", "Imprecise"),
    "35-verdict-other-section": ("Imprecise", "Supported"),
    "35-verdict-other-period": ("Imprecise", "Supported"),
    "35-verdict-own-date": ("Imprecise", "AssertedWithoutSource"),
    "35-verdict-supported": ("Supported", "Imprecise"),
    "36-verdict-adoption-arguable": ("Imprecise", "Supported"),
    "36-verdict-adoption-asserted": ("AssertedWithoutSource", "Supported"),
    "36-verdict-adoption-default": ("Supported", "Supported"),
    "36-verdict-adoption-elsewhere": ("SupportedElsewhere", "Supported"),
    "36-verdict-adoption-other-organ": ("Imprecise", "Supported"),
    "36-verdict-adoption-reserved": ("Supported", "Imprecise"),
    "37-verdict-denied-duty": ("AssertedWithoutSource", "AssertedWithoutSource"),
    "37-verdict-denied-holder": ("AssertedWithoutSource", "AssertedWithoutSource"),
    "37-verdict-everyday-name": ("Imprecise", "Supported"),
    "37-verdict-holder-ended": ("Ended", "Imprecise Supported"),
    "37-verdict-holder-left-out": ("Imprecise", "Supported"),
    "37-verdict-holder-named": ("Supported", "AssertedWithoutSource Imprecise"),
    "37-verdict-holder-not-held": ("AssertedWithoutSource", "Ended Imprecise"),
    "37-verdict-holder-other-day": ("Imprecise", "Supported"),
    "37-verdict-kind-ended": ("Ended", "Imprecise Supported"),
    "37-verdict-kind-left-out": ("Imprecise", "Supported"),
    "37-verdict-kind-named": ("Supported", "AssertedWithoutSource Imprecise"),
    "37-verdict-kind-not-held": ("AssertedWithoutSource", "Ended Imprecise"),
    "37-verdict-kind-other-day": ("Imprecise", "Imprecise Supported"),
    "37-verdict-law-printed": ("Imprecise", "Supported"),
    "37-verdict-law-unknown": ("NoProvisionFound", "Supported"),
    "37-verdict-role-elsewhere": ("SupportedElsewhere", "Supported"),
    "37-verdict-role-other-section": ("Imprecise", "Supported"),
    "37-verdict-section-beside": ("Imprecise", "Supported"),
    "38-verdict-near": ("Imprecise", "Supported"),
    "38-verdict-no-duty": ("AssertedWithoutSource", "AssertedWithoutSource"),
    "38-verdict-none": ("NoProvisionFound", "NoProvisionFound"),
    "39-verdict-not-testable": ("AssertedWithoutSource", "AssertedWithoutSource"),
}


@each
def test_which_of_the_six(name: str) -> None:
    verdict, missed = OUTCOMES[name]
    miss = claim(name, "near")
    assert given()[name][claim(name, "hit")] == verdict
    others = {given()[other][miss] for other in GIVING if miss in given()[other]}
    assert others == set(missed.split())


def test_the_six_are_those_of_the_vocabulary() -> None:
    found = few.read().select(
        f"SELECT ?word WHERE {{ ?verdict <{PREFIXES['skos']}prefLabel> ?word ;"
        f" <{PREFIXES['skos']}inScheme> <https://w3id.org/cspgraph/verdict>"
        f" FILTER NOT EXISTS {{ ?verdict <{PREFIXES['skos']}broader> ?wide }} }}"
    )
    assert all(f'"{word}"'.encode() in found for word in VERDICTS)
    assert found.count(b'"value"') == len(VERDICTS)


@pytest.mark.exhaustive
def test_rdflib_gives_the_same_verdicts() -> None:
    engine, judged = before(), 0
    reference = Reference(engine.quads())
    for name, rule in rules().items():
        if FIRST_CLAIM_RULE <= name < FIRST_SNAPSHOT_RULE:
            found = engine.construct(rule.text)
            assert set(reference.construct(rule.text)) == set(found), name
            engine.add(found, derive_rules.DERIVED)
            reference.add(found, derive_rules.DERIVED)
            judged += len(claims(found))
    assert judged
