"""An empty form for one area: what is offered in its cells, and what the law asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cspgraph.forms.lookup import Lookup
    from cspgraph.forms.schema import Form, FormColumn
    from cspgraph.questions.answer import Answer

__all__ = ["DUTIES", "TemplateGuide", "checklist", "offers", "question"]

#: The headings of the sheet that tells what the law asks for.
DUTIES = (
    *("Law", "Duty", "Who", "Binding", "In time until", "What would show it"),
    *("Where to write it", "How the law was checked", "Link"),
)
_LONGEST = 400


@dataclass(slots=True)
class TemplateGuide:
    """What helps to fill a form: names to choose from, and duties of the area."""

    title: str = ""
    offers: Mapping[tuple[str, ...], list[str]] = field(default_factory=dict)
    duties: list[list[str]] = field(default_factory=list)


def offers(
    form: Form, choices: Lookup, near: Iterable[str] | None = None, day: str = ""
) -> dict[tuple[str, ...], list[str]]:
    """Return the names to choose from for each kind of column.

    Of bodies, organs and areas only those `near`, by address, that are in being on the
    `day`; none of them without. Lists that are too long to choose from are left out.
    """
    made: dict[tuple[str, ...], list[str]] = {}
    for sheet in form.sheets:
        for column in sheet.columns:
            names = _offered(column, choices, near, day)
            if names and len(names) <= _LONGEST:
                made[column.lists] = names
    return made


def _offered(
    column: FormColumn, choices: Lookup, near: Iterable[str] | None, day: str
) -> list[str]:
    lists = [name for name in column.lists if not name[0].isupper()]
    if not lists:
        return []
    if {"body", "organ", "area"} & set(lists):
        return choices.words(lists, near or (), day)
    return choices.words(lists)


def question(area: str) -> str:
    """Return the question for the duties of the area with this address."""
    return with_prefixes(
        f"""
SELECT DISTINCT ?law ?statement ?bearer ?modality ?due ?shown ?product ?verification ?law_url
WHERE {{
  ?duty csp:area <{area}> ;
    a csp:Duty ;
    csp:modality ?modality ;
    csp:statement ?statement ;
    csp:template ?template ;
    csp:provision ?provision ;
    csp:bearer ?bearer .
  ?provision csp:citation ?law .
  ?template csp:verification ?verification .
  OPTIONAL {{ ?duty csp:product ?product }}
  OPTIONAL {{ ?duty csp:dueBy ?due }}
  OPTIONAL {{ ?template csp:shownBy ?shown }}
  OPTIONAL {{ ?provision csp:lawUrl ?law_url }}
}}
ORDER BY ?law ?statement ?bearer
"""
    )


def checklist(answer: Answer, choices: Lookup) -> list[list[str]]:
    """Return a row for each duty, its bearers together, under the headings `DUTIES`."""
    bearers: dict[tuple[str, ...], list[str]] = {}
    for shown, words in zip(answer, answer.words(), strict=True):
        law, duty, who, binding, due, kind, product, checked, link = words
        told = _told(str(shown["shown"] or ""), kind, product, choices)
        row = (law, duty, binding, due, *told, checked, link)
        bearers.setdefault(row, []).append(who)
    return [
        [row[0], row[1], "; ".join(dict.fromkeys(who)), *row[2:]]
        for row, who in bearers.items()
    ]


def _told(iri: str, kind: str, product: str, choices: Lookup) -> tuple[str, str]:
    """Return what would show that a duty is done, and on which sheet it is written."""
    if not kind:
        return "no document would show it", ""
    about = f" about the {product}" if product else ""
    if choices.find(["kind:DecisionKind"], iri):
        return f"a decision or act of the kind '{kind}'{about}", "Decisions"
    return f"a document of the kind '{kind}'{about}", "Assessments"
