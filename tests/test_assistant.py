"""An assistant's client lists the tools, asks, and is told nothing without its law."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

import servers
import serving
from cspgraph.assistant import replies
from cspgraph.assistant.replies import NOT_DONE
from cspgraph.assistant.server import over_http, tools_server
from cspgraph.serve.guards import Guard
from cspgraph.serve.metrics import Log, Metrics
from cspgraph.serve.run import server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[1]
DAY = "2024-07-23"
TOOLS: dict[str, dict[str, Any]] = {
    "find": {"text": "dors"},
    "area": {"area": "Dorset", "on": DAY},
    "ask": {"question": "standing", "parameters": {"area": "Dorset"}, "on": DAY},
    "why": {"thing": "dorset-council", "area": "Dorset", "on": DAY},
    "why_not": {
        "body": "dorset-council",
        "document_or_duty": "pcsc22-publish",
        "area": "Dorset",
        "on": DAY,
    },
    "changes": {"area": "Dorset", "first": "2022-06-30", "last": "2022-07-01"},
    "brief": {"area": "Dorset", "document": "csp-plan", "on": DAY},
    "sparql": {
        "query": "SELECT ?duty ?law { ?duty a csp:Duty ; csp:provision ?law }",
        "area": "Dorset",
        "on": DAY,
        "rows": 3,
    },
}
#: What a provision looks like when it is cited.
CITED = re.compile(r"\b(?:s|ss|reg|regs|art|Sch|para)\.\s?\d*|SI \d{4}/\d+")


def asked(name: str, given: dict[str, Any]) -> tuple[bool, str]:
    """Return whether the tool refused, and what it told."""

    async def ask() -> tuple[bool, str]:
        async with Client(tools_server(serving.desk())) as client:
            found = await client.call_tool(name, given)
            (part,) = found.content
            assert isinstance(part, TextContent)
            return bool(found.is_error), part.text

    return asyncio.run(ask())


def test_the_client_lists_eight_tools_that_only_read() -> None:
    async def listed() -> list[Any]:
        async with Client(tools_server(serving.desk())) as client:
            return [*(await client.list_tools()).tools]

    found = asyncio.run(listed())
    assert [tool.name for tool in found] == [*TOOLS]
    for tool in found:
        assert tool.description
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.idempotent_hint is True
        jsonschema.validate(TOOLS[tool.name], tool.input_schema)
    told = [tool.model_dump(mode="json", exclude_none=True) for tool in found]
    assert sum(len(json.dumps(one)) for one in told) < 7_000


@pytest.mark.parametrize("name", TOOLS)
def test_every_reply_has_its_day_doubt_and_receipt(name: str) -> None:
    refused, told = asked(name, TOOLS[name])
    assert not refused, told
    first, *_, last = told.splitlines()
    day = {"find": "", "changes": "1 July 2022"}.get(name, "23 July 2024")
    assert first.startswith(f"On {day}")
    assert "\nDoubt: " in told
    assert NOT_DONE in told
    assert "Law read by " in told
    assert re.fullmatch(
        r"Receipt: cspgraph \S+, pyoxigraph, law \w+, .*rules \w+", last
    )
    assert "must adopt;" not in told


def test_who_decides_in_ashford_with_the_law_of_every_sentence(
    kg: KnowledgeGraph,
) -> None:
    """The rows are those of the library, each with its law, and so is each sentence."""
    given = {"question": "who-must-adopt", "parameters": {"area": "Ashford"}, "on": DAY}
    refused, told = asked("ask", given)
    assert not refused
    here = kg.answer("who-must-adopt", area="Ashford", on=DAY)
    lines = [line for line in told.splitlines() if line.startswith("- ")]
    assert len(lines) == len(here) > 5
    for line, row in zip(lines, here, strict=True):
        assert f"; law: {row['law'] or 'no provision was found'}" in line
    said = next(p for p in told.split("\n\n") if p.startswith("Ashford, 23 July 2024"))
    decides = [
        s for s in re.split(r"(?<=\))\. ", said) if "adopt" in s or "decide" in s
    ]
    assert len(decides) > 4
    assert all(CITED.search(sentence) for sentence in decides), decides
    assert "Kent County Council" in said


def test_a_claim_without_a_provision_says_that_none_was_found() -> None:
    given = {"question": "who-must-adopt", "parameters": {"area": "Dorset"}, "on": DAY}
    told = asked("ask", given)[1]
    (line,) = [x for x in told.splitlines() if "asserted-only" in x]
    assert line.endswith("law: no provision was found")


def test_rows_are_cut_with_a_word() -> None:
    given = {**TOOLS["ask"], "rows": 2}
    told = asked("ask", given)[1]
    count = len(serving.desk().answer("standing", {"area": "Dorset"}, DAY))
    assert f"Cut: 2 of {count} rows are shown" in told
    assert sum(line.startswith("- ") for line in told.splitlines()) == 2
    assert (
        "Cut: the answer stopped after 3 rows." in asked("sparql", TOOLS["sparql"])[1]
    )
    assert "Cut: 20 of " in asked("find", {"text": "council"})[1]


def test_long_text_is_cut_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "MOST_LETTERS", 1_000)
    told = asked("brief", TOOLS["brief"])[1]
    assert re.search(r"Cut: \d+ of [\d,]+ letters are shown; the command brief", told)
    assert told.splitlines()[-1].startswith("Receipt: ")
    assert "Cut: " in asked("ask", TOOLS["ask"])[1]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("ask", {"question": "who-must-adop"}, "did you mean 'who-must-adopt'"),
        ("ask", {"question": "who-must-adopt"}, "area: The area"),
        (
            "ask",
            {"question": "terms", "parameters": {"on": DAY}, "on": DAY},
            "given twice",
        ),
        ("area", {"area": "Dorsett"}, "did you mean 'Dorset'"),
        ("area", {"area": "Dorset", "on": "1066-10-14"}, "30 September 1998"),
        ("why", {"thing": "nothing-such"}, "'nothing-such' is not known"),
        ("changes", {"area": "Dorset", "first": DAY, "last": DAY}, ""),
        ("sparql", {"query": "DROP ALL"}, "only questions are run"),
        ("sparql", {"query": "SELECT * { SERVICE <http://x/> {} }"}, "SERVICE"),
        ("sparql", {"query": "ASK {}", "rows": 0}, "rows"),
    ],
)
def test_what_does_not_fit_is_told_with_what_fits(
    name: str, given: dict[str, Any], words: str
) -> None:
    refused, told = asked(name, given)
    assert refused
    assert words in told
    assert "Traceback" not in told
    assert "/src/" not in told


def test_nothing_that_fits_is_said_to_be_so() -> None:
    told = asked("find", {"text": "xyzzy"})[1]
    assert "Nothing known here has such a name" in told
    given = {"query": "SELECT ?x { ?x a <urn:none> }", "area": "Dorset", "on": DAY}
    told = asked("sparql", given)[1]
    assert "Nothing in the graph fits." in told
    assert NOT_DONE in told


def test_the_questions_and_the_coverage_can_be_read() -> None:
    async def read(uri: str) -> str:
        async with Client(tools_server(serving.desk())) as client:
            (part,) = (await client.read_resource(uri)).contents
            return str(getattr(part, "text", ""))

    listed = json.loads(asyncio.run(read("cspgraph://questions")))
    assert "area" in listed["who-must-adopt"]["takes"]
    assert "Not in, or open" in asyncio.run(read("cspgraph://coverage"))


def test_it_speaks_over_standard_input_and_output() -> None:
    command = str(Path(sys.executable).parent / "cspgraph")
    started = StdioServerParameters(command=command, args=["mcp", "--area", "Dorset"])

    async def ask() -> str:
        async with Client(started, read_timeout_seconds=60) as client:
            found = await client.call_tool("why_not", TOOLS["why_not"])
            return str(getattr(found.content[0], "text", ""))

    assert asyncio.run(ask()) == asked("why_not", TOOLS["why_not"])[1]


def test_it_speaks_over_http_to_this_machine_alone() -> None:
    with _served() as address:

        async def ask() -> str:
            async with Client(f"{address}/mcp") as client:
                found = await client.call_tool("why_not", TOOLS["why_not"])
                return str(getattr(found.content[0], "text", ""))

        assert asyncio.run(ask()) == asked("why_not", TOOLS["why_not"])[1]


@contextmanager
def _served() -> Iterator[str]:
    port = servers.free_port()
    app = Guard(over_http(tools_server(serving.desk())), Metrics(), Log(), shared=False)
    running = server(app, "127.0.0.1", port)
    thread = Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


def test_the_manifest_names_the_command_that_is_there() -> None:
    told = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    (package,) = told["packages"]
    assert package["identifier"] == "cspgraph"
    assert package["transport"] == {"type": "stdio"}
    words = [one["value"] for one in package["packageArguments"]]
    assert words == ["mcp"]
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", told["name"])
    assert len(told["description"]) <= 100
