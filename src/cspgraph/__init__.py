"""Which body must adopt what, by when, under which law, and why.

>>> import cspgraph
>>> kg = cspgraph.load(on="2024-07-23")
>>> answer = kg.answer("who-must-adopt", area="Dorset")
>>> sorted({row["basis"].rpartition("/")[2] for row in answer})
['AssertedOnly', 'ExecutiveDefault', 'StatuteArguable', 'StatuteReserved']
"""

from cspgraph.completeness.reports import Report
from cspgraph.errors import CspgraphError
from cspgraph.explaining.steps import Chain
from cspgraph.findings import Finding
from cspgraph.graph import KnowledgeGraph, load
from cspgraph.inquiry.answers import Answer
from cspgraph.inquiry.queries import Query, queries
from cspgraph.serving.endpoint import Endpoint, connect
from cspgraph.version import __version__

__all__ = [
    "Answer",
    "Chain",
    "CspgraphError",
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
]


def load_ipython_extension(shell: object) -> None:
    """Give a notebook the cell magic `%%sparql`; called by `%load_ext cspgraph`."""
    from cspgraph import magic

    magic.register(shell)
