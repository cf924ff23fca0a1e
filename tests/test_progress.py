"""A person who waits is shown so; a pipe and the quiet are not."""

from __future__ import annotations

import sys
from threading import Event

import pytest

from cspgraph.cli import console
from runs import ended


class Mark:
    """Stands for what is shown."""

    def __init__(self) -> None:
        self.started, self.stopped = Event(), Event()

    def start(self) -> None:
        """Remember that it was shown."""
        self.started.set()

    def stop(self) -> None:
        """Remember that it was taken away."""
        self.stopped.set()


def test_work_that_takes_long_is_shown_until_it_ends() -> None:
    mark = Mark()
    patience = console.Patience(lambda: mark, seconds=0)
    assert mark.started.wait(10)
    assert not mark.stopped.is_set()
    patience.end()
    assert mark.stopped.is_set()


def test_work_that_ends_soon_shows_nothing() -> None:
    mark = Mark()
    console.Patience(lambda: mark, seconds=3600).end()
    assert not mark.started.is_set()


def test_it_shows_from_the_third_second() -> None:
    assert console.SECONDS == 2


@pytest.mark.parametrize(
    ("screen", "hushed"), [(True, False), (True, True), (False, False)]
)
def test_only_a_person_is_shown_anything(
    screen: bool, hushed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Mark] = []

    def mark() -> Mark:
        made.append(Mark())
        return made[-1]

    monkeypatch.setattr(sys.stderr, "isatty", lambda: screen)
    monkeypatch.setattr(console, "_mark", mark)
    monkeypatch.setattr(console.Patience.__init__, "__defaults__", (0,))
    console.hush(on=hushed)
    console.begin()
    shown = screen and not hushed
    if shown:
        assert console._State.patience is not None
        console._State.patience._timer.join(10)
    assert len(made) == shown
    console.end()
    console.hush(on=False)
    assert all(mark.stopped.is_set() for mark in made)


@pytest.mark.parametrize("place", [0, 2, 4])
def test_quiet_leaves_out_what_was_done(
    place: int, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "dorset-2024-10-10", "-o", f"{tmp_path}/a.nq"]
    assert ended(*words) == 0
    assert "130 facts" in capsys.readouterr().err
    words.insert(place, "--quiet")
    assert ended(*words) == 0
    assert capsys.readouterr() == ("", "")


def test_quiet_still_says_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--quiet", "export", "no-such-record", "-o", "a.nq") == 2
    assert "no file and no shipped record" in capsys.readouterr().err
