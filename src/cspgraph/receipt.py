"""What an answer says about itself: what is needed to produce it again, and how far it reaches.

Law, register and records were looked at until some day; that is the horizon. An
answer for a later day says so, on what it depends, and what is to change by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

__all__ = [
    "HORIZON",
    "Json",
    "Receipt",
    "day_in_words",
    "reach",
    "receipt_in_words",
    "supposed",
    "warning",
]

#: A value that JSON can hold.
Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
#: What an answer says of itself.
Receipt = Mapping[str, Any]

#: The keys of a receipt that say how far it reaches, and what each says in words.
HORIZON = {
    "law_read": "law read by",
    "register_made": "register made on",
    "records_seen": "records looked at by",
}
_NOT_SAID = "a day that is not known"
_SHOWN = 3


def reach(receipt: Receipt) -> str:
    """Return in words the days up to which law, register and records are known.

    Empty for a receipt that says nothing of it.

    >>> reach({"law_read": "2026-11-23", "register_made": "2026-11-23", "records_seen": None})
    'Law read by 23 November 2026, register made on 23 November 2026, records looked at by a day that is not known.'
    """
    said = [f"{HORIZON[k]} {day_in_words(receipt[k])}" for k in HORIZON if k in receipt]
    whole = ", ".join(said)
    return f"{whole[0].upper()}{whole[1:]}." if whole else ""


def supposed(receipt: Receipt) -> str:
    """Return the words that follow a day beyond the horizon; empty for any other.

    >>> supposed({"law_read": "2026-11-23", "beyond": {"since": "2026-11-23"}})
    ', if the law stays as read by 23 November 2026'
    """
    if not receipt.get("beyond"):
        return ""
    return f", if the law stays as read by {day_in_words(receipt.get('law_read'))}"


def warning(receipt: Receipt) -> str:
    """Return what must be said before an answer, or "".

    That is said for a day beyond the horizon, and of law that was read before a change.

    >>> beyond = {"since": "2026-11-23", "holds_if": "nothing changes", "changes": []}
    >>> warning({"beyond": beyond})
    'This looks beyond 23 November 2026. It holds only if nothing changes.'
    >>> read = {"law": "X 2014 s.1", "text_as_at": "2025-02-05", "changed_by": "Y Act", "sure": False}
    >>> warning({"text_read": [read]})
    'Text read as at 5 February 2025, which Y Act may have changed since: X 2014 s.1.'
    """
    return " ".join(filter(None, [_beyond(receipt), _text_read(receipt)]))


def _text_read(receipt: Receipt) -> str:
    """Return in words which law was read before a change, as at which day."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in receipt.get("text_read", ()):
        how = "changed" if one["sure"] else "may have changed"
        change = f"which {one['changed_by']} {how} since"
        said.setdefault((day_in_words(one["text_as_at"]), change), []).append(
            one["law"]
        )
    return " ".join(
        f"Text read as at {day}, {change}: {', '.join(laws[:_SHOWN])}"
        + (f" and {len(laws) - _SHOWN} more" if len(laws) > _SHOWN else "")
        + "."
        for (day, change), laws in said.items()
    )


def _beyond(receipt: Receipt) -> str:
    """Return what must be said of a day beyond the horizon."""
    beyond = receipt.get("beyond")
    if not isinstance(beyond, Mapping):
        return ""
    since = f"This looks beyond {day_in_words(beyond['since'])}."
    ended = list(dict.fromkeys(_changes(beyond.get("ended"))))
    said = [since]
    if ended:
        others = f"; and {len(ended) - _SHOWN} more" if len(ended) > _SHOWN else ""
        over = "; ".join(ended[:_SHOWN]) + others
        said.append(
            f"Over by then, by an order that is made: {over}. What stands here"
            " is as it was before; ask for what takes its place by its own name."
        )
    said.append(f"It holds only if {beyond['holds_if']}.")
    changes = [one for one in _changes(beyond["changes"]) if one not in ended]
    if changes:
        more = len(changes) - _SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        shown = "; ".join(changes[:_SHOWN])
        said.append(f"Made, announced or proposed for then: {shown}{rest}.")
    return " ".join(said)


def _changes(found: Json) -> Iterator[str]:
    for one in found if isinstance(found, Sequence) else ():
        if isinstance(one, Mapping):
            day = day_in_words(one["day"]) if one["day"] else "no day named"
            why = ", ".join(str(one[k]) for k in ("status", "source") if one[k])
            yield f"{day}: {one['what']} ({why})"


def day_in_words(day: Json) -> str:
    """Return an ISO day as people write it, or say that it is not known.

    >>> day_in_words("2026-11-23")
    '23 November 2026'
    """
    return f"{date.fromisoformat(str(day)):%-d %B %Y}" if day else _NOT_SAID


#: What a receipt says in words, in this order.
_NOTES = (
    *("area", "areas_held", "widened", "doubt", "presumed"),
    *("left out", "rows left out", "sources"),
)


def receipt_in_words(given: Receipt) -> str:
    """Return a receipt in words: what makes another answer, then version and digests.

    >>> receipt_in_words({"version": "1.0.0", "engine": "pyoxigraph", "law": "0123456789abcdef"})
    'cspgraph 1.0.0, pyoxigraph, law 0123456789ab'
    """
    digests = "".join(
        f", {name} {str(given[name])[:12]}"
        for name in ("law", "register", "records", "rules")
        if name in given
    )
    notes = "".join(
        f"{name.capitalize().replace('_', ' ')}: {given[name]}.\n"
        for name in _NOTES
        if name in given
    )
    known = reach(given)
    notes += f"{known}\n" if known else ""
    return f"{notes}cspgraph {given['version']}, {given['engine']}{digests}"
