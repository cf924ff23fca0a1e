"""A report as Markdown, for a committee paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.render.escape import followed
from cspgraph.render.escape import markdown_text as safe
from cspgraph.report.findings import CAUTION, gathered, groups, other, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cspgraph.report.findings import CheckResult, Fold

__all__ = ["written"]


def written(report: CheckResult) -> str:
    """Return the report as Markdown: headings, lists and tables, nothing active."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: CheckResult) -> Iterator[str]:
    place = f" for {safe(report.area)}" if report.area else ""
    yield f"# Check of the record{place}, {report.on:%-d %B %Y}"
    if report.warning:
        yield from ("", f"> {safe(report.warning)}")
    yield from ("", safe(report.line), "", f"> {safe(CAUTION)}")
    if report.reach:
        yield from ("", safe(report.reach))
    yield from _table("How the duties stand", ("standing", "duties"), _counts(report))
    if report.not_checked:
        yield from ("", "## Not checked", "")
        yield from (f"- {safe(item)}" for item in report.not_checked)
    yield from ("", "## What to look at")
    found = groups(report.findings)
    if not found:
        yield from ("", "Nothing was found.")
    for group in found:
        yield from ("", f"### {_law(group.law, group.link)}{safe(group.title)}", "")
        for fold in group.folds:
            yield from _fold(fold, report.area)
    yield from _table(
        "What is on record",
        ("law", "duty", "who", "shown by", "where"),
        (
            [w.law, w.statement, "; ".join(w.bodies), w.shown, w.places]
            for w in gathered(report.witnesses)
        ),
    )
    if report.since:
        yield from ("", f"## No longer found since {safe(report.since)}", "")
        yield from (
            f"- {safe(who(f, report.area))}: {safe(f.duty or f.message)}"
            for f in report.resolved
        )


def _counts(report: CheckResult) -> list[list[str]]:
    return [[name, str(count)] for name, count in report.standings.items()]


def _table(
    title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]
) -> Iterator[str]:
    heads = list(heads)
    yield from ("", f"## {title}", "")
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(safe, row))} |"


def _law(law: str, link: str) -> str:
    if not law:
        return ""
    return f"[{safe(law)}]({link}): " if followed(link) else f"{safe(law)}: "


def _fold(fold: Fold, area: str) -> Iterator[str]:
    yield f"- **{fold.weight.capitalize()}:** {safe(who(fold.first, area))}"
    for title, text in fold.told():
        yield f"  - {title.capitalize()}: {safe(text)}"
    if fold.more:
        named = "; ".join(safe(other(finding, area)) for finding in fold.rest)
        yield f"  - {fold.more}: {named}"
