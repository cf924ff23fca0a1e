"""The user name and password for a server: from the environment, and never printed."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib import request as web
from urllib.error import URLError

if TYPE_CHECKING:
    from typing import Self

__all__ = ["NAMES", "Password"]

#: The words of the environment in which they stand.
NAMES = ("CSPGRAPH_USER", "CSPGRAPH_PASSWORD")


@dataclass(frozen=True)
class Password:
    """Who asks, and the word that lets them in.

    >>> Password("reader", "secret")
    Password(user='reader')
    """

    user: str
    word: str = field(repr=False)

    @classmethod
    def given(cls) -> Self | None:
        """Return what stands in the environment; None unless both words are there."""
        user, word = (os.environ.get(name, "") for name in NAMES)
        return cls(user, word) if user and word else None

    def answer(self, request: web.Request, challenge: str) -> str:
        """Return the header that answers `challenge`, as the server wrote it.

        Basic and digest are known. Returns an empty text for any other scheme.

        >>> call = web.Request("http://localhost/update", method="POST")
        >>> Password("reader", "secret").answer(call, 'Basic realm="graphs"')
        'Basic cmVhZGVyOnNlY3JldA=='
        >>> Password("reader", "secret").answer(call, "Bearer")
        ''
        """
        scheme, _, said = challenge.partition(" ")
        if scheme.lower() == "basic":
            both = f"{self.user}:{self.word}".encode()
            return f"Basic {b64encode(both).decode('ascii')}"
        if scheme.lower() != "digest":
            return ""
        known = web.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, request.full_url, self.user, self.word)
        handler = web.HTTPDigestAuthHandler(known)
        try:
            asked = web.parse_keqv_list([*filter(None, web.parse_http_list(said))])
            made = handler.get_authorization(request, asked)
        except (URLError, ValueError, KeyError):
            return ""
        return f"Digest {made}" if made else ""
