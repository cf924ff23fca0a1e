"""The law layer against its reference, table by table.

The reference is what was read in the texts of the law: instruments, provisions,
duties, responsible authorities and adoption, each with its days, as the tables in
`tests/reference/`. They were written before the data and independently of it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cspgraph
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import OPEN_END, PREFIXES

REFERENCE = Path(__file__).with_name("reference")
#: Where a table of the reference has the days of a country.
COLUMN = {"E": "england", "W": "wales"}
COUNTRIES = {"E": "E92000001", "W": "W92000004"}

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cspgraph.rdf.engines import Oxigraph

Window = tuple[str, str]


@cache
def timeline() -> Oxigraph:
    """Return all dates: the law is the same whichever areas are looked at, and one is soon derived."""
    return cspgraph.load(areas=["Dorset"])._dataset.timeline


def rows(query: str) -> list[list[str]]:
    """Return the answer to `query` on the law for all dates, as texts."""
    _, found = from_json(timeline().select(query))
    return [[term.value if term else "" for term in row] for row in found]


def ends(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


@cache
def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the reference, by the names of its columns."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, head: str) -> list[str]:
    return [row[head] for row in table(name)]


def after_last(day: str) -> str:
    """Return the day after `day`: the reference gives last days, the data first ones."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


# (a), (c): instruments and duties


def test_every_duty_of_the_reference_is_held() -> None:
    slugs = set(column("duties", "duty"))
    held = {
        ends(row[0]).partition(".")[0]
        for row in rows(
            "SELECT ?d { { ?d a csp:DutyTemplate } UNION { ?d a csp:ProspectiveTemplate } }"
        )
    }
    assert len(slugs) > 60
    assert not slugs - held


def test_every_instrument_of_the_reference_is_held() -> None:
    named = {PREFIXES["law"] + found for found in column("instruments", "instrument")}
    held = {row[0] for row in rows("SELECT ?i { ?i a csp:Instrument }")}
    assert len(named) > 30
    assert not named - held


def test_no_day_comes_from_memory_unmarked() -> None:
    """Each first and last day stands in the reference, or a note or code says whence."""
    known = set(column("days", "day"))
    unknown = []
    for template, begins, until, code, note in rows(
        """
        SELECT ?template ?from ?until ?code ?note
        WHERE {
          { ?template a csp:DutyTemplate } UNION { ?template a csp:RoleTemplate }
          ?template csp:validFrom ?from ; csp:validUntil ?until ; csp:verification ?code .
          OPTIONAL { ?template csp:verificationNote ?note }
        }
        ORDER BY ?template ?from
        """
    ):
        last = ""
        if until < OPEN_END:
            last = (date.fromisoformat(until) - timedelta(days=1)).isoformat()
        said = until == OPEN_END or until in known or last in known
        missing = [begins] * (begins not in known) + [until] * (not said)
        if missing and not note and ends(code) not in "RBS":
            unknown.append((ends(template), missing))
    assert not unknown


#: Days of duties that stand in other tables of the reference, or in none of them.
FURTHER_DAYS = {
    "section 7 in the table of provisions": {
        "cda98-report-on-demand": {"1998-09-30"},
    },
    "limbs of section 6(1) in the table of provisions": {
        "cda98-review-strategies": {
            *("2007-08-01", "2007-11-19", "2010-04-01", "2023-01-31"),
        },
    },
    "regulation 3 in the table of provisions, and its Welsh twin": {
        "si07-skills-review": {"2007-08-01"},
        "si07-review-spending": {"2011-06-01"},
    },
    "section 6 of the Act of 2011, in force in London with section 7": {
        "prsra11-issue-plan": {"2012-01-16"},
    },
    "not in the reference; a note says where it was read": {
        "dvcva04-dhr": {"2021-11-01"},
        "vawdasv15-local-strategy": {"2016-01-04"},
    },
    "recalled from a note on the Act, and marked so": {
        "cda98-youth-justice-services": {"2000-04-01"},
        "cda98-establish-yot": {"2000-04-01"},
    },
}
#: The Welsh regulations of 2007 began, and were changed, on days of their own.
WELSH = {"2007-11-19", "2011-12-05"}


def test_duties_have_the_days_of_the_reference() -> None:
    """Each first and last day of a template stands in the row of its duty."""
    templates = defaultdict(list)
    for duty, extent, begins, until in rows(
        """
        SELECT ?duty ?extent ?from ?until
        WHERE {
          ?duty a csp:DutyTemplate ; csp:extent ?extent ;
            csp:validFrom ?from ; csp:validUntil ?until .
        }
        ORDER BY ?duty ?extent
        """
    ):
        templates[ends(duty).partition(".")[0]].append((extent, begins, until))
    wrong = []
    for row in table("duties"):
        slug = row["duty"]
        further = {
            day for group in FURTHER_DAYS.values() for day in group.get(slug, set())
        }
        for extent, begins, until in templates.pop(slug, []):
            (country,) = (c for c, code in COUNTRIES.items() if extent.endswith(code))
            first = {*row[COLUMN[country]].split(), *further}
            if country == "W" and slug.startswith("si07-"):
                first |= WELSH
            last = {OPEN_END, *first, *map(after_last, first)}
            if begins not in first or until not in last:
                wrong.append((slug, country, begins, until))
    assert not wrong
    # What is left are adoption rules of the table of adoption.
    assert all(
        re.match("(fr00|cs12|frw07|lga00|local-rule)-", slug) for slug in templates
    )


# (b): provisions

#: How the reference calls an instrument, and how the data cites it.
CITED = {
    "CDA98": "CDA 1998",
    "SI07E": "SI 2007/1830",
    "PCSC22": "PCSCA 2022",
    "PRSRA11": "PRSRA 2011",
    "PJA06": "PJA 2006",
    "CDOS09": "SI 2009/942",
    "FR00": "SI 2000/2853",
    "CS12": "SI 2012/1020",
    "FRW07": "SI 2007/399 (W.45)",
    "LGA00": "LGA 2000",
    "DAA21": "DAA 2021",
    "DA-REGS21": "SI 2021/990",
    "DVCVA04": "DVCVA 2004",
    "VPA24": "VPA 2024",
    "ASBCPA14": "ASBCPA 2014",
    "CTSA15": "CTSA 2015",
    "VAWDASV15": "VAWDASVA 2015",
    "EA10": "EA 2010",
}

#: Rows that stand for texts of ours, or name their provision in words.
READ_AS = {
    "s5(1A),(1B) (old)": ["s.5(1A) (2002 text)", "s.5(1B) (2002 text)"],
    "s5(1A)-(1BB) (new)": ["s.5(1A)", "s.5(1B)", "s.5(1BA)", "s.5(1BB)"],
    "s6 (original; start inferred from ss5 and 7)": ["s.6 (1998 text)"],
    "s6 (new) s6(1)(a)": ["s.6(1)(a)"],
    "r2": ["reg.2", "reg.2 (re-offending)"],
    "r3 (2007)": ["reg.3 (2007 text)"],
    "r3 (2011)": ["reg.3"],
    "r8": ["reg.8 (2007 text)", "reg.8"],
    "r11(1)(a)": ["reg.11(1)(a)", "reg.11(1)(a) (three-year words)"],
    "(serious violence changes)": ["(serious violence changes)"],
}
#: A row about a note on another provision, and the words of the note that hold it.
NOTED = {"(annotation on s5)": ("CDA 1998 s.5", "16 November 2000")}
#: Rows whose first day is told in words, so that there is none to compare.
IN_WORDS = {
    *("FR00 Sch 3", "LGA00 s9D(2)", "LGA00 s9F, s9FA (E), s21 (W)"),
    *("VPA24 s19", "VPA24 s13-14", "VAWDASV15 s5-8, s13"),
}
#: Rows whose days the data does not follow, and why.
OTHER_DAYS = {
    "s18": "the row has the day of the meaning of violence; the section began in 1998, "
    "as the table of instruments says",
    "s8(10), s9(10)": "begun early only so that regulations could be made; the data has "
    "the day on which the rest began",
    "FRW07 Sch 2 para 24(h)": "the row leaves open whether a later instrument put it in; "
    "the data names one",
}


#: Rows about a text and what came of it, with the days that they give to each.
SPLIT = {
    "SI 2007/1830 reg.8 (2007 text)": ("2007-08-01", "2011-06-01"),
    "SI 2007/1830 reg.8": ("2011-06-01", OPEN_END),
    "SI 2007/1830 reg.11(1)(a)": ("2007-08-01", OPEN_END),
    "SI 2007/1830 reg.11(1)(a) (three-year words)": ("2007-08-01", "2011-06-01"),
}


@dataclass(frozen=True)
class Told:
    """What the reference tells of a provision: days in each country, and how checked."""

    name: str
    about: str
    first: Mapping[str, set[str]]
    last: Mapping[str, set[str]]
    codes: list[str]


def provisions() -> list[Told]:
    """Return each row of the table of provisions."""
    return [
        Told(
            row["provision"],
            row["instrument"],
            {c: set(row[f"{COLUMN[c]}_from"].split()) for c in COLUMN},
            {c: set(row[f"{COLUMN[c]}_last"].split()) for c in COLUMN},
            row["checked"].split(),
        )
        for row in table("provisions")
    ]


def citations(name: str, about: str) -> list[str]:
    """Return how the data cites what the row `name` is about, ranges spelt out."""
    if name in READ_AS:
        return [f"{CITED[about]} {part}" for part in READ_AS[name]]
    text = re.sub(r" \([EW]\)", "", name.removeprefix(f"{about} "))
    text = re.sub(r"\breg ", "r", text).replace("Sch ", "Sch").replace(" para ", "para")
    kind, stem, found = "", "", []
    for piece in re.split(r", ?", text):
        match = re.fullmatch(
            r"(?P<kind>s|r|Sch)?(?P<stem>\d*[A-Z]*)(?P<inner>(?:\(\w+\))*)"
            r"(?P<para>para\d+(?:\(\w\))?)?(?:-(?P<last>\(?\w+\)?))?",
            piece,
        )
        assert match, (name, piece)
        if match["kind"]:
            kind = match["kind"]
        if match["kind"] or match["stem"]:
            stem = match["stem"]
        full = {"s": "s.", "r": "reg.", "Sch": "Sch."}[kind]
        first = f"{full}{stem}{match['inner']}"
        if match["para"]:
            first += match["para"].replace("para", " para.")
        found += [first, *_range(first, match["last"] or "")]
    return [f"{CITED[about]} {part}" for part in found]


def _range(first: str, last: str) -> list[str]:
    """Return what follows `first` up to `last`: numbers, or letters in brackets."""
    end = last.strip("()").lstrip("r")
    if not end:
        return []
    head, start = re.fullmatch(r"(.*?)\(?(\d+|[a-z])\)?", first).groups()  # type: ignore[union-attr]
    if end.isdigit():
        steps = [str(n) for n in range(int(start) + 1, int(end) + 1)]
    else:
        steps = [chr(n) for n in range(ord(start) + 1, ord(end) + 1)]
    return [f"{head}({n})" if last.startswith("(") else f"{head}{n}" for n in steps]


def held() -> dict[str, dict[str, Window]]:
    """Return the days of each provision in each of its countries, by its citation."""
    found: dict[str, dict[str, Window]] = defaultdict(dict)
    for citation, country, *window in rows(
        """
        SELECT ?citation ?country ?from ?until
        WHERE {
          ?provision a csp:Provision ; csp:citation ?citation ; csp:extent ?country .
          OPTIONAL { ?provision csp:validFrom ?f1 ; csp:validUntil ?u1 }
          OPTIONAL {
            ?provision csp:inForce ?period .
            ?period csp:country ?country ; csp:validFrom ?f2 ; csp:validUntil ?u2 .
          }
          BIND (COALESCE(?f2, ?f1) AS ?from)
          BIND (COALESCE(?u2, ?u1) AS ?until)
        }
        ORDER BY ?citation ?country
        """
    ):
        (letter,) = (key for key, code in COUNTRIES.items() if country.endswith(code))
        found[citation][letter] = (window[0], window[1])
    return found


def standing_for(citation: str, known: dict[str, dict[str, Window]]) -> list[str]:
    """Return the provision so cited, or where only its parts are held, these."""
    if citation in known:
        return [citation]
    return [name for name in known if name.startswith(f"{citation}(")]


def test_no_row_about_provisions_is_lost() -> None:
    """Every exception that is named here is a row of the table."""
    found = [told.name for told in provisions()]
    assert len(found) > 90
    named = {*READ_AS, *NOTED, *IN_WORDS, *OTHER_DAYS}
    assert not named - set(found)


def test_every_provision_of_the_reference_is_held() -> None:
    known = held()
    missing = {
        told.name: citation
        for told in provisions()
        if told.name not in NOTED
        for citation in citations(told.name, told.about)
        if not standing_for(citation, known)
    }
    assert not missing


def test_provisions_have_the_days_of_the_reference() -> None:
    """Country by country, first and last; open where the reference has no end."""
    known, compared, wrong = held(), 0, []
    for told in provisions():
        if told.name in {*NOTED, *IN_WORDS, *OTHER_DAYS}:
            continue
        for citation in citations(told.name, told.about):
            for part in standing_for(citation, known):
                for country, (begins, until) in known[part].items():
                    compared += 1
                    over = {after_last(day) for day in told.last[country]} or {OPEN_END}
                    fits = begins in told.first[country] and until in over
                    if part in SPLIT:
                        fits = (begins, until) == SPLIT[part]
                    if not fits:
                        wrong.append((part, country, (begins, until), told))
    assert compared > 150
    assert not wrong


def test_no_provision_is_better_checked_than_the_reference_says() -> None:
    code = {
        citation: ends(letter)
        for citation, letter in rows(
            "SELECT ?c ?code { ?p a csp:Provision ; csp:citation ?c ; csp:verification ?code }"
        )
    }
    known, order = held(), "VOSBR"
    best = {told.name: min(map(order.index, told.codes)) for told in provisions()}
    assert not [
        (told.name, part, code[part])
        for told in provisions()
        if told.name not in NOTED
        for citation in citations(told.name, told.about)
        for part in standing_for(citation, known)
        if order.index(code[part]) < best[told.name]
    ]


def test_notes_of_the_reference_are_noted() -> None:
    for citation, words in NOTED.values():
        found = rows(
            f'SELECT ?note {{ ?it csp:citation "{citation}" ; csp:modelNote ?note }}'
        )
        assert [note for (note,) in found if words in note]


def test_pages_are_as_old_as_the_reference_says() -> None:
    """The day as at which a text stood, or what is known where the page shows none."""
    known = {
        ends(page): (as_at, ends(state) if state else "")
        for page, as_at, state in rows(
            """
            SELECT ?page ?day ?state
            WHERE {
              ?page a csp:EvidenceEntry .
              OPTIONAL { ?page csp:textAsAt ?day }
              OPTIONAL { ?page csp:textState ?state }
            }
            """
        )
    }
    told = {row["evidence"]: (row["as_at"], row["state"]) for row in table("texts")}
    assert len(told) > 12
    assert {page: known.get(page) for page in told} == told
    assert not [
        page for page, (as_at, state) in known.items() if bool(as_at) == bool(state)
    ]


# (d): responsible authorities over time

#: Kinds of body in the table, and what the data calls them.
KINDS = {
    "council for the area": {
        *("UnitaryCouncil", "DistrictCouncil", "MetropolitanDistrictCouncil"),
        *("LondonBoroughCouncil", "CommonCouncil", "CouncilOfScilly"),
        "WelshPrincipalCouncil",
    },
    "county council (for each non-unitary district)": {"CountyCouncil"},
    "chief officer of police": {"ChiefOfficerOfPolice"},
    "police authority": {"PoliceAuthority"},
    "fire authority": {"FireAndRescueAuthority"},
    "fire and rescue authority (s5(5) kinds only)": {"FireAndRescueAuthority"},
    "Primary Care Trust": {"PrimaryCareTrust"},
    "clinical commissioning group": {"ClinicalCommissioningGroup"},
    "integrated care board": {"IntegratedCareBoard"},
    "health authority (read as modified)": {"HealthAuthority"},
    "Local Health Board": {"LocalHealthBoard"},
    "probation provider (if arrangements say so)": {"ProbationProvider"},
}
#: Kinds that the table names as never in the list.
NEVER = {
    "PCC / MOPAC / mayor": {
        *("PoliceAndCrimeCommissioner", "MayorsOfficeForPolicingAndCrime"),
    },
    "youth offending team": {"YouthOffendingTeam"},
}
#: In London the limb had no body left before it ended; the cell says so in brackets.
LONDON = ("PoliceAuthority", "E", "2003-04-01", "2012-01-16")


def test_responsible_authorities_are_those_of_the_reference() -> None:
    """Kind, country, first day, first day after the last, paragraph: none more or less."""
    expected, never = set(), set()
    for row in table("responsible-authorities"):
        name = row["body"]
        if row["countries"] == "never":
            never |= NEVER[name]
            continue
        (limb,) = citations(row["provision"], "CDA98")
        for country in row["countries"].split():
            last = row[f"{COLUMN[country]}_last"]
            until = after_last(last) if last else OPEN_END
            for kind in KINDS[name]:
                first = row[f"{COLUMN[country]}_from"]
                expected.add((kind, country, first, until, limb))
        if row["london_last"]:
            assert after_last(row["london_last"]) == LONDON[-1]
            expected.add((*LONDON, limb))
    found = {
        (ends(kind), country, begins, until, limb)
        for kind, extent, begins, until, limb in rows(
            """
            SELECT DISTINCT ?kind ?extent ?from ?until ?limb
            WHERE {
              ?template a csp:RoleTemplate ; csp:role role:ResponsibleAuthority ;
                csp:bodyKind ?kind ; csp:extent ?extent ; csp:provision/csp:citation ?limb ;
                csp:validFrom ?from ; csp:validUntil ?until .
            }
            ORDER BY ?kind ?extent ?from
            """
        )
        for country, code in COUNTRIES.items()
        if extent.endswith(code)
    }
    assert found == expected
    assert never == set().union(*NEVER.values())
    assert not {kind for kind, *_ in found} & never


def test_every_kind_of_the_table_is_known() -> None:
    assert set(column("responsible-authorities", "body")) == {*KINDS, *NEVER}


# (e): who adopts, and on what basis

PRODUCTS = {
    "Partnership plan": "CrimeAndDisorderStrategy",
    "Substance misuse strategy": "SubstanceMisuseStrategy",
    "Reducing reoffending strategy": "ReoffendingStrategy",
    "Serious violence strategy as CDA98": "SeriousViolenceStrategy1998",
    "Serious violence strategy as PCSC22": "SeriousViolenceStrategy2022",
    "Youth justice plan": "YouthJusticePlan",
    "Gambling policy statement": "GamblingPolicyStatement",
    "DA safe accommodation strategy": "SafeAccommodationStrategy",
    "Police and crime plan": "PoliceAndCrimePlan",
    "Other responsible authorities": "PartnershipPlan",
}
#: Columns of the table: country and form of governance.
FORMS = {
    "england_executive": ("E", "ExecutiveArrangements"),
    "england_committee": ("E", "CommitteeSystem"),
    "wales": ("W", ""),
}


def test_adoption_is_that_of_the_reference() -> None:
    """Document, bases, and the forms of council for which there is a rule."""
    expected = {
        PRODUCTS[row["document"]]: (
            set(row["bases"].split()),
            {form for name, form in FORMS.items() if row[name]},
        )
        for row in table("adoption")
    }
    assert len(expected) == len(table("adoption")) == len(PRODUCTS)
    found: dict[str, tuple[set[str], set[tuple[str, str]]]] = defaultdict(
        lambda: (set(), set())
    )
    for product, basis, governance, extent in rows(
        """
        SELECT DISTINCT ?product ?basis ?governance ?extent
        WHERE {
          ?rule a csp:AdoptionRule ; csp:product ?product ; csp:basis ?basis ; csp:extent ?extent .
          OPTIONAL { ?rule csp:governance ?governance }
        }
        ORDER BY ?product ?basis ?governance ?extent
        """
    ):
        bases, councils = found[ends(product)]
        bases.add(ends(basis))
        if governance:
            english = extent.endswith(COUNTRIES["E"])
            councils.add(("E", ends(governance)) if english else ("W", ""))
    assert dict(found) == expected
