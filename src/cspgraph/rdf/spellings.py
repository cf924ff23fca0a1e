"""How names are typed: with and without accents, ampersands, and the words round a place.

A council is called by its place and a few words: Ashford BC, Southwark Council, Cyngor
Gwynedd. The forms stand in one table, which does for every place alike, and bodies are
found by them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = [
    "COUNCILS",
    "Namesakes",
    "Spelling",
    "end",
    "forms",
    "is_code",
    "meant",
    "nearest",
    "parts",
    "plain",
    "served",
    "shorter",
    "within",
]

_DISTRICTS = ("DistrictCouncil", "UnitaryCouncil")
_LONDON = ("LondonBoroughCouncil", "CommonCouncil")
_METROPOLITAN = ("MetropolitanDistrictCouncil",)
_WALES = ("WelshPrincipalCouncil",)
#: Every kind of council whose name is made of its place.
COUNCILS = (
    *("CountyCouncil", "CouncilOfScilly", *_DISTRICTS, *_LONDON),
    *(*_METROPOLITAN, *_WALES),
)
_BOROUGHS = (*_DISTRICTS, *_METROPOLITAN, *_LONDON, *_WALES)


@dataclass(frozen=True, slots=True)
class Spelling:
    """What stands before and after a place, and which bodies are meant by it.

    They are of one of the `kinds`, and one of their names holds one of the `words`.
    """

    before: str
    after: str
    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()


def _written(
    patterns: str, kinds: tuple[str, ...], words: tuple[str, ...] = ()
) -> Iterator[Spelling]:
    for pattern in patterns.split(";"):
        before, _, after = (part.strip() for part in pattern.partition("X"))
        yield Spelling(before, after, kinds, words)


_FORMS = (
    *_written("X council;council of X;council of the X", COUNCILS),
    *_written(
        "X borough council;X borough;X bc;borough council of X;borough of X;borough of X council",
        _BOROUGHS,
        ("borough",),
    ),
    *_written(
        "london borough of X;london borough of X council;lb of X;lb X"
        ";X london borough council;X london borough;X lbc",
        _LONDON,
    ),
    *_written(
        "royal borough of X;royal borough of X council;X royal borough council;X rbc",
        _BOROUGHS,
        ("royal",),
    ),
    *_written(
        "X city council;city of X;city of X council;city and county of X"
        ";city and county of X council;X city and county council",
        COUNCILS,
        ("city",),
    ),
    *_written("X cc", COUNCILS, ("city", "county")),
    *_written("X county council;county council of X", COUNCILS, ("county",)),
    *_written("X county borough council;X cbc", _WALES, ("county borough",)),
    *_written("X district council;X dc", _DISTRICTS, ("district",)),
    *_written(
        "X metropolitan borough council;X metropolitan borough;X mbc",
        _METROPOLITAN,
        ("metropolitan borough", "borough"),
    ),
    *_written(
        "X metropolitan district council;X mdc",
        _METROPOLITAN,
        ("metropolitan district",),
    ),
    *_written(
        "cyngor X;cyngor sir X;cyngor dinas X;cyngor dinas a sir X;cyngor sir a dinas X"
        ";cyngor bwrdeistref sirol X;cyngor bwrdeistref X",
        _WALES,
    ),
    *_written(
        "pcc for X;X pcc;police and crime commissioner for X;X police and crime commissioner"
        ";pcc of X;police and crime commissioner of X;X police fire and crime commissioner"
        ";X pfcc;X commissioner for police fire and rescue and crime",
        ("PoliceAndCrimeCommissioner",),
    ),
    *_written(
        "chief constable of X;chief constable of X police"
        ";chief constable of X constabulary;X police;X constabulary",
        ("ChiefOfficerOfPolice",),
    ),
    *_written(
        "safer X partnership;safer X;X csp;csp for X;X community safety partnership"
        ";community safety partnership for X;X safer communities partnership"
        ";safer X community safety partnership",
        ("CommunitySafetyPartnership",),
    ),
)
#: After such a word stands what tells two places of one name apart.
_APART = {"upon", "under", "on", "in", "by", "le", "next"}


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", re.sub(r"['\u2018\u2019`.]", "", kept))


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return `text` in small letters without accents, space, hyphens and points.

    >>> plain("Ynys Môn"), plain("Brighton & Hove") == plain("brighton-and-hove")
    ('ynysmon', True)
    """
    return "".join(_words(text))


def forms(name: str) -> list[tuple[Spelling, str]]:
    """Return each form that `name` has, with the place that it then is of.

    >>> [(form.after, place) for form, place in forms("Ashford BC")]
    [('bc', 'ashford')]
    """
    said = f" {' '.join(_words(name))} "
    found = []
    for form in _FORMS:
        before, after = f" {form.before} ".replace("  ", " "), f" {form.after} "
        after = after.replace("  ", " ")
        place = said.removeprefix(before).removesuffix(after).strip()
        if place and f"{before}{place}{after}" == said:
            found.append((form, place.removeprefix("the ")))
    return found


@lru_cache(maxsize=20_000)
def parts(name: str) -> str:
    """Return the words of `name`, with a space before and after each.

    >>> parts("Needs-assessment")
    ' needs assessment '
    """
    return f" {' '.join(_words(name))} "


def within(word: str, names: Iterable[str]) -> bool:
    """Return whether the words of `word` stand one after the other in one of `names`.

    >>> within("annual report", ["annual report of the policing body"])
    True
    >>> within("Wales", ["Swale"])
    False
    """
    wanted = parts(word)
    return bool(wanted.strip()) and any(wanted in parts(name) for name in names)


def shorter(place: str, whole: str) -> bool:
    """Return whether `place` is how people shorten `whole`.

    >>> shorter("newcastle", "newcastle upon tyne"), shorter("west", "west suffolk")
    (True, False)
    """
    rest = whole.removeprefix(f"{place} ").split()
    return whole.startswith(f"{place} ") and rest[0] in _APART


def is_code(word: str, end: str) -> bool:
    """Return whether `word` is the code `end`, and not words that happen to spell it.

    >>> is_code("annualreport", "AnnualReport"), is_code("annual report", "AnnualReport")
    (True, False)
    """
    return word.strip().casefold() == end.casefold()


def nearest(word: str, known: Iterable[str]) -> str:
    """Return what in `known` is a slip of the pen away from `word`; empty if nothing is.

    A slip keeps the first letter and most of the others: a hint must not lead to
    another place.

    >>> nearest("Dorsett", ["Dorset", "Devon"]), nearest("Newcastle", ["Lancaster"])
    ('Dorset', '')
    """
    wanted = " ".join(word.casefold().split())[:200]
    folded = {
        name.casefold(): name for name in known if name[:1].casefold() == wanted[:1]
    }
    for near in get_close_matches(wanted, folded, n=3, cutoff=0.8):
        slips = _slips(wanted, near)
        if slips <= max(1, len(wanted) // 5):
            return folded[near]
    return ""


def _slips(word: str, other: str) -> int:
    """Return how many places differ, letters that changed places counted once."""
    blocks = SequenceMatcher(None, word, other, autojunk=False).get_opcodes()
    changed = [max(b - a, d - c) for tag, a, b, c, d in blocks if tag != "equal"]
    turned = sorted(word) == sorted(other) and len(word) == len(other)
    return max(1, sum(changed) // 2) if turned else sum(changed)


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
            told = {place for name in called for _, place in forms(name)}
            told |= {parts(name).strip() for name in places.get(body, ())}
            told -= {""}
            for place in told:
                self._of[plain(place)].add(body)
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
        for form, place in forms(word):
            there = self._of.get(plain(place), set())
            longer = self._with(shorter, place)
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

    def _has(self, body: str, form: Spelling) -> bool:
        called = [parts(name) for name in self._names[body]]
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
    one = len({plain(known[0]) for known in names}) == 1
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
