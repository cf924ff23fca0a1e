"""Each rule is tested by its own examples: what hits gives the fact, a near miss nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cspgraph.errors import FileError
from cspgraph.rdf.files import Source, shipped
from cspgraph.reading import reader, rules

RULES = {rule.name: rule for rule in rules.rules()}
HITS = [(name, hit) for name, rule in RULES.items() for hit in rule.hits]
MISSES = [(name, miss) for name, rule in RULES.items() for miss in rule.misses]


def found(name: str, made: reader.ReadReport) -> list[Any]:
    """Return the facts that a rule took; those of plans without a title bear `title`."""
    rule = RULES[name]
    kinds = ("strategy",) if rule.yields == "strategy" else ()
    return [
        f
        for f in made.facts
        if f.rule == name or (f.kind in kinds and f.subject == rule.value)
    ]


@pytest.mark.parametrize(
    ("name", "hit"), HITS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(HITS)]
)
def test_hit(name: str, hit: dict[str, Any]) -> None:
    made = reader.read_text(hit["text"])
    wanted = dict(hit["gives"])
    if "doubt" in wanted:
        assert any(wanted["doubt"] in doubt.said for doubt in made.doubts)
        return
    facts = [
        {
            **{
                key: getattr(f, key)
                for key in ("kind", "subject", "value", "day", "status")
            },
            "by": "; ".join(f.all("by")),
            "to": "; ".join(f.all("to")),
        }
        for f in found(name, made)
    ]
    assert any(wanted.items() <= fact.items() for fact in facts), facts or made.facts


@pytest.mark.parametrize(
    ("name", "miss"), MISSES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(MISSES)]
)
def test_near_miss(name: str, miss: str) -> None:
    rule, made = RULES[name], reader.read_text(miss)
    assert found(name, made) == []
    if rule.yields == "doubt":
        assert not any(doubt.said == rule.said for doubt in made.doubts)


def test_a_rule_stands_in_the_file_of_its_name() -> None:
    held = {source.name.rpartition("/")[2] for source in shipped(rules.FOLDER, ".yaml")}
    assert held == {f"{name}.yaml" for name in RULES}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rule: x\n", "a rule has rule, yields, pattern, hits and misses"),
        (
            "rule: x\nyields: guess\npattern: a\nhits: []\nmisses: []\n",
            "'guess' is not known",
        ),
        (
            "rule: x\nyields: doubt\npattern: '('\nhits: []\nmisses: []\n",
            "its pattern cannot be used",
        ),
        (
            "rule: x\nyields: doubt\npatern: a\npattern: a\nhits: []\nmisses: []\n",
            "'patern' is not known",
        ),
    ],
)
def test_a_rule_that_is_wrong_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FileError, match=problem.replace("(", r"\(")):
        rules.read(Source("ontology/reading/rules/x.yaml", text.encode()))
