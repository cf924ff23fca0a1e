"""Two real SPARQL servers on loopback, started for the tests and stopped after them.

Each serves as many graphs as it is given, every one at an address of its own: the
query address names its default graph.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

USER, PASSWORD = "dba", "only-for-this-test"
_SECONDS = 60

VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {folder}
ServerThreads = 8
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass
class Server:
    """A running server: where it is asked and filled, and the process that it is."""

    name: str
    query: str
    store: str
    update: str
    process: subprocess.Popen[bytes]

    def of(self, graph: str) -> str:
        """Return the address at which the server answers from `graph` alone."""
        return f"{self.query}?default-graph-uri={quote(graph, safe='')}"

    def put(self, graph: str, triples: bytes) -> None:
        """Fill `graph` with `triples`, as N-Triples, by the Graph Store Protocol."""
        key = "graph-uri" if self.name == "virtuoso" else "graph"
        request = Request(  # noqa: S310 - its own address
            f"{self.store}?{key}={quote(graph, safe='')}",
            data=triples,
            method="PUT",
            headers={
                "content-type": "application/n-triples",
                **self._pass("PUT", key, graph),
            },
        )
        with build_opener().open(request) as reply:
            assert reply.status in (200, 201, 204)

    def _pass(self, method: str, key: str, graph: str) -> dict[str, str]:
        """Return the header that lets a request in, where the server asks for one.

        The question is asked with nothing in hand: Virtuoso hangs up on a large body.
        """
        address = f"{self.store}?{key}={quote(graph, safe='')}"
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, self.store, USER, PASSWORD)
        try:
            build_opener().open(address).close()
        except HTTPError as error:
            with error:
                said = error.headers.get("www-authenticate")
            if said:
                challenge = parse_keqv_list(parse_http_list(said.split(" ", 1)[1]))
                request = Request(address, method=method)  # noqa: S310
                digest = HTTPDigestAuthHandler(known).get_authorization(
                    request, challenge
                )
                return {"authorization": f"Digest {digest}"}
        return {}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _program(name: str) -> str:
    """Return where the program is."""
    scripts = Path(sysconfig.get_path("scripts"), name)
    found = str(scripts) if scripts.exists() else shutil.which(name)
    assert found, f"install {name}, as .ci/run does; `make check` needs none"
    return found


@contextmanager
def _running(
    command: Sequence[str], web: str, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start `command`, wait until `web` answers, and stop it in the end."""
    with (
        (folder / "said.txt").open("wb") as said,
        subprocess.Popen(command, cwd=folder, stdout=said, stderr=said) as process,
    ):
        try:
            _wait(process, web, folder)
            yield process
        finally:
            process.kill()


def _wait(process: subprocess.Popen[bytes], web: str, folder: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "said.txt").read_text()
        try:
            with build_opener().open(f"{web}?query=ASK%7B%7D", timeout=5) as reply:
                if reply.status == 200:
                    return
        except HTTPError as error:
            error.close()
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{web} did not start in {_SECONDS} s")


@contextmanager
def oxigraph(folder: Path, *, union: bool = True) -> Iterator[Server]:
    """Run the server of Oxigraph, in memory, with all graphs as its default graph.

    Without `union` its default graph is its own, as an update with USING wants it.
    """
    root = f"127.0.0.1:{free_port()}"
    command = [_program("oxigraph"), "serve", "--bind", root]
    command += ["--union-default-graph"] * union
    web = f"http://{root}"
    with _running(command, f"{web}/query", folder) as process:
        yield Server(
            "oxigraph", f"{web}/query", f"{web}/store", f"{web}/update", process
        )


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Run Virtuoso with its files in `folder`; who fills it needs USER and PASSWORD."""
    program, web = _program("virtuoso-t"), free_port()
    place = folder / "virtuoso.ini"
    place.write_text(
        VIRTUOSO.format(folder=folder, sql=free_port(), web=web), encoding="utf-8"
    )
    command = [program, "+foreground", "+configfile", str(place)]
    new = ["+pwdold", "dba", "+pwddba", PASSWORD, "+pwddav", PASSWORD]
    with (folder / "begun.txt").open("wb") as said:
        subprocess.run(
            [*command, *new],
            cwd=folder,
            stdout=said,
            stderr=said,
            timeout=_SECONDS,
            check=False,
        )
    root = f"http://127.0.0.1:{web}"
    with _running(command, f"{root}/sparql", folder) as process:
        yield Server(
            "virtuoso",
            f"{root}/sparql",
            f"{root}/sparql-graph-crud-auth",
            f"{root}/sparql-auth",
            process,
        )


STARTED = {"oxigraph": oxigraph, "virtuoso": virtuoso}


@contextmanager
def starting(folder: Callable[[str], Path]) -> Iterator[Callable[[str], Server]]:
    """Give a function from the name of a server to the server, started once, in a folder."""
    with ExitStack() as running:
        yield cache(lambda name: running.enter_context(STARTED[name](folder(name))))
