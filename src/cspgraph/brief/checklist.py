"""Put a brief together from the answers to questions that anybody can ask."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from cspgraph.brief.brief import Brief, Part
from cspgraph.brief.lines import (
    BriefLine,
    Standing,
    doubts,
    duty_lines,
    formed,
    sentences,
    standings,
    worded,
)
from cspgraph.errors import ParameterError
from cspgraph.questions.doubts import PRESUMED
from cspgraph.rdf.terms import OPEN_END
from cspgraph.register.spread import MOST_AREAS, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cspgraph.questions.answer import Answer
    from cspgraph.rdf.labels import Labels
    from cspgraph.receipt import Json, Receipt
    from cspgraph.register.register import Register

    Ask = Callable[..., Answer]

__all__ = ["checklist"]

_DECIDING = ("Adopt",)
_TELLING = ("Consult", "Send", "Publish", "Report", "Meet")
_REGARD = "HaveRegard"
_RESERVED = ("ReservedTo", "BelongsTo")


def checklist(
    answer: Ask,
    register: Register,
    labels: Labels,
    area: str,
    product: str,
    on: date,
) -> Brief:
    """Return the brief on the document `product` in `area` on the day `on`.

    `answer` is `KnowledgeGraph.answer` over `register` and `labels`; its errors are passed on. Raises
    `ParameterError` for an area that stands for too many.
    """
    label = labels.label
    stands_for = spread(register, labels.known("area", area, "area", on).value, on)
    count = len(stands_for.areas)
    if count > MOST_AREAS:
        named = labels.named(stands_for.asked)
        problem = f"{named} stands for {count} areas, too many for one brief"
        raise ParameterError(f"area: {problem}; name a county or a district")
    read: dict[str, Json] = {}

    def told(name: str, **given: str | date | None) -> Answer:
        found = answer(name, **given)
        read.update((str(one), one) for one in found.receipt.get("text_read", ()))
        return found

    duties = told("document-duties", on=on, area=area, product=product)
    place, kind = (duties.parameters[name][0].value for name in ("area", "product"))
    asked = ["document-duties"]

    def ask(name: str, **given: str) -> Answer:
        asked.append(name)
        return told(name, on=duties.on, area=place, **given)

    standing, bodies = ask("standing"), ask("bodies-of-area")
    lines = duty_lines(duties, standings(standing), _holders(bodies))
    own = {line.document for line in lines} | {label(kind)}
    deciding = [line for line in lines if line.action in _DECIDING or _kept(line)]
    rest = [line for line in lines if line not in deciding]
    making = [line for line in rest if line.action not in (*_TELLING, _REGARD)]
    telling = [line for line in rest if line.action in _TELLING]
    regard = [replace(o, role="") for o in rest if o.action == _REGARD]
    asked.append("adoption-basis")
    rules = told("adoption-basis", on=duties.on, product=kind)
    bound = [name for o in rest if o.document == label(kind) for name in o.who]
    deciding += _rules(rules, place, tuple(dict.fromkeys(bound)), alone=not deciding)
    claimed = _claimed(ask("who-must-adopt"), own)
    parts = (
        Part(
            "deciding",
            "Who decides",
            _on_deciding(deciding, duties.receipt),
            (*deciding, *claimed),
        ),
        _contents(ask("document-contents", product=kind)),
        Part("making", "What must be done to make it", "", tuple(making)),
        Part("telling", "Who must be consulted, told or sent it", "", tuple(telling)),
        Part("regard", "To what regard must be had", "", tuple(regard)),
        _changing(ask, duties, deciding),
        _dates(lines, ask("plan-dates"), own),
        _bound([*making, *telling], bodies, ask("role-holders")),
    )
    shown = tuple(part for part in parts if part.lines or part.says)
    day: date = duties.on  # type: ignore[assignment]
    seen = min(str(day), str(duties.receipt.get("records_seen") or day))
    known = (label(kind), label(place), day.fromisoformat(seen))
    reason = sentences(parts[0].lines, making, *known)
    areas = count if stands_for.wide else 1
    if read:
        receipt = {**duties.receipt, "text_read": list(read.values())}
        duties = replace(duties, receipt=receipt)
    return Brief(
        label(place), label(kind), day, shown, reason, tuple(asked), duties, areas
    )


def _kept(line: BriefLine) -> bool:
    """Return whether `line` says which organ of a council decides or drafts."""
    return line.modality in _RESERVED


def _on_deciding(lines: Sequence[BriefLine], receipt: Receipt) -> str:
    if lines:
        taken = f" {receipt[PRESUMED]}." if PRESUMED in receipt else ""
        return f"Each council decides for itself: where two are bound there are two decisions.{taken}"
    return "The law held here does not say which organ of a council adopts it."


def _rules(
    answer: Answer, place: str, bound: tuple[str, ...], *, alone: bool
) -> list[BriefLine]:
    """Return the rules on who adopts in the country of `place`, for those who are `bound`.

    Where no duty to adopt is worked out, such as for a county, they stand `alone`;
    elsewhere only a rule that nobody need adopt adds something.
    """
    country = "Wales" if place.rpartition("/")[2].startswith("W") else "England"
    return [
        BriefLine(
            what=said["statement"],
            who=bound if row["law"] else (),
            basis=f"{said['organ']}: {said['basis']}" if row["law"] else _NOBODY,
            provided=formed(said["governance"]),
            law=said["law"],
            law_url=said["law_url"],
            since=row["since"],  # type: ignore[arg-type]
            since_by=row["since_by"],  # type: ignore[arg-type]
            doubt=(*doubts(row, said), *([_NOT_DERIVED] if row["law"] else [])),
            action="Adopt" if row["law"] else "",
            document=said["product"],
        )
        for row, said in worded(answer)
        if said["country"] == country
        and str(row["since"] or row["since_by"] or "")
        <= str(answer.on)
        < str(row["until"] or OPEN_END)
        and (bound and alone if row["law"] else said["basis"] == "not-required")
    ]


def _claimed(adopted: Answer, own: set[str]) -> list[BriefLine]:
    """Return what documents say about who adopts and no provision was found for."""
    return [
        BriefLine(
            what=f"the {said['organ']} adopts the {said['product']} (paragraph"
            f" {said['claim']})",
            who=(said["body"],),
            basis="a document says so; no provision was found",
            doubt=doubts(row, said),
            action="Adopt",
            document=said["product"],
        )
        for row, said in worded(adopted)
        if not row["law"] and said["product"] in own
    ]


def _contents(answer: Answer) -> Part:
    """Return what the document must hold, a line for each provision that says so."""
    found = (
        BriefLine(
            what=said["content"],
            law=said["law"],
            law_url=said["law_url"],
            since=row["since"],  # type: ignore[arg-type]
            since_by=row["since_by"],  # type: ignore[arg-type]
            doubt=doubts(row, said),
            note=said["note"],
            document=said["document"],
            checked=said["verification"],
        )
        for row, said in worded(answer)
    )
    lines = tuple(dict.fromkeys(found))  # several areas are asked for the same
    none = "The law held here has no list of what it must hold."
    of = " and ".join(dict.fromkeys(f"the {line.document}" for line in lines))
    says = f"This is asked of {of}." if lines else none
    return Part("contents", "What it must hold", says, lines)


def _changing(ask: Ask, duties: Answer, deciding: Sequence[BriefLine]) -> Part:
    """Return who decides on a later change, and whether an exception is on record."""
    kept = {line.document for line in deciding if line.action == "Revise"}
    kinds = {
        str(row["document"]): None
        for row, said in worded(duties)
        if said["document"] in kept
    }
    lines = tuple(
        BriefLine(
            what=f"{said['answer']}; exception: {said['exception'] or 'none held here'}",
            who=(said["body"],),
            law=said["law"],
            law_url=said["law_url"],
            standing=Standing("", said["recorded"], said["source"]),
            doubt=doubts(row, said),
            checked=said["verification"],
        )
        for kind in kinds
        for row, said in worded(ask("amendment-allowed", product=kind))
    )
    return Part("changing", "A later change or refresh", "", lines)


def _dates(lines: Iterable[BriefLine], plans: Answer, own: set[str]) -> Part:
    """Return what has a last day in the law, and when documents on record run out."""
    due = sorted(
        (line for line in lines if line.due), key=lambda o: (str(o.due), o.law, o.what)
    )
    periods = [
        BriefLine(
            what=f"{said['document']}: its own period ends ({said['status']})",
            due=row["due"],  # type: ignore[arg-type]
            standing=Standing("", said["last_recorded"], said["source"]),
            doubt=("the day is that of the document, not of the law",),
        )
        for row, said in worded(plans)
        if row["document"] and not row["law"] and row["due"] and said["kind"] in own
    ]
    none = "The law held here sets no day of the year for it."
    return Part("dates", "Dates", "" if due else none, (*due, *periods))


def _holders(bodies: Answer) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the bodies that hold each role."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for _, said in worded(bodies):
        if said["body"]:
            found[said["role"]][said["body"]] = None
    return {role: tuple(names) for role, names in found.items()}


def _bound(lines: Iterable[BriefLine], bodies: Answer, holders: Answer) -> Part:
    """Return which bodies hold the roles that `lines` speak of, and by which law."""
    wanted = {line.role for line in lines}
    wanted |= {role.partition(" (")[0] for o in lines for role in o.with_whom}
    address = {said["law"]: said["law_url"] for _, said in worded(holders)}
    found = tuple(
        BriefLine(
            what=said["role"],
            who=(said["body"] or "the register names no body",),
            law=said["law"],
            law_url=address.get(said["law"], ""),
            since=row["since"],  # type: ignore[arg-type]
            since_by=row["since_by"],  # type: ignore[arg-type]
            doubt=(
                *doubts(row, {**said, "confidence": "high"}),
                *([_SURE.format(said["confidence"])] if _unsure(said) else []),
                *filter(None, [said["assumption"]]),
            ),
            checked=said["verification"],
        )
        for row, said in worded(bodies)
        if said["role"] in wanted
    )
    return Part("bound", "Who is bound", "", found)


_NOBODY = "no adoption is asked for; no provision was found"
_NOT_DERIVED = (
    "the rule is given as it stands; no duty is worked out from it for this area"
)
_SURE = "how sure the register is of the body: {}"


def _unsure(said: Mapping[str, str]) -> bool:
    return said["confidence"] not in ("high", "")
