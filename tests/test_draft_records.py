"""Records that are made from tables of facts say what the facts support, and no more.

`tests/drafted.csv` was written by hand from the rows that it names: decisions of
thirteen councils, with the organ, the status and the day (`first..last` where a month or
a year is all that is known). What the facts support over all areas is counted from the
tables themselves, with nothing of the tool.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from tools.draft_records.__main__ import drafts, main
from tools.draft_records.draft import STEM
from tools.draft_records.facts import FACTS, PARTS, span, table

import cspgraph
from cspgraph.questions.query_file import find
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.terms import PREFIXES
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.draft_records.draft import Draft
    from tools.draft_records.trig import Entry

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.engines import Engine

TABLE = Path(__file__).parent / "drafted.csv"
READ = "2026-11-30"
MADE = {draft.council.code: draft for draft in drafts()}
RECORDS = [draft for draft in MADE.values() if draft.entries]
THEMES = {row["theme"] for row in table("themes")}
DAYS = ("on", "notBefore", "notAfter")
PUBLIC = (".gov.uk", ".gov.wales", ".llyw.cymru", ".moderngov.co.uk")


@pytest.fixture(scope="module")
def country() -> KnowledgeGraph:
    return cspgraph.load(on=READ)


def raw(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = [row for name in PARTS for row in raw(name)]


def entries(draft: Draft, kind: str) -> Iterator[Entry]:
    return (entry for entry in draft.entries if entry.kind == f"csp:{kind}")


def value(entry: Entry, term: str) -> str:
    """Return the one value of a term, without its mark of language or type."""
    (found,) = entry.facts.get(f"csp:{term}", [""])
    return found.partition('"^^')[0].strip('"').rpartition(":")[2]


def day(entry: Entry) -> str:
    on, first, last = (value(entry, t) for t in DAYS)
    return on or (f"{first}..{last}" if first or last else "")


def decided() -> dict[str, set[tuple[str, ...]]]:
    return {
        code: {
            (*(value(e, t) for t in ("kind", "by", "status")), day(e))
            for e in entries(draft, "Decision")
        }
        for code, draft in MADE.items()
    }


# What the facts say


def test_the_records_are_those_of_their_facts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--check"]) == 0, "python -m tools.draft_records makes them again"
    assert capsys.readouterr().out == ""


def expected() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", expected(), ids=lambda r: f"{r['council']} {r['row']}")
def test_a_decision_is_that_of_its_row(row: dict[str, str]) -> None:
    found = decided()[row["area"]]
    assert MADE[row["area"]].council.area_name == row["council"]
    if row["kind"]:
        cells = tuple(row[n] for n in ("kind", "by", "status", "day"))
        assert cells in found
    else:
        assert found == set()


def test_only_full_council_adopts_an_executive_approves_a_partnership_agrees() -> None:
    ends = {"Adopt": "-full-council", "ApproveByExecutive": "-executive"}
    seen: dict[str, int] = defaultdict(int)
    for draft in RECORDS:
        groups = {draft.council.partnership.rpartition(":")[2]}
        for entry in entries(draft, "Decision"):
            kind, by = value(entry, "kind"), value(entry, "by")
            seen[kind] += 1
            assert by.endswith(ends.get(kind, "")), entry
            assert kind != "Agree" or by in groups, entry
    assert all(seen[kind] for kind in (*ends, "Agree", "Recommend", "Consider"))


def test_no_organ_is_named_that_the_register_does_not_have() -> None:
    register = Register(rdf_files.shipped("data/register", ".csv"))
    known = {row.cells["slug"] for row in register.rows("organs")}
    known |= {row.cells["slug"] for row in register.rows("bodies")}
    known |= {row.cells["slug"] for row in register.rows("partnerships")}
    named = {
        value(entry, term)
        for draft in RECORDS
        for kind, term in (("Decision", "by"), ("SourceDocument", "publisher"))
        for entry in entries(draft, kind)
    }
    assert named - known == {""}


def test_a_day_is_one_that_a_row_prints_for_that_council() -> None:
    """A day stands as a day only where a row has it whole; else its bounds are kept."""
    printed: dict[str, set[str]] = defaultdict(set)
    bounds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in ROWS:
        if row["day"]:
            printed[row["gss_code"]].add(row["day"])
            begins, ends = span(row["day"])
            bounds[row["gss_code"]].add((str(begins), str(ends)))
    for code, draft in MADE.items():
        for entry in entries(draft, "Decision"):
            on, first, last = (value(entry, t) for t in DAYS)
            assert not on or (on in printed[code] and len(on) == len(READ))
            assert not first or (first, last) in bounds[code]
            assert value(entry, "status") != "Done" or max(on, first) <= READ


def test_what_no_official_page_says_is_no_decision_and_no_assessment() -> None:
    """So no standing can rest on it: those are the entries that show a duty done."""
    notes = 0
    for draft in RECORDS:
        pages = {
            e.iri: value(e, "verification") for e in entries(draft, "SourceDocument")
        }
        passages = {
            e.iri: e.facts["csp:inDocument"][0] for e in entries(draft, "Passage")
        }
        for kind in ("Decision", "Assessment"):
            for entry in entries(draft, kind):
                codes = {pages[passages[s]] for s in entry.facts["csp:source"]}
                assert codes == {"O"}, entry
        for entry in draft.entries:
            told = entry.facts.get("csp:modelNote", [])
            notes += sum("no official one says" in note for note in told)
    assert notes > 50


def test_a_record_of_secondary_sources_alone_shows_no_duty_done(
    country: KnowledgeGraph,
) -> None:
    """Of the areas whose pages are all secondary, three that tell of a decision."""
    alone = [
        draft
        for draft in RECORDS
        if not any(
            "verification:O" in e.facts["csp:verification"]
            for e in entries(draft, "SourceDocument")
        )
    ]
    told = {row["gss_code"] for row in ROWS if row["fact_kind"] == "decision"}
    chosen = [d.council.code for d in alone if d.council.code in told][:3]
    assert len(chosen) == 3
    for code in chosen:
        shown = country.answer("standing", area=code).words()
        assert shown
        assert not {"on record", "partly on record"} & {w for row in shown for w in row}


def test_an_official_page_lies_at_an_address_of_a_public_body() -> None:
    secondary = {r["source_url"] for r in ROWS if re.match(r"S\b", r["note"])}
    secondary |= {r["source_url"] for r in ROWS if "secondary source" in r["note"]}
    for draft in RECORDS:
        for entry in entries(draft, "SourceDocument"):
            (page,) = (address.strip("<>") for address in entry.facts["csp:page"])
            host = (urlsplit(page).hostname or "").rstrip(".")
            if value(entry, "verification") == "O":
                assert host.endswith(PUBLIC), page
                assert page not in secondary
            else:
                assert not value(entry, "publisher"), page


def test_each_record_says_what_was_looked_for_where_and_what_was_not_seen() -> None:
    missing = defaultdict(set)
    for row in raw("not-seen"):
        missing[row["gss_code"]].add(" ".join(row["looked_for_and_not_seen"].split()))
    for draft in RECORDS:
        (search,) = entries(draft, "Search")
        pages = {entry.iri for entry in entries(draft, "SourceDocument")}
        assert set(search.facts["csp:searchedIn"]) == pages
        assert (value(search, "validFrom"), day(search)) == (READ, READ)
        told = " ".join(search.facts.get("csp:modelNote", []))
        for words in missing[draft.council.code]:
            assert words in told.replace('\\"', '"'), draft.council.area_name


def test_pages_that_differ_are_kept_apart() -> None:
    bury = MADE["E08000002"]
    said = {e.facts["rdfs:label"][0] for e in entries(bury, "Priority")}
    words = (
        "Tackling crime and anti-social behaviour",
        "Tackling crime and antisocial",
    )
    assert all(any(w in label for label in said) for w in words)
    places = {tuple(e.facts["csp:source"]) for e in entries(bury, "Priority")}
    assert len(places) > 1


def test_no_word_judges_a_body() -> None:
    judging = re.compile("breac[h]|un[l]awful|complian|illegal", re.IGNORECASE)
    for draft in RECORDS:
        for entry in draft.entries:
            for values in entry.facts.values():
                assert not any(judging.search(v) for v in values), entry


# Over all areas


def on_record(kg: KnowledgeGraph) -> Engine:
    """Return the whole record on the day of the reading, with the register of its areas."""
    return kg._dataset.day(date.fromisoformat(READ), frozenset(), "register")


def result(engine: Engine, text: str) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(engine.select(text))["results"][
        "bindings"
    ]
    return found


def asked(
    kg: KnowledgeGraph, question: str, area: str
) -> list[dict[str, dict[str, str]]]:
    """Return the rows of a question about one area, asked of the whole record."""
    place = NamedNode(PREFIXES["gss"] + area)
    return result(on_record(kg), find(question).bind({"area": [place]}))


def end(thing: object) -> str:
    return str(thing).rpartition("/")[2]


def test_documents_are_on_record_for_more_than_a_hundred_and_fifty_areas(
    country: KnowledgeGraph,
) -> None:
    cited = {row["source_url"] for row in ROWS if row["source_url"]}
    named = {end(r["document"]) for r in country.answer("documents")}
    with_pages = {
        draft.council.code
        for draft in RECORDS
        if {e.iri.partition(":")[2] for e in entries(draft, "SourceDocument")} <= named
    }
    assert (
        len(with_pages)
        == len(RECORDS)
        == len({c for c, d in MADE.items() if d.entries})
    )
    areas = {end(r["area"]) for r in country.answer("documents") if r["area"]}
    assert len(areas) > 150
    for draft in RECORDS:
        pages = {
            e.facts["csp:page"][0].strip("<>") for e in entries(draft, "SourceDocument")
        }
        assert pages <= cited


def test_every_area_whose_rows_give_a_priority_has_rows_by_theme(
    country: KnowledgeGraph,
) -> None:
    papers = ("annual", "local strategic", "other")
    given = {
        row["gss_code"]
        for row in ROWS
        if row["fact_kind"] in ("priority", "cross-cutting")
        and row["source_url"]
        and not row["kind"].startswith(papers)
    }
    themed = {  # every one of them prints something of which the vocabulary has a theme
        draft.council.code
        for draft in RECORDS
        if any("csp:theme" in entry.facts for entry in entries(draft, "Priority"))
    }
    assert given - themed == set()
    assert len(given) > 100
    for code in sorted(given):
        rows = asked(country, "priorities", code)
        assert rows, code
        assert all(row["source"]["value"] for row in rows)
    store = on_record(country)
    named = [NamedNode(f"{PREFIXES['theme']}{t}") for t in THEMES]
    rows = result(store, find("areas-by-theme").bind({"theme": named}))
    assert given <= {end(row["area"]["value"]) for row in rows}
    assert all(row["source"]["value"] for row in rows)


def test_every_area_whose_rows_give_a_dated_agreement_waits_or_waited(
    country: KnowledgeGraph,
) -> None:
    """Counted by hand from the tables: an official page, a partnership, a whole day."""
    dated = {
        draft.council.code
        for draft in RECORDS
        for entry in entries(draft, "Decision")
        if value(entry, "kind") == "Agree"
        and value(entry, "on")
        and value(entry, "status") == "Done"
    }
    assert dated == {"E06000014", "E06000060", "E07000107"}
    for code in dated:
        assert asked(country, "agreed-not-adopted", code), code


# Rows that cannot be right

WRONG = {
    "an unknown kind of fact": ({"fact_kind": "rumour"}, "fact_kind is 'rumour'"),
    "a day that does not exist": ({"day": "2024-02-30"}, "'2024-02-30' is no day"),
    "a decision after the reading": ({"day": "2027-01-01"}, "is after 2026-11-30"),
    "a page after the reading": ({"page_date": "2027"}, "is after 2026-11-30"),
    "an unknown status": ({"status": "perhaps"}, "status is 'perhaps'"),
    "an unknown confidence": ({"confidence": ""}, "confidence is ''"),
    "an address that is none": ({"source_url": "bury.gov.uk"}, "is no web address"),
    "an area without a council": ({"gss_code": "E99999999"}, "is no area that has"),
    "the code of another": ({"gss_code": "E08000003"}, "is Manchester and not"),
    "a period that ends before": (
        {"period_from": "2025", "period_until": "2022"},
        "the period ends in 2022, before it begins in 2025",
    ),
    "a quotation that is too long": ({"quote": "a " * 16}, "a quote of more than 15"),
    "an unknown kind of document": (
        {"kind": "poem"},
        "kind 'poem' is not in documents",
    ),
    "no fact": ({"fact": " "}, "no fact stands there"),
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Return a folder with the facts of Bury alone, in which line 2 can be spoilt."""
    for name in (*PARTS, "not-seen"):
        rows = [row for row in raw(name) if row["council"] == "Bury"]
        write(tmp_path / f"{name}.csv", rows, list(raw(name)[0]))
    return tmp_path


def write(path: Path, rows: list[dict[str, str]], head: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, head, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def spoil(tables: Path, number: int, cells: dict[str, str]) -> None:
    rows = [{**row} for row in raw("part-a") if row["council"] == "Bury"]
    rows[number] |= cells
    write(tables / "part-a.csv", rows, list(rows[0]))


def run(tables: Path, out: Path) -> int:
    return main(["--facts", str(tables), "--records", str(out)])


def files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_that_cannot_be_right_is_refused_and_nothing_is_written(
    wrong: str, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells, said = WRONG[wrong]
    out = tmp_path / "out"
    assert run(tables, out) == 0
    before = files(out)
    assert list(before) == [str(out / "bury" / f"{STEM}.trig")]
    spoil(tables, 3, {"fact": "something new", **cells})
    capsys.readouterr()
    assert run(tables, out) == 2
    told = capsys.readouterr()
    assert re.match(r"draft_records: part-a\.csv:5: ", told.err)
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.err.endswith("; nothing was written\n")
    assert (told.out, files(out)) == ("", before)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "it says what part-a.csv:2 says"),
        ({"day": "2021"}, "day is '2021', and "),
        ({"status": "planned"}, "status is 'planned', and "),
        ({"period_from": "1999"}, "period is ('1999', "),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    cells: dict[str, str],
    said: str,
    tables: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = next(row for row in raw("part-a") if row["council"] == "Bury")
    spoil(tables, 3, {**first, **cells})
    assert run(tables, tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert told.startswith("draft_records: part-a.csv:5: ")
    assert said in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Bury,E08000002\n", "part-a.csv:2: more or fewer"),
        ('Bury,"E0', "part-a.csv:2: "),
    ],
)
def test_a_line_that_is_no_row_is_refused(
    line: str, said: str, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tables / "part-a.csv"
    place.write_text(place.read_text(encoding="utf-8").split("\n")[0] + f"\n{line}")
    assert run(tables, tables / "out") == 2
    assert said in capsys.readouterr().err


def test_a_record_without_facts_is_taken_away_and_others_stay(tables: Path) -> None:
    out = tables / "out"
    shutil.copytree(tables, tables / "kept", ignore=lambda *_: ["out", "kept"])
    gone, own = out / "gone" / f"{STEM}.trig", out / "own" / "2024.trig"
    for path in (gone, own):
        path.parent.mkdir(parents=True)
        path.write_text("# made up\n")
    assert main(["--check", "--facts", str(tables), "--records", str(out)]) == 1
    assert gone.is_file()
    assert run(tables, out) == 0
    assert not gone.exists()
    assert own.is_file()
    assert main(["--check", "--facts", str(tables), "--records", str(out)]) == 0


CELLS = [row for row in ROWS if row["council"] == "Bury"]


@given(
    number=st.integers(0, len(CELLS) - 1),
    column=st.sampled_from(list(CELLS[0])),
    text=st.text(
        st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20
    ),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_stands_in_a_cell_the_file_is_whole_or_not_touched(
    number: int, column: str, text: str, tables: Path
) -> None:
    out = tables / "out"
    shutil.rmtree(out, ignore_errors=True)
    spoil(tables, number, {column: text})
    code = run(tables, out)
    assert code in (0, 2)
    assert out.exists() == (code == 0)
    for path in out.rglob("*"):
        if path.is_file():
            assert path.suffix == ".trig"
            assert [*rdf_files.quads(rdf_files.Source(path.name, path.read_bytes()))]
