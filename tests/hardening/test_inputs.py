"""Files, arguments and workbooks of strangers: one sentence, at once, and no more memory."""

from __future__ import annotations

import io
import os
import random
import socket
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from cspgraph.cli import app, main
from cspgraph.derive.rules import rules
from cspgraph.errors import CspgraphError, FileError
from cspgraph.forms import formats, xlsx, yaml_file
from cspgraph.forms.schema import form
from cspgraph.questions.usage import query_text
from cspgraph.rdf import files, read
from cspgraph.rdf.files import Source
from cspgraph.rdf.locate import Lines, Locations
from cspgraph.report import as_json
from cspgraph.validate.reach import Reach
from runs import run

if TYPE_CHECKING:
    from collections.abc import Callable

# What is no regular file


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


def a_link_to_a_pipe(place: Path) -> None:
    os.mkfifo(place.with_name("pipe"))
    place.symlink_to(place.with_name("pipe"))


def a_link_to_a_device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def a_socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(place))


def a_folder(place: Path) -> None:
    place.mkdir()


def nothing(place: Path) -> None:
    place.symlink_to(place.with_name("nowhere"))


def a_loop(place: Path) -> None:
    place.symlink_to(place)


KINDS = [a_pipe, a_link_to_a_pipe, a_link_to_a_device, a_socket, a_folder, nothing, a_loop]  # fmt: skip


def since(place: Path) -> object:
    from cspgraph.cli.check import _before

    return _before(str(place))


def a_form(place: Path) -> object:
    return formats.grid(place, form())


READERS: dict[str, Callable[[Path], object]] = {
    "a.ttl": files.user_files,
    "a.trig": lambda place: files.user_files(place.parent),
    "a.rq": lambda place: query_text(f"@{place}"),
    "a.json": since,
    "a.xlsx": a_form,
    "a.yaml": a_form,
    "a.csv": lambda place: a_form(place.parent),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_only_regular_files_are_read(
    name: str, kind: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    kind(tmp_path / name)
    with pytest.raises(FileError) as refused:
        READERS[name](tmp_path / name)
    assert "\n" not in str(refused.value)
    assert tmp_path.name in str(refused.value)


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_is_read_to_its_limit_and_no_further(more: int, tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_bytes(b"x" * (10 + more))
    if not more:
        assert read.regular(place, 10) == b"x" * 10
        return
    with pytest.raises(FileError, match="larger than 10 bytes; split it"):
        read.regular(place, 10)


def test_a_file_that_grows_is_not_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real = tmp_path / "a", read._bounded
    place.write_bytes(b"x")

    def growing(file: Any, limit: int) -> bytes:
        with place.open("ab") as more:
            more.write(b"y")
        return real(file, limit)

    monkeypatch.setattr(read, "_bounded", growing)
    with pytest.raises(FileError, match="it changes while it is read"):
        read.regular(place)


def test_a_stream_without_end_is_left_at_the_limit() -> None:
    taken = 0

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            nonlocal taken
            taken += size
            return b"x" * size

    with pytest.raises(FileError, match="standard input: it is larger than 1 MiB"):
        read.from_stream(2**20, Endless())  # type: ignore[arg-type]
    assert taken == 2**20 + 1


def test_no_input_is_read_another_way() -> None:
    """Whoever opens a file of the user goes through the one reader."""
    allowed = {
        "rdf/read.py", "rdf/files.py", "rdf/journal.py", "questions/usage.py",
        "sandbox.py", "cli/console.py", "render/docx.py", "render/xlsx.py",
        "forms/xlsx.py", "remote/http.py",
        "cache.py",  # what the library keeps of its own
        "reading/convert.py",  # parts of an archive that was read
        "serve/pages.py", "site/build.py", "site/ask.py", "site/question.py",  # of the package
        "serve/checking.py",  # what the server writes to its own child
    }  # fmt: skip
    source = Path(files.__file__).parents[1]
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        for word in (".read_bytes(", ".read_text(", "open(", "sys.stdin")
        if word in path.read_text(encoding="utf-8")
    }
    assert found <= allowed


# Nesting, and work that grows with the file


@pytest.mark.parametrize(
    "depth_of",
    [
        lambda n: "<< " * n + "<urn:s> <urn:p> <urn:o>" + " >> <urn:p> <urn:o>" * n + " .",
        lambda n: "<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * n + "1" + " )>>" * n + " .",
        lambda n: "<urn:s> <urn:p> " + "[ <urn:p> " * n + "1" + "]" * n + " .",
        lambda n: "<urn:s> <urn:p> " + "( " * n + ")" * n + " .",
    ],
)  # fmt: skip
@pytest.mark.parametrize("depth", [65, 50_000])
def test_every_kind_of_nesting_counts(
    depth_of: Callable[[int], str], depth: int
) -> None:
    with pytest.raises(FileError, match="nested more than 64 deep"):
        files.check(Source("a.ttl", depth_of(depth).encode()))


def test_a_few_statements_about_statements_are_read() -> None:
    text = "<< << <urn:s> <urn:p> <urn:o> >> <urn:p> <urn:o> >> <urn:p> <urn:o> ."
    files.check(Source("a.ttl", text.encode()))


class Counting(Source):
    """A file that counts how often it is read through."""

    seen: ClassVar[Counter[str]] = Counter()

    @property
    def text(self) -> str:
        """The file as text."""
        self.seen[self.name] += 1
        return super().text


def test_a_file_is_read_once_for_all_its_places() -> None:
    """It was once read through for each thing that was looked for."""
    lines = [f"<urn:x{n}> a <urn:K> ." for n in range(500)]
    source = Counting("many.ttl", "\n".join(lines).encode())
    Counting.seen.clear()
    places = Locations([source])
    found = [places.find(f"urn:x{n}")[1] for n in range(500)]
    assert found == [f"line {n}" for n in range(1, 501)]
    assert Counting.seen["many.ttl"] == 1
    assert Lines(source).of("urn:x499") == 500


@pytest.mark.parametrize("size", [10, 2_000])
def test_a_ring_is_walked_once(size: int) -> None:
    """Each of a ring of decisions led to all others, once for each."""
    asked: Counter[int] = Counter()

    def links(thing: int) -> list[int]:
        asked[thing] += 1
        return [(thing + 1) % size, size]  # and to one outside, which leads nowhere

    reach = Reach(lambda t: links(t) if t < size else [], lambda t: [t % 7, t == size])
    wanted = {n % 7 for n in range(size)} | {0, size % 7, 1}
    assert all(reach.of(thing) == wanted for thing in range(size))
    assert set(asked.values()) == {1}


def test_what_is_reached_is_what_a_plain_walk_reaches() -> None:
    dice = random.Random(5)  # noqa: S311
    for size in range(1, 40):
        links = {
            n: dice.choices(range(size), k=dice.randint(0, 3)) for n in range(size)
        }
        reach = Reach(links.__getitem__, lambda thing: [thing])
        for start in dice.sample(range(size), size):
            seen, waiting = {start}, [start]
            while waiting:
                new = set(links[waiting.pop()]) - seen
                seen |= new
                waiting += new
            assert reach.of(start) == seen


def test_no_rule_joins_a_decision_with_all_others() -> None:
    """Who needs to know whether any evidence runs asks that of the duty, once."""
    for name, source in rules().items():
        text = " ".join(source.text.split())
        for part in (
            "OPTIONAL { ?duty csp:evidencedBy",
            "?duty csp:evidencedBy ?running .",
        ):
            assert part not in text, name


# Arguments


LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ["answer", "who-must-adopt", "--area", LONG],
        ["answer", LONG],
        ["check", LONG + ".ttl"],
        ["check", "9" * 5_000],
        ["sparql", "ASK {}", "--seconds", "20240723"],
        ["sparql", "ASK {}", "--seconds", "9" * 5_000],
        ["sparql", "ASK {}", "--rows", "9" * 30],
        ["sparql", "x" * 1_000_000],
        ["answer", "a\0b"],
        ["answer", "who-must-adopt", "--area", "a\ud800"],
        ["answer", "who-must-adopt", "--area", "a\u202eb\x1b[31m"],
        [LONG],
        ["--" + LONG],
        ["check", "--since", "/dev/zero", "a.ttl"],
        ["why", "\ufffe"],
    ],
)  # fmt: skip
def test_misuse_is_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, told = run(capsys, *words)
    assert (code, said) == (2, "")
    assert len(told.splitlines()) == 1
    assert max(map(len, told.split())) <= 120
    assert told.replace("\n", "").isprintable()


def test_an_error_that_nobody_foresaw_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("\x1b[31msecret\u202e" + "x" * 500)

    monkeypatch.setattr(app, "app", broken)
    code, said, told = run(capsys, "questions")
    assert (code, said) == (3, "")
    assert len(told.splitlines()) == 1
    assert told.startswith("cspgraph: an error of cspgraph itself (KeyError: ")
    assert "please report it" in told
    assert len(told) < 400
    assert told.strip().isprintable()
    monkeypatch.setenv("CSPGRAPH_DEBUG", "1")
    with pytest.raises(KeyError):
        main(["questions"])


def test_a_full_disk_behind_standard_output_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app, "app", full)
    code, _, told = run(capsys, "questions")
    assert code == 3
    assert told == "cspgraph: no space left on device; what was asked for is not done\n"


# Whatever a reader raises


@pytest.mark.parametrize("error", [KeyError, ZeroDivisionError, RecursionError, OverflowError, AttributeError, MemoryError])  # fmt: skip
@pytest.mark.parametrize(("name", "reader"), [("a.xlsx", xlsx), ("a.yaml", yaml_file)])
def test_whatever_a_reader_of_forms_raises_is_a_refusal(
    error: type[Exception], name: str, reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise error("x")

    (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr(reader, "grid", broken)
    with pytest.raises(FileError, match="it is damaged, or no form") as refused:
        formats.grid(tmp_path / name, form())
    assert isinstance(refused.value.__cause__, error)


def test_a_report_of_before_that_is_none_is_refused() -> None:
    for data in (b"[]", b"null", b"{", b"\xff", b'{"version": 1}', b"[" * 100_000):
        with pytest.raises(CspgraphError, match="not a whole report"):
            as_json.read(data, "old.json")
