"""The words of the law that stand beside a provision are few, and were seen in a copy of it.

`tests/reference/words-of-law.csv` has a digest for each quotation that was found word for
word in the copy that its page names; a quotation that is changed, or added from memory,
has none there.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import cspgraph
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

ROOT = Path(__file__).resolve().parents[1]


def address(term: object) -> str:
    """Return the address of a thing of the law layer."""
    assert isinstance(term, NamedNode)
    return term.value


NOT_A_TEXT = NamedNode(PREFIXES["kind"] + "NotATextOfLaw")
LAW = [quad for file in files.shipped("data/law", ".ttl") for quad in files.quads(file)]
WORDS = {
    address(q.subject): q.object
    for q in LAW
    if q.predicate == CSP.quotation and isinstance(q.object, Literal)
}
PAGES = {address(q.subject): q.object for q in LAW if q.predicate == CSP.quotedFrom}


def digest(provision: str, page: str, words: str) -> str:
    """Return the digest of a quotation from a page, as it stands in the table.

    >>> digest("a", "b", "publish the strategy")
    '492a3a657eeee80a31fc'
    """
    said = f"{provision}|{page}|{words}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def test_every_quotation_is_short_and_says_where_it_was_seen() -> None:
    assert len(WORDS) > 200
    assert WORDS.keys() == PAGES.keys()
    provisions = {address(q.subject) for q in LAW if q.object == CSP.Provision}
    assert provisions >= WORDS.keys()
    for words in WORDS.values():
        assert words.language == "en"
        assert 2 <= len(words.value.split()) <= 25, words
        assert words.value == " ".join(words.value.split())


def test_words_are_quoted_from_texts_of_the_law_alone() -> None:
    entries = {q.subject for q in LAW if q.object == CSP.EvidenceEntry}
    no_texts = {
        q.subject
        for q in LAW
        if q.predicate == CSP.textState and q.object == NOT_A_TEXT
    }
    assert entries >= set(PAGES.values())
    assert not no_texts & set(PAGES.values())


def test_words_are_those_that_were_found_in_the_copy() -> None:
    with (ROOT / "tests/reference/words-of-law.csv").open(encoding="utf-8") as file:
        found = {row["digest"] for row in csv.DictReader(file)}
    held = {
        digest(one, address(PAGES[one]).rpartition("/")[2], words.value)
        for one, words in WORDS.items()
    }
    assert held == found


@pytest.mark.parametrize("law", ["", "Crime and Disorder Act 1998"])
def test_the_coverage_page_counts_provisions_with_words_and_without(law: str) -> None:
    """Counted again from the files, by the address of the provision."""
    provisions = {address(q.subject) for q in LAW if q.object == CSP.Provision}
    of_act = {p for p in provisions if not law or "/ukpga/1998/37/" in p}
    quoted = of_act & WORDS.keys()
    page = cspgraph.load().coverage()
    row = f"| {law or 'All'} | {len(quoted)} | {len(of_act - quoted)} |"
    assert row in page.splitlines()


def test_the_coverage_page_counts_each_duty_once_by_its_area_of_law() -> None:
    duties = {
        q.subject
        for q in LAW
        if q.predicate == RDF_TYPE and q.object == CSP.DutyTemplate
    }
    page = cspgraph.load().coverage()
    table = page.partition("| area of law |")[2].partition("\n\n")[0]
    counts = [int(n) for n in re.findall(r"\| (\d+) \| \d+ \|", table)]
    assert len(counts) > 8
    assert sum(counts) == len(duties)
