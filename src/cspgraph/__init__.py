"""Which body must adopt what, by when, under which law, and why.

>>> import cspgraph
>>> kg = cspgraph.load(on="2024-07-23")
>>> answer = kg.answer("who-must-adopt", area="Dorset")
>>> sorted({row["basis"].rpartition("/")[2] for row in answer})
['AssertedOnly', 'ExecutiveDefault', 'StatuteArguable', 'StatuteReserved']
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cspgraph.version import __version__

if TYPE_CHECKING:
    from cspgraph.drafts.draft import Draft, read
    from cspgraph.errors import CspgraphError
    from cspgraph.explain.chain import Chain
    from cspgraph.graph import KnowledgeGraph, load
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.query_file import Query, queries
    from cspgraph.remote.endpoint import Endpoint, connect
    from cspgraph.report.findings import Finding
    from cspgraph.report.report import Report

__all__ = [
    "Answer",
    "Chain",
    "CspgraphError",
    "Draft",
    "Endpoint",
    "Finding",
    "KnowledgeGraph",
    "Query",
    "Report",
    "__version__",
    "connect",
    "load",
    "load_ipython_extension",
    "queries",
    "read",
]

#: Where each name is: it is imported when it is first asked for, so that help comes fast.
_PLACES = {
    "Answer": "questions.answer",
    "Chain": "explain.chain",
    "CspgraphError": "errors",
    "Draft": "drafts.draft",
    "Endpoint": "remote.endpoint",
    "Finding": "report.findings",
    "KnowledgeGraph": "graph",
    "Query": "questions.query_file",
    "Report": "report.report",
    "connect": "remote.endpoint",
    "load": "graph",
    "queries": "questions.query_file",
    "read": "drafts.draft",
}


def __getattr__(name: str) -> object:
    """Return what the package offers under `name`; raise `AttributeError` for others."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(shell: object) -> None:
    """Give a notebook the cell magic `%%sparql`; called by `%load_ext cspgraph`."""
    from cspgraph import magic

    magic.register(shell)
