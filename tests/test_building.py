"""Tables made from publishers' files: all or none, and damage is told with its place.

The publishers' files are those in `tests/publications/`.
"""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.build_register import building, publications
from tools.build_register.districts import days
from tools.build_register.editions import recognise

from cspgraph.cli import main
from cspgraph.rdf import files, packaged
from cspgraph.rdf.files import CsvRow

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "data" / "register" / "built"
PUBLICATIONS = ROOT / "tests" / "publications"

LAD25 = "ons/LAD25_CSP25_PFA25_EW.csv"
LAD24 = "ons/LAD24_CSP24_PFA24_EW.csv"
FIRE = "ons/LAD24_FRA24_EW.csv"
CHAIN = "ons/LTLA_change_chain_2016_2024_UK.csv"
NAMES = "other/mysociety_uk_local_authorities_future_v1.7.3.csv"
CODES = "other/drkane_la_all_codes.csv"
ORGANISATIONS = "other/drkane_la_orgid_to_gss.csv"


@dataclass(frozen=True)
class Outcome:
    """How the command ended, and what it said."""

    code: int
    out: str
    err: str


def build(*words: object) -> Outcome:
    """Return how `cspgraph register build` with `words` ended."""
    out, err = io.StringIO(), io.StringIO()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(["register", "build", *map(str, words)])
    assert isinstance(ended.value.code, int | None)
    return Outcome(ended.value.code or 0, out.getvalue(), err.getvalue())


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder`, hidden ones as well, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def copied(place: Path) -> Path:
    """Return a copy of the publishers' files that may be damaged."""
    for path in PUBLICATIONS.rglob("*.csv"):
        target = place / path.relative_to(PUBLICATIONS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return place


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a copy of the publishers' files."""
    return copied(tmp_path / "raw")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Return a copy of the tables in place."""
    return Path(shutil.copytree(BUILT, tmp_path / "tables"))


def refused(folder: Path, tables: Path) -> str:
    """Return why the build was refused: one sentence, and no table was touched."""
    before = contents(tables)
    done = build("--from", folder, "--output", tables)
    assert contents(tables) == before
    assert (done.code, done.out) == (2, ""), done
    (line,) = done.err.splitlines()
    said, _, reason = line.partition(": ")
    assert said == "cspgraph"
    return reason


# What is built


def test_the_tables_are_those_of_the_publications(tmp_path: Path) -> None:
    done = build("--from", PUBLICATIONS, "--output", tmp_path)
    assert (done.code, done.out) == (0, ""), done.err
    assert contents(tmp_path) == contents(BUILT)


def test_the_summary_counts_what_changed(tables: Path) -> None:
    place = tables / "areas.csv"
    head, first, second, *rest = place.read_text(encoding="utf-8").splitlines(True)
    other = second.replace("Middlesbrough", "Middlesborough")
    gone = first.replace("E06000001", "E06000999")
    assert other != second
    place.write_text("".join([head, gone, other, *rest]), encoding="utf-8")
    (tables / "services.csv").unlink()
    done = build("--from", PUBLICATIONS, "--output", tables)
    counts = {
        name: [int(count.replace(",", "")) for count in others]
        for name, *others in map(str.split, done.err.splitlines()[3:12])
    }
    sizes = {p.stem: p.read_bytes().count(b"\n") - 1 for p in BUILT.iterdir()}
    assert {name: rows for name, (rows, *_) in counts.items()} == sizes
    assert counts.pop("areas")[1:] == [1, 1, 1]
    assert counts.pop("services")[1:] == [sizes["services"], 0, 0]
    assert not any(sum(others) for _, *others in counts.values())
    assert "Not used: ons/FRA19_names_codes_UK.csv.\n" in done.err
    assert contents(tables) == contents(BUILT)


def test_without_output_the_tables_of_the_checkout_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    place = tmp_path / "data" / "register" / "built"
    for path in place.iterdir():
        path.write_bytes(b"code\n")
    monkeypatch.setattr(packaged, "checkout", lambda folder: tmp_path / folder)
    done = build("--from", PUBLICATIONS)
    assert done.code == 0
    assert done.err.startswith("data/register/built: 9 tables written.\n")
    assert contents(place) == contents(BUILT)


def test_names_of_files_do_not_matter(raw: Path, tmp_path: Path) -> None:
    """A file is known by its columns, in any order, wherever it lies."""
    (raw / FIRE).rename(raw / "fire.CSV")
    lines = (raw / LAD25).read_text(encoding="utf-8").splitlines()
    turned = [",".join(reversed(line.split(","))) for line in lines]
    assert any('"' in line for line in lines)
    turned = [
        t if '"' not in line else quoted(line)
        for t, line in zip(turned, lines, strict=True)
    ]
    (raw / LAD25).write_text("\n".join(turned) + "\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    assert build("--from", raw, "--output", tmp_path / "out").code == 0
    assert contents(tmp_path / "out") == contents(BUILT)


def quoted(line: str) -> str:
    """Return a line with quoted cells, the cells in the opposite order."""
    return ",".join(reversed(re.findall(r'"[^"]*"|[^,]+', line)))


def test_the_next_edition_is_a_row_and_a_file(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One statistical area has a new code a year later, and nothing else changes."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setattr(packaged, "find", lambda folder: tmp_path / folder)
    text = re.sub("25(CD|NM)", r"26\1", (raw / LAD25).read_text(encoding="utf-8"))
    assert text.count("E22000027") == 1
    text = text.replace("E22000027,Hartlepool", "E22000999,Hartlepool Bay")
    (raw / "LAD26.csv").write_text(text, encoding="utf-8")
    place = tmp_path / "data" / "editions.csv"
    with place.open("a", encoding="utf-8") as editions:
        editions.write("LAD26_CSP26_PFA26,2026-04-01,332,made up,nobody,made up\n")
    tables = tmp_path / "data" / "register" / "built"
    before = contents(tables)
    done = build("--from", raw, "--output", tables)
    assert done.code == 0, done.err
    changed = [name for name, data in contents(tables).items() if before[name] != data]
    assert sorted(changed) == ["areas.csv", "statistical-areas.csv"]
    new = set(lines(tables / "areas.csv")) - set(lines(BUILT / "areas.csv"))
    assert [line.split(",")[5] for line in new] == ["E22000999"]
    found = {
        cells["code"]: (cells["valid_from"], cells["valid_until"])
        for cells in rows("statistical-areas")
    }
    assert found.pop("E22000027") == ("2017-01-31", "2026-04-01")
    assert found.pop("E22000999") == ("2026-04-01", "")
    assert set(found.values()) == {("2017-01-31", "")}


def test_the_example_of_the_help_stands_first() -> None:
    before, _, after = build("--help").out.partition("For example:")
    assert "Options:" not in before
    assert after.strip().startswith("cspgraph register build --from publications")


def test_the_example_of_the_help_runs(
    raw: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.rename(raw.parent / "publications")
    monkeypatch.chdir(tables.parent)
    example = re.search("cspgraph register build (--.+)", build("--help").out)
    assert example
    done = build(*example[1].split())
    assert done.code == 0
    assert done.err.startswith("tables: 9 tables written.\n")


def rows(name: str) -> list[dict[str, str]]:
    """Return the cells of one built table as shipped."""
    (table,) = files.shipped(f"data/register/built/{name}", ".csv")
    return [row.cells for row in files.rows(table, files.head(table))]


def test_forest_heath_lies_in_suffolk() -> None:
    """MySociety has it in Surrey; what replaced it lies in Suffolk, as ONS says."""
    counties = [
        cells["wider_area"]
        for cells in rows("containments")
        if cells["area"] == "E07000201" and cells["wider_area"].startswith("E10")
    ]
    assert counties == ["E10000029"]


def test_the_county_of_mysociety_is_not_followed_against_the_lookups(raw: Path) -> None:
    """The very row that is wrong is there, so that the test above has its reason."""
    row = next(r for r in lines(raw / NAMES) if r.startswith("FOR,"))
    assert ",SRY," in row


# Years that a spreadsheet took for day numbers


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2005-06-19", "1997-04-01"),
        ("2005-05-27", "1974-04-01"),
        ("2005-06-22", ""),
        ("2019-04-01", "2019-04-01"),
        ("", ""),
    ],
)
def test_a_year_that_became_a_date_is_decoded(written: str, start: str) -> None:
    row = CsvRow("names.csv", 2, {"start-date": written, "end-date": "2019-03-31"})
    assert days(row) == (start, "2019-04-01")


def test_such_dates_are_in_the_files_and_not_in_the_tables() -> None:
    assert re.search(
        r",2005-06-\d\d,", (PUBLICATIONS / NAMES).read_text(encoding="utf-8")
    )
    for path in BUILT.iterdir():
        assert not re.search(r",2005-0[567]-\d\d,", path.read_text(encoding="utf-8"))


# Damaged files


def lines(place: Path) -> list[str]:
    """Return the lines of a file, with their ends."""
    return place.read_bytes().decode("utf-8").splitlines(keepends=True)


def without(column: str) -> Callable[[bytes], bytes]:
    """Return how a file without one column comes about; its cells have no commas."""

    def change(data: bytes) -> bytes:
        head, *others = data.decode().splitlines()
        place = head.split(",").index(column)
        cut = [",".join(_dropped(line, place)) for line in (head, *others)]
        return ("\n".join(cut) + "\n").encode()

    return change


def _dropped(line: str, place: int) -> list[str]:
    cells = re.findall(r'(?:^|(?<=,))(?:"[^"]*"|[^,]*)', line)
    return [*cells[:place], *cells[place + 1 :]]


def instead(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    """Return how the first `old` becomes `new`."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode("latin-1"), count)

    return change


def again(line: int) -> Callable[[bytes], bytes]:
    """Return how a line comes to stand there twice, the second time at the end."""
    return lambda data: data + data.splitlines(keepends=True)[line - 1]


def lost(line: int) -> Callable[[bytes], bytes]:
    """Return how a whole line is lost."""
    return lambda data: data.replace(data.splitlines(keepends=True)[line - 1], b"")


def shorter(count: int) -> Callable[[bytes], bytes]:
    """Return how the last bytes are lost."""
    return lambda data: data[:-count]


#: File, what happens to it, and what is said: the line is that of the damaged cell.
DAMAGE = {
    "no name column": (LAD25, without("PFA25NM"), "line 1: column 'PFA25NM' is missi"),
    "no code column": (LAD25, without("PFA25CD"), "line 1: column 'PFA25CD' is missi"),
    "no year": (CHAIN, without("ltla19_name"), "line 1: column 'ltla19_name' is miss"),
    "no type": (
        NAMES,
        without("local-authority-type"),
        "line 1: column 'local-authority-type' is missing",
    ),
    "column twice": (
        FIRE,
        instead("FRA24CD,FRA24NM", "FRA24CD,FRA24NM,FRA24NM"),
        "line 1: column 'FRA24NM' appears twice; keep one",
    ),
    "unknown edition": (
        LAD25,
        lambda data: re.sub(rb"25(CD|NM)", rb"26\1", data),
        "edition 'LAD26_CSP26_PFA26' is not known; add its row to data/editions.csv",
    ),
    "row twice": (
        FIRE,
        again(2),
        "line 320, column LAD24CD: 'E06000001' stands in line 2 already; keep one row",
    ),
    "code twice": (
        CODES,
        again(3),
        "line 417, column LADCD: 'E06000002' stands in line 3 already; keep one row",
    ),
    "letters twice": (
        NAMES,
        again(2),
        "line 472, column local-authority-code: 'ABC' stands in line 2 already",
    ),
    "two fire areas": (
        FIRE,
        lambda data: data + b"E06000001,Hartlepool,E31000040,Manchester\n",
        "line 320, column FRA24CD: 'E31000040' for 'E06000001', where line 2 has",
    ),
    "unknown district": (
        LAD25,
        instead("E06000059", "E06999999"),
        "column LAD25CD: 'E06999999' is in no list of local authority codes",
    ),
    "unknown district in the chain": (
        CHAIN,
        instead("E06000059", "E06999999"),
        "column ltla19_code: 'E06999999' is in no list of local authority codes",
    ),
    "unknown present code": (
        CODES,
        instead("E07000245,West Suffolk,E10000029", "E07000999,West Suffolk,E10000029"),
        "column LADCD_ACTIVE: 'E07000999' is in no list of local authority codes",
    ),
    "unknown successor": (
        NAMES,
        instead(",2019-03-31,WSK,", ",2019-03-31,QQQ,"),
        "line 150, column replaced-by: 'QQQ' is no council of this file; correct it",
    ),
    "unknown county": (
        NAMES,
        instead("Non-metropolitan district,SRY,", "Non-metropolitan district,QQQ,"),
        "column county-la: 'QQQ' is no council of this file; correct it",
    ),
    "another type": (
        NAMES,
        instead("NMD,Non-metropolitan district,SRY,", "XYZ,Other,SRY,"),
        "column local-authority-type: E07000",
    ),
    "code of another kind": (
        LAD25,
        instead("E23000039", "E22000039"),
        "column PFA25CD: 'E22000039' does not belong in this column",
    ),
    "another name of a code": (
        LAD25,
        instead("E23000039,Dorset", "E23000039,Dorsetshire"),
        "column PFA25NM: 'Dorset' for 'E23000039', where line ",
    ),
    "day in another form": (
        NAMES,
        instead(",2019-03-31,WSK,", ",31/03/2019,WSK,"),
        "line 150, column end-date: '31/03/2019' does not belong in this column",
    ),
    "no such day": (
        NAMES,
        instead(",2019-03-31,WSK,", ",2019-02-30,WSK,"),
        "line 150, column end-date: '2019-02-30' is not a day of the calendar",
    ),
    "empty name": (
        FIRE,
        instead(",Hartlepool,", ",,"),
        "line 2, column LAD24NM: '' does not belong in this column",
    ),
    "UTF-16": (
        LAD24,
        lambda data: data.decode().encode("utf-16"),
        "line 1: the file is UTF-16 and not UTF-8; save it as UTF-8",
    ),
    "UTF-16 without a mark": (
        LAD24,
        lambda data: data.decode().encode("utf-16-be"),
        "line 1: the file is UTF-16 and not UTF-8; save it as UTF-8",
    ),
    "Latin-1": (
        FIRE,
        instead("E06000001,Hart", "E06000001,H\xfbrt"),
        "line 2, column LAD24NM: byte 0xfb is not UTF-8; save the file as UTF-8",
    ),
    "Latin-1 after a mark": (
        ORGANISATIONS,
        instead("\nGB-LAE-ADU", "\n\xfbB-LAE-ADU"),
        "line 2, column org_id: byte 0xfb is not UTF-8; save the file as UTF-8",
    ),
    "zero bytes": (
        FIRE,
        instead("Hart", "H\0rt"),
        "line 2: control character '\\x00'; remove it",
    ),
    "last line cut": (
        LAD24,
        shorter(3),
        "line 333, column PFA24NM: the last line has no end, the file is cut short",
    ),
    "last line cut early": (
        LAD24,
        shorter(33),
        "line 333, column CSP24CD: the last line has no end, the file is cut short",
    ),
    "last end lost": (
        LAD24,
        shorter(1),
        "line 333, column PFA24NM: the last line has no end, the file is cut short",
    ),
    "last line short": (
        LAD24,
        lambda data: data[:-13] + b"\n",
        "line 333, column PFA24NM: 5 cells where the header has 6",
    ),
    "last line lost": (
        LAD24,
        lost(333),
        "line 332: 331 rows where edition 'LAD24_CSP24_PFA24' has 332; fetch the file",
    ),
    "a line in the middle lost": (
        CODES,
        lost(100),
        "line 415: 414 rows where edition 'local-authority-codes' has 415",
    ),
    "only the header": (
        FIRE,
        lambda data: data.splitlines(keepends=True)[0],
        "line 1: 0 rows where edition 'LAD24_FRA24' has 318; fetch the file again",
    ),
    "nothing at all": (FIRE, lambda _: b"", "line 1: the last line has no end"),
    "open quote": (
        FIRE,
        lambda data: data[:-1] + b',"\n',
        "line 319: unexpected end of data",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_told_with_its_place(
    kind: str, raw: Path, tables: Path
) -> None:
    name, change, said = DAMAGE[kind]
    before = (raw / name).read_bytes()
    (raw / name).write_bytes(change(before))
    assert (raw / name).read_bytes() != before
    reason = refused(raw, tables)
    assert reason.startswith((f"{name}, line ", f"{name}: edition"))
    assert said in reason


def test_a_district_without_a_council_is_told_with_its_place(
    raw: Path, tables: Path
) -> None:
    change = instead("E06000059", "E06000999")
    (raw / NAMES).write_bytes(change((raw / NAMES).read_bytes()))
    reason = refused(raw, tables)
    assert re.match(rf"{CHAIN}, line \d+, column ltla19_code: 'E06000059' has", reason)


# Folders


def none(place: Path) -> Path:
    return place / "none"


def a_file(place: Path) -> Path:
    (place / "file.csv").write_text("a,b\n", encoding="utf-8")
    return place / "file.csv"


def empty(place: Path) -> Path:
    (place / "empty").mkdir()
    return place / "empty"


def other_files(place: Path) -> Path:
    (empty(place) / "notes.txt").write_text("a,b\n", encoding="utf-8")
    return place / "empty"


def one_other_table(place: Path) -> Path:
    (empty(place) / "notes.csv").write_text("a,b\n", encoding="utf-8")
    return place / "empty"


FOLDERS: dict[Callable[[Path], Path], str] = {
    none: "no such file or directory; give the folder with the publishers' files",
    a_file: "not a directory; give the folder with the publishers' files",
    empty: "no file in this folder ends in .csv; put the publishers' files there",
    other_files: "no file in this folder ends in .csv; put the publishers' files ther",
    one_other_table: "no file here has the columns of LAD17_CSP17_PFA17, LAD18",
}


@pytest.mark.parametrize("made", FOLDERS)
def test_a_folder_that_cannot_be_used(
    made: Callable[[Path], Path], tmp_path: Path, tables: Path
) -> None:
    folder = made(tmp_path)
    assert refused(folder, tables).startswith(f"{folder}: {FOLDERS[made]}")


def test_a_folder_that_may_not_be_read(
    tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listdir, folder = os.listdir, one_other_table(tmp_path)

    def denied(path: Path) -> list[str]:
        if path == folder:
            raise PermissionError(errno.EACCES, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", denied)
    reason = refused(folder, tables)
    assert reason.startswith(f"{folder}: permission denied; give the folder")


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_file_that_cannot_be_read(kind: str, tmp_path: Path, tables: Path) -> None:
    place = empty(tmp_path) / "LAD25.csv"
    if kind == "link":
        place.symlink_to("nowhere")
    else:
        place.mkdir()
    assert refused(place.parent, tables).startswith("LAD25.csv: ")


def test_a_file_that_is_too_large(
    tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = one_other_table(tmp_path)
    monkeypatch.setattr(publications, "MAX_BYTES", 3)
    assert refused(folder, tables).startswith("notes.csv: it is larger than")


@pytest.mark.parametrize("name", [LAD25, CHAIN, NAMES, CODES])
def test_a_publication_that_is_not_there(name: str, raw: Path, tables: Path) -> None:
    known = [row.cells["edition"] for row in publications._known().values()]
    edition = recognise(files.head(source := file(raw / name)), known)
    assert source.data
    (raw / name).unlink()
    said = f"{raw}: no file here has the columns of {edition}; add it to the folder"
    assert refused(raw, tables) == said


def file(place: Path) -> files.Source:
    """Return the file at `place`."""
    return files.Source(place.name, place.read_bytes())


def test_the_same_publication_twice(raw: Path, tables: Path) -> None:
    shutil.copy(raw / LAD25, raw / "ons" / "copy.csv")
    said = "ons/copy.csv: ons/LAD25_CSP25_PFA25_EW.csv is "
    found = refused(raw, tables)
    assert "'LAD25_CSP25_PFA25' too; keep one of the two files" in found
    assert found.startswith((said, f"{LAD25}: ons/copy.csv is "))


# Places to write


def test_an_output_that_is_not_there(tmp_path: Path) -> None:
    done = build("--from", tmp_path, "--output", tmp_path / "none")
    said = f"cspgraph: {tmp_path / 'none'}: no such folder; make it or choose another"
    assert done.code == 2
    assert done.err.startswith(said)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("output", [False, True])
def test_an_installed_copy_says_that_a_checkout_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, output: bool
) -> None:
    monkeypatch.setattr(packaged, "tools", lambda: None)
    done = build("--from", tmp_path, *(["--output", tmp_path] if output else []))
    assert done.code == 2
    assert "tools/build_register: an installed copy does not hold" in done.err
    assert "from a checkout of the project" in done.err
    assert not list(tmp_path.iterdir())


def test_tables_are_checked_before_they_are_written(
    tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loose(*_: object) -> dict[str, str]:
        made = {p.stem: p.read_text(encoding="utf-8") for p in BUILT.iterdir()}
        made["services"] = made["services"].replace("E07000223", "E07000999", 1)
        return made

    monkeypatch.setattr(building, "build", loose)
    said = "data/register/built/services.csv, line 2, column area: 'E07000999' has no"
    assert refused(PUBLICATIONS, tables).startswith(said)


@pytest.mark.parametrize("step", range(1, 10))
def test_a_fault_while_writing_leaves_all_tables(
    step: int, raw: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last tables fail after the first have been replaced."""
    for path in tables.iterdir():
        path.write_bytes(path.read_bytes() + b"\n")
    replace, calls = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == step:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    assert "no space left on device; choose another place" in refused(raw, tables)
    # The first file that is put in place is the journal of the others.
    assert len(calls) == max(1, 2 * step - 2), "what was replaced is put back"


# A file that is cut anywhere


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a copy of the publishers' files, and one of the tables, for many cuts."""
    place = tmp_path_factory.mktemp("cut")
    return copied(place / "raw"), Path(shutil.copytree(BUILT, place / "tables"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_is_refused_by_name(
    data: st.DataObject, cut: tuple[Path, Path]
) -> None:
    folder, tables = cut
    names = sorted(contents(folder))
    name = data.draw(st.sampled_from(names))
    whole = (folder / name).read_bytes()
    ends = [m.end() for m in re.finditer(b"\n", whole)]
    size = data.draw(st.integers(0, len(whole)) | st.sampled_from(ends))
    (folder / name).write_bytes(whole[:size])
    try:
        done = build("--from", folder, "--output", tables)
    finally:
        (folder / name).write_bytes(whole)
    assert contents(tables) == contents(BUILT)
    if done.code == 0:
        assert size == len(whole) or f"{name}" in done.err.partition("Not used")[2]
    else:
        assert done.code == 2
        assert done.err.startswith((f"cspgraph: {name}: ", f"cspgraph: {name}, line "))
        assert len(done.err.splitlines()) == 1
        assert size < len(whole)


# Which publication a file is

KNOWN = ["LAD25_CSP25_PFA25", "LAD24_FRA24", "local-authority-changes", "welsh-names"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("FID,LAD25CD,LAD25NM,CSP25CD,CSP25NM,PFA25CD,PFA25NM", "LAD25_CSP25_PFA25"),
        ("PFA25NM,PFA25CD,CSP25NM,CSP25CD,LAD25NM,LAD25CD", "LAD25_CSP25_PFA25"),
        ("LAD25CD,LAD25NM,CSP25CD,CSP25NM,PFA25NM", "LAD25_CSP25_PFA25"),
        ("LAD25CD,LAD25NM,PFA25CD,PFA25NM", "LAD25_PFA25"),
        ("LAD26CD,LAD26NM,CSP26CD,CSP26NM,PFA26CD,PFA26NM", "LAD26_CSP26_PFA26"),
        ("FRA24CD,FRA24NM", ""),
        ("LAD22CD,LAD22NM,LAD23CD,LAD23NM", ""),
        ("WD24CD,WD24NM,LAD24CD,LAD24NM", ""),
        ("ltla16_code,ltla16_name,ltla17_code", "local-authority-changes"),
        ("CSP19CD,CSP19NM", "welsh-names"),
        ("", ""),
    ],
)
def test_a_file_is_known_by_its_columns(head: str, name: str) -> None:
    assert recognise(head.split(","), KNOWN) == name
