"""Golden files are made by one command that shows the difference and asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tools.goldens import GOLDEN, main

OLD, NEW = "one\n", "two\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a repository with one golden answer and one page."""
    for name in ("tests/answers/areas.csv", "docs/coverage.md", "src.py"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(OLD, encoding="utf-8")
    run = {"cwd": tmp_path, "check": True, "capture_output": True}
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", *words], **run)  # type: ignore[call-overload]  # noqa: S607
    return tmp_path


def step(code: str) -> list[tuple[str, ...]]:
    return [(sys.executable, "-c", f"from pathlib import Path as P; {code}")]


WRITES = step(
    "P('tests/answers/areas.csv').write_text('two\\n');"
    "P('tests/answers/new.csv').write_text('two\\n'); P('src.py').write_text('mine')"
)


def never(question: str) -> str:
    raise AssertionError(question)


@pytest.mark.parametrize(("said", "code", "stands"), [("y", 0, NEW), ("", 1, OLD)])
def test_the_difference_is_shown_and_the_answer_counts(
    said: str,
    code: int,
    stands: str,
    checkout: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(lambda _: said, checkout, WRITES) == code
    shown = capsys.readouterr().out
    assert "-one\n+two" in shown
    assert "tests/answers/new.csv" in shown
    assert (checkout / "tests/answers/areas.csv").read_text() == stands
    assert (checkout / "tests/answers/new.csv").exists() == (said == "y")
    assert (checkout / "src.py").read_text() == "mine"


def test_where_nothing_differs_nothing_is_asked(checkout: Path) -> None:
    assert main(never, checkout, step("None")) == 0


def test_what_was_changed_by_hand_is_never_touched(checkout: Path) -> None:
    (checkout / "docs/coverage.md").write_text("mine\n", encoding="utf-8")
    assert main(never, checkout, WRITES) == 2
    assert (checkout / "docs/coverage.md").read_text() == "mine\n"
    assert (checkout / "tests/answers/areas.csv").read_text() == OLD


def test_a_step_that_fails_leaves_the_old_files(checkout: Path) -> None:
    failing = [*WRITES, *step("raise SystemExit(1)")]
    assert main(never, checkout, failing) == 2
    assert (checkout / "tests/answers/areas.csv").read_text() == OLD


def test_what_it_makes_is_there() -> None:
    root = Path(__file__).resolve().parents[1]
    assert all((root / name).exists() for name in GOLDEN)
