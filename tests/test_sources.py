"""Files come in through one door, and each damaged one is named, with the line.

`hostile/index.csv` says of each file in that folder when it was made, what is wrong in
which line, and what such a file has done to somebody.
"""

from __future__ import annotations

import csv
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

import cspgraph
from cspgraph.errors import FileError
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.files import MAX_DEPTH, MAX_LITERAL, Source
from cspgraph.rdf.read import MAX_BYTES
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = Path(__file__).parent / "hostile"
INDEX = list(
    csv.DictReader((HOSTILE / "index.csv").read_text(encoding="utf-8").splitlines())
)

LINE = "<urn:a> <urn:b> {} .\n"


def taken_in(path: Path) -> None:
    """Read a table as the register does, and other files as a user's own."""
    if path.suffix == ".csv":
        list(
            Register(
                [Source(f"data/register/aliases{path.suffix}", path.read_bytes())]
            ).quads()
        )
        return
    for source in files.user_files(path):
        files.load_into(source, Oxigraph().store, "urn:graph")


def test_every_hostile_file_is_in_the_index() -> None:
    files = sorted(path.name for path in HOSTILE.iterdir() if path.name != "index.csv")
    assert files == [row["file"] for row in INDEX]


@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["file"])
def test_hostile_file_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(FileError) as caught:
        taken_in(HOSTILE / row["file"])
    error = caught.value
    assert Path(error.file).suffix == Path(row["file"]).suffix
    assert row["problem"] in error.problem
    if row["line"]:
        assert error.line == int(row["line"])
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "row", [r for r in INDEX if not r["file"].endswith("csv")], ids=lambda r: r["file"]
)
def test_load_refuses_it_too(row: dict[str, str]) -> None:
    with pytest.raises(FileError, match=row["file"]):
        cspgraph.load(HOSTILE / row["file"], on="2024-07-23").answer("joint-strategies")


def write(folder: Path, text: str | bytes, name: str = "own.ttl") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# What is taken


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("# only a comment [[[[\n", 0),
        (LINE.format('"x"'), 1),
        ("\ufeff" + LINE.format('"x"'), 1),
        (LINE.format('"x"').replace("\n", "\r\n"), 1),
        (LINE.format('"tab\tinside"'), 1),
        (LINE.format('"""two\nlines"""'), 1),
        (LINE.format('"((((" , \'[[[[\' , "no\\"thing"'), 3),
        (LINE.format("[ <urn:c> [ <urn:c> ( 1 2 ) ] ]"), 7),
        (LINE.format('"' + "x" * (MAX_LITERAL - 10) + '"'), 1),
        ("<urn:a'b> <urn:b> <urn:c#d> . # it's [\n" * 70, 1),
    ],
)
def test_honest_files_are_taken(text: str, count: int, tmp_path: Path) -> None:
    (source,) = files.user_files(write(tmp_path, text))
    assert len(set(files.quads(source))) == count
    store = Oxigraph().store
    files.load_into(source, store, "urn:graph")
    assert len(store) == count


def test_turtle_goes_into_the_graph_given(tmp_path: Path) -> None:
    (source,) = files.user_files(write(tmp_path, LINE.format("<urn:c>")))
    store = Oxigraph().store
    files.load_into(source, store, "urn:graph")
    assert {str(quad.graph_name) for quad in store} == {"<urn:graph>"}


# What is refused


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("(", ")")])
def test_depth_has_a_limit(
    depth: int, opening: str, closing: str, tmp_path: Path
) -> None:
    inner = "<urn:p> " if opening == "[" else ""
    nested = f"{opening}{inner}" * depth + "<urn:z>" + closing * depth
    path = write(tmp_path, LINE.format(nested))
    if depth > MAX_DEPTH:
        with pytest.raises(FileError, match="nested more than 64 deep"):
            files.user_files(path)
    else:
        taken_in(path)


@pytest.mark.parametrize("mark", ['"', "'", '"""', "'''"])
def test_texts_have_a_limit(mark: str, tmp_path: Path) -> None:
    path = write(tmp_path, "\n" + LINE.format(mark + "x" * (MAX_LITERAL + 1) + mark))
    with pytest.raises(
        FileError, match=r"line 2: a text of more than 65536 characters"
    ):
        files.user_files(path)


def test_files_have_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.ttl"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FileError, match="larger than 64 MiB; split it"):
        files.user_files(path)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing.ttl", "no such file or directory; check the path"),
        ("missing", "files of kind '(none)' are not read"),
        ("data.xml", "files of kind '.xml' are not read"),
        ("data.jsonld", "files of kind '.jsonld' are not read"),
        ("http://127.0.0.1:9/data.ttl", "no such file or directory"),
        ("file:///etc/hostname", "files of kind '(none)' are not read"),
        ("a\0b.ttl", "check the path"),
        ("x" * 300 + ".ttl", "check the path"),
    ],
)
def test_other_paths_are_refused(
    name: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError) as caught:
        cspgraph.load(name)
    assert problem in str(caught.value)
    assert caught.value.file == name


def test_a_folder_gives_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path, LINE.format("1"), "b.ttl")
    write(tmp_path / "inner", LINE.format("2"), "a.trig")
    write(tmp_path, "not read", "notes.txt")
    assert [Path(source.name).name for source in files.user_files(tmp_path)] == [
        "b.ttl",
        "a.trig",
    ]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "x", "notes.txt")
    with pytest.raises(FileError, match=r"no file in this folder ends in \.ttl"):
        cspgraph.load(tmp_path)


def test_a_folder_with_one_bad_file_names_it(tmp_path: Path) -> None:
    write(tmp_path, LINE.format("1"), "good.ttl")
    write(tmp_path, "<urn:a> <urn:b>\n", "bad.ttl")
    with pytest.raises(FileError, match=r"bad\.ttl"):
        cspgraph.load(tmp_path, on="2024-07-23").answer("joint-strategies")


# Whatever comes


BYTES = st.binary(max_size=200) | st.lists(
    st.sampled_from(
        [b'"', b"'", b'"""', b"<", b">", b"[", b"]", b"(", b")", b"{", b"}", b" . ", b"#", b"\\",
         b"\n", b"@prefix ", b"a", b":", b"_:", b"^^", b"@en", b"<urn:a> ", b"<<(", b")>>", b"\x0b"]
    ),
    max_size=60,
).map(b"".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(data=BYTES, ending=st.sampled_from([".ttl", ".trig", ".nt"]))
def test_any_bytes_are_taken_or_refused_politely(data: bytes, ending: str) -> None:
    source = Source(f"any{ending}", data)
    with suppress(FileError):  # and nothing else
        files.check(source)
        list(files.quads(source))
        files.load_into(source, Oxigraph().store, "urn:graph")


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
def test_any_table_is_taken_or_refused_politely(text: str) -> None:
    for start in ("", "thing,alias,language,source\n"):
        source = Source(
            "data/register/aliases.csv", (start + text).encode("utf-8", "surrogatepass")
        )
        with suppress(FileError):  # and nothing else
            list(Register([source]).quads())


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_texts_come_in_as_they_are(text: str) -> None:
    source = Source("any.ttl", LINE.format(Literal(text, language="cy")).encode())
    files.check(source)
    assert [quad.object for quad in files.quads(source)] == [
        Literal(text, language="cy")
    ]


# Nothing else is opened

HEARD: list[str] = []


@pytest.fixture(scope="module")
def ear() -> Iterator[list[str]]:
    """Listen to what this process opens or calls; a hook cannot be taken away again."""
    listening = [True]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if listening[0] and event in (
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
        ):
            HEARD.append(event)
        if (
            listening[0]
            and event == "open"
            and str(args[0]).endswith((".ttl", ".trig", ".csv"))
        ):
            HEARD.append(str(args[0]))

    sys.addaudithook(hook)
    yield HEARD
    listening[0] = False


def test_reading_opens_what_was_named_and_nothing_else(
    ear: list[str], tmp_path: Path
) -> None:
    begging = write(
        tmp_path,
        "@base <http://127.0.0.1:9/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "<x> a owl:Ontology ; owl:imports <y> , <file:///etc/hostname> .\n",
    )
    ear.clear()
    taken_in(begging)
    assert ear == [str(begging)]
    ear.clear()
    for row in INDEX:
        with pytest.raises(FileError):
            taken_in(HOSTILE / row["file"])
    assert set(ear) <= {str(HOSTILE / row["file"]) for row in INDEX}
    assert not [event for event in ear if event.startswith(("socket", "subprocess"))]


def test_the_digest_sees_every_byte_and_name() -> None:
    one, two = Source("a.ttl", b"1"), Source("b.ttl", b"2")
    same = files.digest([one, two])
    assert same == files.digest([two, one])
    others = [
        [one],
        [one, Source("b.ttl", b"3")],
        [one, Source("c.ttl", b"2")],
        [Source("a.ttl", b"2"), Source("b.ttl", b"1")],
        [Source("a.ttlb.ttl", b"12")],
    ]
    assert len({same, *map(files.digest, others)}) == len(others) + 1
