"""Bodies found by the forms of their names: Ashford BC, Southwark Council, PCC for Dorset."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cspgraph.rdf import spellings
from cspgraph.rdf.spellings import COUNCILS, is_code, plain, within
from cspgraph.rdf.terms import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Namesakes", "end", "meant", "served"]


class Namesakes:
    """Bodies by the place in their names, or the place that they serve."""

    def __init__(
        self,
        names: Mapping[str, Iterable[str]],
        kinds: Mapping[str, Iterable[str]],
        places: Mapping[str, Iterable[str]],
    ) -> None:
        """Take in bodies with their `names`, their `kinds` and the `places` they serve."""
        self._kinds = {
            body: {kind.removeprefix(PREFIXES["kind"]) for kind in kinds[body]}
            for body in names
        }
        self._names = {body: [*called] for body, called in names.items()}
        self._of: dict[str, set[str]] = defaultdict(set)
        self._whole: dict[str, set[str]] = defaultdict(set)
        for body, called in self._names.items():
            told = {place for name in called for _, place in spellings.forms(name)}
            told |= {spellings.parts(name).strip() for name in places.get(body, ())}
            told -= {""}
            for place in told:
                self._of[spellings.plain(place)].add(body)
                self._whole[place].add(body)

    def find(self, word: str) -> tuple[list[str], list[str]]:
        """Return the bodies that `word` means by its form, and those it may mean.

        The latter have the place in their names, and are called otherwise.

        >>> council = {"body:ashford": ["Ashford Borough Council"]}
        >>> kind = {"body:ashford": [PREFIXES["kind"] + "DistrictCouncil"]}
        >>> Namesakes(council, kind, {}).find("Ashford BC")
        (['body:ashford'], [])
        >>> Namesakes(council, kind, {}).find("Ashford City Council")
        ([], ['body:ashford'])
        """
        found: set[str] = set()
        near: set[str] = set()
        unsure = False
        for form, place in spellings.forms(word):
            there = self._of.get(spellings.plain(place), set())
            longer = self._with(spellings.shorter, place)
            among = set(form.kinds)
            if among & set(COUNCILS):
                among = set(COUNCILS)
            for body in there | longer:
                if self._kinds[body] & set(form.kinds) and self._has(body, form):
                    found.add(body)
                    unsure = unsure or body not in there
                elif self._kinds[body] & among:
                    near.add(body)
            if not there:
                inside = self._with(_inside, place)
                near |= {body for body in inside if self._kinds[body] & among}
        if unsure:
            return [], sorted(found | near)
        return sorted(found), sorted(near - found)

    def _with(self, fits: Callable[[str, str], bool], place: str) -> set[str]:
        """Return the bodies of the places that `place` fits."""
        found = (self._whole[whole] for whole in self._whole if fits(place, whole))
        return set().union(*found)

    def _has(self, body: str, form: spellings.Spelling) -> bool:
        called = [spellings.parts(name) for name in self._names[body]]
        return not form.words or any(
            f" {word} " in name for word in form.words for name in called
        )


def _inside(place: str, whole: str) -> bool:
    return within(place, [whole])


def served(areas: Iterable[Sequence[str]]) -> list[str]:
    """Return the names of `areas` under which the body that serves them is known.

    Of one that serves several, none: they are parts of what it is called by.

    >>> served([["Isle of Anglesey", "Ynys Môn"]]), served([["Dover"], ["Ashford"]])
    (['Isle of Anglesey', 'Ynys Môn'], [])
    """
    names = [*areas]
    one = len({spellings.plain(known[0]) for known in names}) == 1
    return [name for known in names for name in known] if one else []


def meant(things: Mapping[str, list[str]], word: str) -> list[str]:
    """Return the things that `word` can mean: by IRI, by code, or else by name."""
    iri, wanted = expand(word), plain(word)
    return (
        [thing for thing in things if thing == iri]
        or [thing for thing in things if is_code(word, end(thing))]
        or [thing for thing, names in things.items() if wanted == plain(names[0])]
        or [thing for thing, names in things.items() if wanted in map(plain, names)]
        or [thing for thing in things if is_code(word, end(thing).partition(".")[0])]
    )


def end(iri: str) -> str:
    """Return the last part of an IRI: the code or slug."""
    return re.split(r"[/#]", iri)[-1]
