"""The command, run in this process: how it ended, and what it said."""

from __future__ import annotations

import pytest

from cspgraph.cli import main


def ended(*words: str) -> int:
    """Run the command with `words` and return the code with which it ended."""
    with pytest.raises(SystemExit) as end:
        main(words)
    code = end.value.code or 0
    assert isinstance(code, int)
    return code


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command with `words` and return its code, what it printed and what it told."""
    capsys.readouterr()
    return ended(*words), *capsys.readouterr()


def refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """Hold that the command refuses `words` in one sentence that begins with `said`."""
    code, printed, told = run(capsys, *words)
    assert (code, printed) == (2, "")
    assert told.startswith(f"cspgraph: {said}")
    assert told.count("\n") == 1
