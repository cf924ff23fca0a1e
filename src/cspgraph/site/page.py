"""A page before it is written: where it stands, its HTML, and the data beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cspgraph.site.addresses import INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Page", "json_bytes"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page in its `folder` below the root, with the files of data that stand beside it.

    `data` has the bytes of each file under its name, such as `index.json`.
    """

    folder: str
    title: str
    html: str
    data: Mapping[str, bytes] = field(default_factory=dict)
    name: str = INDEX

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the bytes of each file of the page.

        >>> [path for path, _ in Page("sure/", "How sure", "", {"index.json": b"{}"}).files()]
        ['sure/index.html', 'sure/index.json']
        """
        yield self.folder + self.name, self.html.encode()
        for name, data in self.data.items():
            yield self.folder + name, data


def json_bytes(whole: Any) -> bytes:
    r"""Return `whole` as the bytes of a JSON file, days as ISO texts.

    >>> from datetime import date
    >>> json_bytes({"on": date(2024, 7, 23)})
    b'{"on": "2024-07-23"}\n'
    """
    return (json.dumps(whole, ensure_ascii=False, default=str) + "\n").encode()
