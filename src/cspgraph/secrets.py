"""Keep what lets somebody in out of every message: passwords and tokens are cut.

An address may hold a password, a server may say back what it was sent, and a message is
printed, logged and pasted into reports.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from urllib.parse import quote

__all__ = ["PASSWORD", "TOKEN", "USER", "cut", "cut_address"]

#: The words of the environment in which a user name, a password and a token stand.
USER, PASSWORD, TOKEN = "CSPGRAPH_USER", "CSPGRAPH_PASSWORD", "CSPGRAPH_TOKEN"

_CUT = "..."
_SHORTEST = 4  # a shorter word is found in too many others
_IN_ADDRESS = re.compile(r"(?<![\w@])((?:[A-Za-z][\w+.-]*:)?//)[^\s'\"<>|]*@")
_BARE = re.compile(r"(?<![\w/])[^\s/@'\"<>|]+:[^\s'\"<>|]*@(?=[\w\[])")
_GIVEN = re.compile(
    r"((?:pass(?:word|wd|phrase)?|pwd|secret|(?:access_?|api_?|auth_?|bearer_?|id_?)?token"
    r"|api[-_]?key|access[-_]?key|client_secret|credentials?)[\"']?\s*[=:]\s*[\"']?)[^\s&;,\"'<>]+",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b(basic|bearer|digest|token)\s+[\w+/=.~-]{8,}", re.IGNORECASE)


def cut(text: str) -> str:
    """Return `text` without what lets somebody in: in addresses, after "password=", in headers.

    Words of the environment that are secret are cut wherever they stand.

    >>> cut("http://me:word@example.org/query?token=abc: no answer")
    'http://example.org/query?token=...: no answer'
    >>> cut("Authorization: Bearer abcdefgh")
    'Authorization: Bearer ...'
    """
    if not text or not _may_hold(text):
        return text
    for word in _words():
        text = text.replace(word, _CUT)
    text = _IN_ADDRESS.sub(r"\1", text)
    text = _BARE.sub("", text)
    text = _GIVEN.sub(lambda found: _after(found), text)
    return _HEADER.sub(rf"\1 {_CUT}", text)


def cut_address(address: str) -> str:
    """Return an address without all that stands before its last @, and without tokens.

    >>> cut_address("http://me:my word@localhost/query")
    'http://localhost/query'
    """
    start, found, rest = address.rpartition("@")
    if not found:
        return cut(address)
    scheme, slashes, _ = start.partition("//")
    return cut(f"{scheme}{slashes}{rest}" if slashes else rest)


def _after(found: re.Match[str]) -> str:
    rest = ":" if found[0].endswith(":") else ""
    return f"{found[1]}{_CUT}{rest}"


def _may_hold(text: str) -> bool:
    low = text.lower()
    marks = ("@", "pass", "pwd", "secret", "token", "key", "basic", "bearer", "digest")
    return any(mark in low for mark in (*marks, "credential")) or any(
        word in text for word in _words()
    )


def _words() -> list[str]:
    """Return the secret words of the environment, as a server may say them back."""
    user, word, token = (os.environ.get(name, "") for name in (USER, PASSWORD, TOKEN))
    both = b64encode(f"{user}:{word}".encode("utf-8", "replace")).decode()
    found = [w for w in (word, token) if len(w) >= _SHORTEST]
    found += [quote(w, safe="") for w in found] + ([both] if word else [])
    return sorted(set(found), key=len, reverse=True)
