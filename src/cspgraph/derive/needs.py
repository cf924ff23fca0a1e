"""Which rules a query needs: those that make what it looks for, and what these look for.

A query is read as its patterns, a rule as what it makes and what it looks for. A rule is
needed where a pattern may meet a triple that it makes: the same property, or the same
class after `a`, of a subject that can be of the same class. What a needed rule looks for
is needed too, as far as rules before it make it. A query that is not read, a variable for
a property and DESCRIBE need everything.

Two things are supposed of the graph, and tests hold them: a thing of a class that rules
speak of has no other class, and no file says what is a duty, a role holding or a verdict.
`strange` finds files of which this is not true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.derive.patterns import POINTS_AT, Atom, Known, UnclearError, read
from cspgraph.derive.rules import FIRST_LASTING_RULE, everything, rules
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

__all__ = ["needed", "strange"]

_TYPE = RDF_TYPE.value
#: What the cut to a day makes, beside the rules: due days, and days of waiting.
_DUE, _WAITING = "39~due", "39~waiting"
#: What only rules make, so that a thing of the class has no property that no rule gives.
_DERIVED = frozenset(t.value for t in (CSP.Duty, CSP.RoleHolding, CSP.Verdict))
_CLAIM = CSP.Claim.value
#: How the names begin that rules give.
_MADE = tuple(f"{BASE}id/{name}/" for name in ("duty", "holding", "service", "verdict"))
#: Of these more is said than files and rules say: the window, and the day itself.
_WITH_MORE = frozenset(t.value for t in (CSP.Area, CSP.Snapshot))
#: What a claim on record says, beside what it asserts.
_OF_CLAIMS = frozenset(
    [
        _TYPE,
        "http://www.w3.org/2000/01/rdf-schema#label",
        *(t.value for t in (CSP.source, CSP.quote, CSP.modelNote)),
    ]
)
_ASSERTS = PREFIXES["csp"] + "asserts"
_LAW = frozenset(t.value for t in (CSP.Provision, CSP.Instrument))
#: Properties of things of some class, whether or not a rule has said yet what they are.
_TELLS = {
    CSP.claim.value: frozenset([CSP.Verdict.value]),
    **{
        term.value: frozenset([CSP.Duty.value])
        for term in (CSP.evidencedBy, CSP.partlyEvidencedBy, CSP.passedDue)
    },
    **{
        term.value: frozenset([_CLAIM])
        for term in (CSP.comparedWith, CSP.nearTo, CSP.printsSection)
    },
    **{
        term.value: _LAW
        for term in (CSP.citation, CSP.amendedBy, CSP.substitutedBy, CSP.repealedBy)
    },
}
#: The days of the window, which no rule makes: who asks for them wants all there is.
_WINDOW = frozenset((CSP.windowFrom.value, CSP.windowUntil.value))
#: A rule says from when what it makes holds, and the cut looks at that. For verdicts a
#: rule of its own says so.
_JUDGES = CSP.claim.value
_FROM_ITS_DAY = Atom(CSP.validFrom.value, None, Known(frozenset([CSP.Verdict.value])))


@cache
def needed(*texts: str) -> frozenset[str]:
    """Return the names of the rules that the queries `texts` need.

    >>> needed("SELECT ?d { ?d a <https://w3id.org/cspgraph/ns#Decision> }")
    frozenset()
    >>> "31-single-duties" in needed("SELECT ?d { ?d a <https://w3id.org/cspgraph/ns#Duty> }")
    True
    """
    try:
        atoms = [_told(atom) for text in texts for atom in read(text).atoms]
    except (UnclearError, IndexError):
        return everything()
    for atom in atoms:
        classes = atom.subject.classes
        if atom.property in _WINDOW:
            return everything()
        if atom.property is None and (classes is None or classes & _WITH_MORE):
            return everything()
    return _closure(atoms)


def strange(quads: Iterable[Quad]) -> bool:
    """Tell whether `quads` of the user say what `needed` takes nobody to say.

    That is a thing of two classes, one of a class that rules alone give, or a claim that
    says what claims do not.
    """
    classes: dict[object, set[str]] = {}
    ends: dict[object, set[str]] = {}
    says: dict[object, set[str]] = {}
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
            classes.setdefault(quad.subject, set()).add(quad.object.value)
        says.setdefault(quad.subject, set()).add(quad.predicate.value)
        if quad.predicate.value in POINTS_AT:
            ends.setdefault(quad.object, set()).update(POINTS_AT[quad.predicate.value])
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(
                _MADE
            ):
                return True
    if any(of & _TELLS.keys() for of in says.values()):
        return True
    asserting = (t for t, of in says.items() if any(o.startswith(_ASSERTS) for o in of))
    if any(_CLAIM not in classes.get(thing, ()) for thing in asserting):
        return True
    return any(
        len(of) > 1
        or (thing in ends and not of & ends[thing])
        or of & _DERIVED
        or (_CLAIM in of and not all(map(_said_of_claims, says[thing])))
        for thing, of in classes.items()
    )


def _said_of_claims(term: str) -> bool:
    return term in _OF_CLAIMS or term.startswith(_ASSERTS)


def _told(atom: Atom) -> Atom:
    """Return `atom` with the class of its subject, where a property tells it."""
    known = atom.subject
    if known.classes is None:
        for term in (*known.has, atom.property):
            told = _TELLS.get(term or "")
            if term and term.startswith(_ASSERTS):
                told = frozenset([_CLAIM])
            if told:
                return replace(atom, subject=replace(known, classes=told))
    return atom


@dataclass(frozen=True)
class _Rule:
    """What a rule makes, and what it looks for, read when that is asked."""

    name: str
    text: str

    @cached_property
    def _read(self) -> tuple[tuple[Atom, ...], tuple[Atom, ...]]:
        told = read(self.text)
        return told.head, told.atoms

    @cached_property
    def head(self) -> tuple[Atom, ...]:
        """What it makes."""
        return tuple(map(_told, self._read[0]))

    @cached_property
    def body(self) -> tuple[Atom, ...]:
        """What it looks for."""
        return tuple(map(_told, self._read[1]))

    @cached_property
    def built(self) -> frozenset[str | None]:
        """The properties that it makes, None for any; found without reading its body."""
        start = self.text.index("CONSTRUCT")
        head = self.text[start : self.text.index("\nWHERE", start)]
        before = self.text[:start]
        told = read(f"{before}{head}\nWHERE {{}}").head
        return frozenset(atom.property for atom in told)


#: What is made by the cut, written as rules are: only to be read.
_BY_THE_CUT = {
    _DUE: """PREFIX csp: <https://w3id.org/cspgraph/ns#>
CONSTRUCT { ?duty csp:dueBy ?day ; csp:lastDue ?day ; csp:lastYearFrom ?day }
WHERE { ?duty a csp:Duty ; csp:template ?template }
""",
    _WAITING: """PREFIX csp: <https://w3id.org/cspgraph/ns#>
CONSTRUCT {
  ?version csp:supersededOn ?day ; csp:adoptionState ?state ; csp:waitedUntil ?day ;
    csp:daysWaiting ?count
}
WHERE { ?version a csp:StrategyVersion ; csp:supersededBy ?later }
""",
}


@cache
def _all() -> dict[str, _Rule]:
    """Return every rule in the order in which they run, the cut among them."""
    texts = {name: source.text for name, source in rules().items()} | _BY_THE_CUT
    return {
        name: _Rule(name, texts[name])
        for name in sorted(texts)
        if name >= FIRST_LASTING_RULE
    }


@cache
def _makers() -> dict[str | None, list[_Rule]]:
    """Return the rules that make each property; under None those that may make any."""
    found: dict[str | None, list[_Rule]] = {}
    for rule in _all().values():
        for term in rule.built:
            found.setdefault(term, []).append(rule)
    return found


def _closure(atoms: Iterable[Atom]) -> frozenset[str]:
    """Return the rules that `atoms` need, and those that these need before them."""
    seen: set[str] = set()
    open_ = [(atom, "") for atom in atoms]
    asked = set(open_)
    while open_:
        atom, before = open_.pop()
        for rule in _meeting(atom, before):
            if rule.name in seen:
                continue
            seen.add(rule.name)
            more = {(one, rule.name) for one in rule.body}
            if _JUDGES in rule.built:
                more.add((_FROM_ITS_DAY, ""))
            open_ += more - asked
            asked |= more
    return frozenset(seen - _BY_THE_CUT.keys())


def _meeting(atom: Atom, before: str) -> list[_Rule]:
    """Return the rules before the one of that name that make what `atom` may meet."""
    makers = _makers()
    if atom.property is None:
        found = list(_all().values())
    else:
        found = [*makers.get(atom.property, ()), *makers.get(None, ())]
    return [
        rule
        for rule in found
        if (not before or rule.name < before)
        and any(_meets(atom, made) for made in rule.head)
    ]


def _meets(atom: Atom, made: Atom) -> bool:
    """Tell whether a triple that is `made` may be one that `atom` looks for."""
    if None not in (atom.property, made.property) and atom.property != made.property:
        return False
    if atom.property == made.property == _TYPE and None not in (atom.of, made.of):
        return atom.of == made.of
    mine, theirs = atom.subject.classes, made.subject.classes
    if theirs is None:
        return True
    if mine is not None and not mine & theirs:
        return False
    return any(_may_have(one, atom.subject) for one in theirs)


def _may_have(of: str, subject: Known) -> bool:
    """Tell whether a thing of a class may have all that is sure of `subject`."""
    if of not in _DERIVED and of != _CLAIM:
        return True
    return all(
        _gives(of, term) or (of == _CLAIM and _said_of_claims(term))
        for term in subject.has
    )


@cache
def _gives(of: str, term: str) -> bool:
    """Tell whether a rule may give the property `term` to things of a class."""
    return any(
        made.property in (term, None)
        and (made.subject.classes is None or of in made.subject.classes)
        for rule in [*_makers().get(term, ()), *_makers().get(None, ())]
        for made in rule.head
    )
