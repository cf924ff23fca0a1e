"""A report in a notebook: a sentence, what to look at first, and the rest in closed parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cspgraph.render import html
from cspgraph.render.escape import html_text, visible
from cspgraph.report.findings import CAUTION, gathered, groups, other, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cspgraph.report.findings import CheckResult, DutyStatus, Finding

__all__ = ["written"]

#: How many things to look at first stand open.
_OPEN = 8
_FIRST = "look first"


def written(report: CheckResult) -> str:
    """Return the report as a part of a notebook, that fits a screen until it is opened."""
    return html.fragment(_parts(report))


def _parts(report: CheckResult) -> Iterator[str]:
    if report.warning:
        yield f"<p>{_safe(report.warning)}</p>"
    yield f"<p><b>{_safe(report.line)}</b></p>"
    yield f"<p>{_safe(CAUTION)}</p>"
    folds = [(group, fold) for group in groups(report.findings) for fold in group.folds]
    first = [
        _found(group.law, fold.first, report.area, fold.more)
        for group, fold in folds
        if fold.weight == _FIRST
    ]
    rest = [
        _found(group.law, fold.first, report.area, fold.more)
        for group, fold in folds
        if fold.weight != _FIRST
    ]
    yield _part(f"{len(first)} to look at first", first[:_OPEN], opened=True)
    if first[_OPEN:]:
        yield _part(f"{len(first) - _OPEN} more to look at first", first[_OPEN:])
    if rest:
        yield _part(f"{len(rest)} more to look at", rest)
    for name, duties in _by_body(report.duties):
        count = Counter(duty.standing for duty in duties)
        stand = ", ".join(f"{n} {how}" for how, n in count.most_common())
        title = f"{name}: {len(duties)} {'duty' if len(duties) == 1 else 'duties'} ({stand})"
        yield _part(title, [_duty(duty) for duty in duties])
    if report.witnesses:
        told = [
            f"{_safe(w.statement)} <small>({_safe(w.law)}; {_safe(w.shown)}; {_safe(w.source)})</small>"
            for w in gathered(report.witnesses)
        ]
        yield _part("What is on record", told)
    if report.since:
        gone = [
            f"{who(f, report.area)}: {f.duty or f.message}" for f in report.resolved
        ]
        yield _part(f"No longer found since {report.since}", map(_safe, gone))
    notes = [*report.not_checked, *filter(None, [report.reach])]
    if notes:
        yield _part(
            f"{len(report.not_checked)} not checked, and how far this reaches",
            map(_safe, notes),
        )


def _part(title: str, items: Iterable[str], *, opened: bool = False) -> str:
    said = "".join(f"<li>{item}</li>" for item in items) or "<li>Nothing.</li>"
    opening = "<details open>" if opened else "<details>"
    return f"{opening}<summary>{_safe(title)}</summary><ul>{said}</ul></details>"


def _found(law: str, finding: Finding, area: str, more: str) -> str:
    """Return one thing to look at: what, who, and the law behind its citation."""
    said = _safe(finding.duty or finding.message or other(finding, area))
    about = [_safe(who(finding, area))] if finding.duty else []
    about += [_cited(law, finding.link)] if law else []
    about += [_safe(more)] if more else []
    return f"{said} <small>({'; '.join(about)})</small>" if about else said


def _duty(duty: DutyStatus) -> str:
    return (
        f"{_safe(duty.statement)} <small>({_cited(duty.law, duty.link)};"
        f" {_safe(duty.standing)})</small>"
    )


def _cited(law: str, link: str) -> str:
    """Return a citation that leads to its provision."""
    address = html.linked(visible(link))
    if not address.startswith("<a "):
        return _safe(law)
    start = address.partition(">")[0]
    return f"{start}>{_safe(law)}</a>"


def _by_body(duties: Iterable[DutyStatus]) -> list[tuple[str, list[DutyStatus]]]:
    """Return the duties of each body, those with the most first."""
    found: defaultdict[str, list[DutyStatus]] = defaultdict(list)
    for duty in duties:
        for body in duty.bodies:
            found[body].append(duty)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _safe(text: str) -> str:
    return html_text(visible(text))
