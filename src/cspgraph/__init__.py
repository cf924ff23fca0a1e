"""Which body must adopt what, by when, under which law, and why.

>>> import cspgraph
>>> kg = cspgraph.load(on="2024-07-23")
>>> answer = kg.answer("who-must-adopt", area="Dorset")
>>> sorted({row["basis"].rpartition("/")[2] for row in answer})
['AssertedOnly', 'ExecutiveDefault', 'StatuteArguable', 'StatuteReserved']
"""

import logging

from cspgraph.answers import Answer
from cspgraph.errors import CspgraphError
from cspgraph.graph import Endpoint, KnowledgeGraph, connect, load
from cspgraph.queries import Query, queries
from cspgraph.version import __version__

__all__ = [
    "Answer",
    "CspgraphError",
    "Endpoint",
    "KnowledgeGraph",
    "Query",
    "__version__",
    "connect",
    "load",
    "queries",
]

logging.getLogger("cspgraph").addHandler(logging.NullHandler())
