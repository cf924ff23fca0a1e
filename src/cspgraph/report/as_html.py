"""A report as one HTML page that needs nothing else: no scripts, no other files.

It keeps to patterns of public services: a table of counts, inset text, a summary list
for each finding. It fits a narrow screen and A4, and no meaning is in colour alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cspgraph.render import html
from cspgraph.render.escape import html_text, visible
from cspgraph.report.findings import CAUTION, gathered, groups, other, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.report.findings import CheckResult, Evidence, Finding, Fold, Group

__all__ = ["written"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_STYLE = """
body{font-size:1.1875rem;line-height:1.32}main{max-width:60rem}
.inset{border-left:.6rem solid #b1b4b6;padding:1rem;margin:1.5rem 0}
.cspgraph table{width:100%}
dl{margin:0 0 1.5rem}dl>div{border-bottom:1px solid #b1b4b6;padding:.4rem 0}
dt{font-weight:bold}dd{margin:0}
@media (min-width:48em){dl>div{display:flex}dt{flex:0 0 25%;padding-right:1rem}dd{flex:1;min-width:0}}
@media print{dl{break-inside:avoid}}
"""


def written(report: CheckResult) -> str:
    """Return the report as a page of its own."""
    place = f"{report.area}, " if report.area else ""
    title = visible(f"Check of the record: {place}{report.on:%-d %B %Y}")
    return html.page(title, _parts(report), _STYLE)


def _parts(report: CheckResult) -> Iterator[str]:
    if report.warning:
        yield f'<p class="inset">{_safe(report.warning)}</p>'
    yield f"<p>{_safe(report.line)}</p>"
    if report.reach:
        yield f"<p>{_safe(report.reach)}</p>"
    yield f'<p class="inset">{_safe(CAUTION)}</p>'
    counts = [[name, str(count)] for name, count in report.standings.items()]
    yield _table("How the duties stand", ("Standing", "Duties"), counts)
    if report.not_checked:
        yield _list("Not checked", report.not_checked)
    yield "<h2>What to look at</h2>"
    found = groups(report.findings)
    if not found:
        yield "<p>Nothing was found.</p>"
    for group in found:
        yield from _group(group, report.area)
    if report.witnesses:
        yield "<h2>What is on record</h2>"
    for witness in gathered(report.witnesses):
        yield f"<h3>{_safe(f'{witness.law}: {witness.statement}')}</h3>"
        yield _summary(_shown(witness))
    if report.since:
        gone = [
            f"{who(f, report.area)}: {f.duty or f.message}" for f in report.resolved
        ]
        yield _list(f"No longer found since {report.since}", gone or ["nothing"])


def _group(group: Group, area: str) -> Iterator[str]:
    law = f"{group.law}: " if group.law else ""
    yield f"<h3>{_safe(law + group.title)}</h3>"
    if group.link:
        yield f"<p>The law as it stood: {html.linked(visible(group.link))}</p>"
    for fold in group.folds:
        yield _summary(_told(fold, area))


def _told(fold: Fold, area: str) -> Iterator[tuple[str, str]]:
    first = fold.first
    yield "Weight", _safe(fold.weight.capitalize())
    yield "Who" if first.duty else "What", _marked(who(first, area), first.language)
    for title, text in fold.told():
        language = first.value_language if title == "found" else ""
        yield title.capitalize(), _marked(text, language)
    if fold.more:
        yield fold.more, "; ".join(_other(f, area) for f in fold.rest)


def _shown(witness: Evidence) -> Iterator[tuple[str, str]]:
    yield "Who", _safe("; ".join(witness.bodies))
    yield "Shown by", _safe(witness.shown)
    for title, text in (("Source", witness.source), ("Where", witness.where)):
        if text:
            yield title, _safe(text)
    if witness.link:
        yield "Law", html.linked(visible(witness.link))


def _other(finding: Finding, area: str) -> str:
    return _marked(other(finding, area), finding.language)


def _summary(rows: Iterable[tuple[str, str]]) -> str:
    said = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>\n" for k, v in rows)
    return f"<dl>\n{said}</dl>"


def _list(title: str, items: Iterable[str]) -> str:
    said = "".join(f"<li>{_safe(item)}</li>\n" for item in items)
    return f"<h2>{_safe(title)}</h2>\n<ul>\n{said}</ul>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column names its rows."""
    return html.named_table(
        _safe(caption), heads, [[_safe(c) for c in r] for r in rows]
    )


def _marked(text: str, language: str) -> str:
    """Return `text` with its language, where that is not the language of the page."""
    if not _LANGUAGE.fullmatch(language) or language.partition("-")[0] == "en":
        return _safe(text)
    return f'<span lang="{_safe(language)}">{_safe(text)}</span>'


def _safe(text: str) -> str:
    return html_text(visible(text))
