"""The tools as a server of the Model Context Protocol: over standard input, or HTTP."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations

from cspgraph.assistant.tools import Tools, in_words
from cspgraph.questions.query_file import queries
from cspgraph.version import __version__

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from cspgraph.desk import Desk

__all__ = ["over_http", "tools_server"]

_INSTRUCTIONS = """\
Which body must adopt what, by when, under which law, for the Community Safety
Partnerships of England and Wales. Keep the day, the provision and the doubt of what you
quote. Never turn "no record" into "not done", nor "can adopt" into "must adopt"."""


def tools_server(desk: Desk) -> MCPServer[Any]:
    """Return a server of the tools over `desk`, not yet running."""
    server: MCPServer[Any] = MCPServer(
        "cspgraph",
        title="cspgraph",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
        subscriptions=False,
    )
    reads = ToolAnnotations(
        read_only_hint=True,
        destructive_hint=False,
        idempotent_hint=True,
        open_world_hint=False,
    )
    for tool in Tools(desk).all:
        server.add_tool(
            in_words(tool, ToolError),
            description=" ".join(inspect.getdoc(tool).split()),  # type: ignore[union-attr]
            annotations=reads,
            structured_output=False,
        )
    _resources(server, desk)
    return server


def _resources(server: MCPServer[Any], desk: Desk) -> None:
    """Add what an assistant may read before it asks: questions, and what is in."""

    @server.resource("cspgraph://questions", mime_type="application/json")
    def questions() -> str:
        """Return the questions, with what they take."""
        listed = {
            query.name: {
                "question": query.question,
                "takes": {
                    p.name: f"{p.title}{' (optional)' if p.optional else ''}"
                    for p in query.parameters
                },
            }
            for query in queries().values()
        }
        return json.dumps(listed, ensure_ascii=False, indent=1)

    @server.resource("cspgraph://coverage", mime_type="text/markdown")
    def coverage() -> str:
        """Return which law is in, how well it was checked, and what is not in."""
        return desk.near(lambda graph: graph.coverage())


def over_http(server: MCPServer[Any]) -> ASGIApp:
    """Return the application that answers at `/mcp`, each request for itself.

    Names of hosts are looked at by `serve.guards`, in front of it.
    """
    return server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=2**18,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=False
        ),
    )
