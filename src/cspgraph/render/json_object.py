"""JSON for other programs: one object, with the version of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.render.escape import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCHEMA", "written"]

#: The version of the keys. It grows when a key changes its meaning or goes.
SCHEMA = 1


def written(whole: Mapping[str, object]) -> str:
    r"""Return `whole` as one JSON object whose first key, `schema`, is the version of its keys.

    What JSON has no form for, such as a day, is written as text.

    >>> written({"area": "Dorset"})
    '{\n  "schema": 1,\n  "area": "Dorset"\n}\n'
    """
    return json_text({"schema": SCHEMA, **whole})
