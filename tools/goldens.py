"""Make all golden files again, show how they differ, and ask whether they stay.

    python -m tools.goldens

Golden files that you changed by hand are never touched: commit or undo them first. It
ends with 0 where the new files stay or nothing differs, with 1 where the old ones stand,
and with 2 where it could not begin or a step failed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["GOLDEN", "STEPS", "main"]

ROOT = Path(__file__).resolve().parents[1]
#: What is made, and never written by hand.
GOLDEN = (
    *("tests/answers", "docs/questions", "docs/coverage.md"),
    *("docs/reference/register.csvw.json", "docs/responsible-authorities.svg"),
)
_TESTS = (sys.executable, "-m", "pytest", "-q", "--write-answers")
STEPS = (
    (*_TESTS, "tests/test_queries.py", "-k", "golden"),
    (*_TESTS, "tests/test_every_template.py"),
    ("make", "docs"),
)


def main(
    ask: Callable[[str], str] = input,
    root: Path = ROOT,
    steps: Sequence[Sequence[str]] = STEPS,
) -> int:
    """Make the files in the checkout at `root` by the `steps`, `ask`, and return how it ended."""

    def git(*words: str) -> str:
        return subprocess.run(  # noqa: S603
            ["git", *words],  # noqa: S607
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    changed = git("status", "--porcelain", "--", *GOLDEN)
    if changed:
        print(
            f"Changed already; commit or undo these first:\n{changed}", file=sys.stderr
        )
        return 2
    for step in steps:
        if subprocess.run(step, cwd=root, check=False).returncode:  # noqa: S603
            print(f"This step failed: {' '.join(step)}", file=sys.stderr)
            _undo(git)
            return 2
    if not git("status", "--porcelain", "--", *GOLDEN):
        print("Nothing differs.")
        return 0
    print(git("diff", "--", *GOLDEN))
    print(git("status", "--short", "--", *GOLDEN))
    if ask("Can you name the reason of each difference, and keep them? [y/N] ") == "y":
        return 0
    _undo(git)
    print("The old files stand.")
    return 1


def _undo(git: Callable[..., str]) -> None:
    """Put back what stood before: no golden file was changed when it began."""
    kept = [name for name in GOLDEN if git("ls-files", "--", name)]
    if kept:
        git("checkout", "--", *kept)
        git("clean", "--quiet", "--force", "-d", "--", *kept)


if __name__ == "__main__":
    sys.exit(main())
