"""What an answer says of itself: a receipt, which is written as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Json", "Receipt"]

#: A value that JSON can hold.
Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
#: What an answer says of itself: by what it can be given again, and how far it reaches.
Receipt = Mapping[str, Json]
