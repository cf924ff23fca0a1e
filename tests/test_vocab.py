"""Python and the ontology know the same words, and long and short IRIs agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES, compact, expand


def defined(file: str, namespace: str) -> set[str]:
    """Return the local names in `namespace` that the ontology file describes."""
    (source,) = files.shipped("ontology", f"/{file}")
    subjects = {quad.subject for quad in files.quads(source)}
    names = {s.value for s in subjects if isinstance(s, NamedNode)}
    return {
        name.removeprefix(namespace) for name in names if name.startswith(namespace)
    }


def test_python_names_are_the_terms() -> None:
    assert set(CSP) == defined("core.ttl", PREFIXES["csp"])


@pytest.mark.parametrize("name", list(CSP))
def test_term_is_an_address(name: str) -> None:
    assert getattr(CSP, name) == NamedNode(f"https://w3id.org/cspgraph/ns#{name}")


@pytest.mark.parametrize(
    "name", ["bearrer", "Bearer", "duty", "", "_bearer", "valid_from"]
)
def test_an_unknown_term_is_an_error(name: str) -> None:
    with pytest.raises(AttributeError, match="defines no term"):
        getattr(CSP, name)


def test_prefixes_are_addresses_and_differ() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    for start in PREFIXES.values():
        assert start[-1] in "/#"
        NamedNode(start)


NAMES = st.text(st.sampled_from("abcXYZ019-._"), min_size=1, max_size=12)


@given(prefix=st.sampled_from(sorted(PREFIXES)), name=NAMES)
def test_expand_and_compact_are_inverse(prefix: str, name: str) -> None:
    iri = expand(f"{prefix}:{name}")
    assert iri == PREFIXES[prefix] + name
    assert compact(iri) == f"{prefix}:{name}"


@given(iri=NAMES.map("http://example.org/{}".format))
def test_other_addresses_stay_as_they_are(iri: str) -> None:
    assert expand(iri) == iri
    assert compact(iri) == iri


@pytest.mark.parametrize("word", ["Dorset", "", ":", "nobody:x", "a b:c", "mailto:x"])
def test_words_are_not_addresses(word: str) -> None:
    assert expand(word) is None


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("https://w3id.org/cspgraph/id/role-template/ra-police", "rt:ra-police"),
        (
            "https://w3id.org/cspgraph/role/ResponsibleAuthority",
            "role:ResponsibleAuthority",
        ),
        ("https://w3id.org/cspgraph/id/verdict/x", "judged:x"),
        ("https://w3id.org/cspgraph/verdict/Ended", "verdict:Ended"),
        ("http://www.legislation.gov.uk/id/ukpga/1998/37", "law:ukpga/1998/37"),
    ],
)
def test_the_nearest_prefix_is_taken(long: str, short: str) -> None:
    assert compact(long) == short
    assert expand(short) == long
