"""What the package says of itself: the README, and addresses once there is one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?P<head>!?\[[^\]]*\])\((?!https?:|#|mailto:)(?P<target>[^)]+)\)")


def absolute(text: str, repository: str, version: str) -> str:
    """Return a page of the repository with links that work outside it.

    A picture is fetched as it is, and not as the page about it.

    >>> absolute("[a](docs/a.md#b) [c](#d)", "https://example.org/r", "1.0")
    '[a](https://example.org/r/blob/v1.0/docs/a.md#b) [c](#d)'
    >>> absolute("![a](docs/a.svg)", "https://example.org/r", "1.0")
    '![a](https://example.org/r/raw/v1.0/docs/a.svg)'
    >>> absolute("[a](docs/a.md)", "", "1.0")
    '[a](docs/a.md)'
    """
    if not repository:
        return text
    start = repository.rstrip("/")

    def whole(link: re.Match[str]) -> str:
        kind = "raw" if link["head"].startswith("!") else "blob"
        return f"{link['head']}({start}/{kind}/v{version}/{link['target']})"

    return _LINK.sub(whole, text)


def addresses(repository: str) -> dict[str, str]:
    """Return where the source, its documentation and its changelog stand.

    >>> addresses("https://example.org/r")["Changelog"]
    'https://example.org/r/blob/main/CHANGELOG.md'
    >>> addresses("")
    {}
    """
    if not repository:
        return {}
    start = repository.rstrip("/")
    return {
        "Source": start,
        "Documentation": f"{start}/tree/main/docs",
        "Changelog": f"{start}/blob/main/CHANGELOG.md",
        "Issues": f"{start}/issues",
    }


class CustomMetadataHook(MetadataHookInterface):
    """Fills in what depends on the one setting `tool.cspgraph.repository`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Write the readme and the addresses into `metadata`."""
        root = Path(self.root)
        settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        repository = settings["tool"]["cspgraph"]["repository"]
        readme = (root / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": absolute(readme, repository, metadata["version"]),
        }
        metadata["urls"] = addresses(repository)
