"""How long the server takes beside the library that it asks, in one process on loopback."""

from __future__ import annotations

import io
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import httpx2

import cspgraph
from bench.timing import Line, in_turns
from cspgraph.desk import Desk
from cspgraph.serve.app import application
from cspgraph.serve.metrics import Log
from cspgraph.serve.run import server

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("the server", "to the library with its day at hand")
PORT, DAY = 18_765, "2024-07-23"
ASKED = ("who-must-adopt", "standing", "plan-dates", "responsible-authorities")


def measure() -> Iterator[Line]:
    """Yield the times of a question that was asked before, and of one asked newly.

    The library answers with its day at hand and writes JSON, as the server does. What is
    new to the server is another area each time, which has to be derived first; beside
    it the library derives another area as well.
    """
    desk = Desk()
    running = server(
        application(desk, log=Log(io.StringIO()), test=False), "127.0.0.1", PORT
    )
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    kg = cspgraph.load(on=DAY)
    codes = [row["code"] for row in kg.answer("areas")]
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=120) as client:

        def asked(name: str, area: str) -> None:
            given = {"area": area, "on": DAY}
            client.get(f"/api/v1/answers/{name}", params=given).raise_for_status()

        def here(name: str, area: str) -> None:
            kg.answer(name, area=area).to_json()

        for name in ASKED:
            asked(name, "Dorset")
            here(name, "Dorset")
            both = partial(asked, name, "Dorset"), partial(here, name, "Dorset")
            yield in_turns(f"{name}, asked before", *both)
        fresh, other = iter(codes[::9]), iter(codes[1::9])
        yield in_turns(
            "standing, of an area not asked about before; the library likewise",
            lambda: asked("standing", next(fresh)),
            lambda: here("standing", next(other)),
        )
    running.should_exit = True
    thread.join()
