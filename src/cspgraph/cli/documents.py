"""The commands `brief` and `draw`: documents and pictures of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.cli.console import hint, note, put, warn
from cspgraph.cli.shared import Day, Files, Scenario, With
from cspgraph.errors import ParameterError
from cspgraph.render import write

if TYPE_CHECKING:
    from cspgraph.overview.views import AreaDiagram, ViewDiagram

__all__ = ["app"]

_TABLES = (".md", ".html")
_DRAWN = (".svg", ".mmd", *_TABLES)

app = typer.Typer()


@app.command()
def draw(
    what: Annotated[
        Literal["area", "country", "duties", "law", "priorities", "decisions"],
        typer.Argument(
            help="Roles of an area, England and Wales counted, or one of the views."
        ),
    ],
    name: Annotated[
        str,
        typer.Argument(
            help="The area, a name or code; for 'law' an instrument or none."
        ),
    ] = "",
    on: Day = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write: .svg, .mmd, .md, .html, or for a view .graphml; of a country .md or .html.",
        ),
    ] = None,
    nodes: Annotated[
        int, typer.Option(min=2, help="Draw at most so many nodes of a view.")
    ] = 60,
    body: Annotated[
        str, typer.Option(help="Of 'duties', those of one body only.")
    ] = "",
    product: Annotated[
        str,
        typer.Option(help="Of 'duties' and 'decisions', one kind of document only."),
    ] = "",
    scenario: Scenario = "",
    own: With = None,
) -> None:
    """Draw an area, or a view of the graph: bodies and duties, law, priorities, decisions.

    'area' is who holds which role by which law; 'country' counts England and Wales.
    A picture never comes without its rows in words: Mermaid with a table below it if
    no file is named. What a view leaves out it says.

    \b
    For example:
      cspgraph draw area Dorset --on 2024-07-23 -o dorset.html
      cspgraph draw duties Dorset --product CrimeAndDisorderStrategy -o duties.svg
      cspgraph draw law "Crime and Disorder Act 1998" --nodes 120 -o act.graphml
      cspgraph draw decisions Dorset --on 2024-10-11
      cspgraph draw country --on 2024-07-23
    """  # noqa: D301
    if not name and what not in ("country", "law"):
        raise ParameterError(
            f"{what}: no name follows; write cspgraph draw {what} Dorset"
        )
    if what == "country" and name:
        raise ParameterError(
            f"country: England and Wales are counted together; leave {name!r} out"
        )
    from cspgraph.graph import load
    from cspgraph.rdf import save

    known = _TABLES if what == "country" else _DRAWN
    if what not in ("country", "area"):
        known = (*known, ".graphml")
    ending = save.ending(output, known) if output is not None else ""
    given = {k: v for k, v in (("body", body), ("product", product)) if v}
    if given and what in ("country", "area"):
        problem = f"{what!r} cannot be narrowed; leave --{next(iter(given))} out"
        raise ParameterError(problem)
    graph = load(*(own or []), scenario=scenario, tell=hint)
    from cspgraph.overview.summary import Summary

    made: AreaDiagram | ViewDiagram | Summary
    if what == "country":
        made = graph.summary(on=on)
    else:
        made = graph.draw(name, view=what, nodes=nodes, on=on, **given)
    warn(made.receipt if isinstance(made, Summary) else made.answer.receipt)
    if output is None:
        put(f"{made}\n")
        return
    save.save(made.forms[ending](), output)
    rows = ", its rows in its description; .md and .html have them as a table"
    said = f"{output}: written{rows if ending in ('.svg', '.mmd') else ''}."
    note(" ".join(filter(None, [said, getattr(made, "left_out", "")])))


@app.command()
def brief(
    files: Files = None,
    area: Annotated[str, typer.Option(help="The area: a name or code.")] = "",
    product: Annotated[
        str,
        typer.Option(help="The kind of document, such as csp-plan."),
    ] = "",
    on: Day = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="The file to write: .md, .html, .docx or .json."
        ),
    ] = None,
    scenario: Scenario = "",
) -> None:
    """Write the checklist for the report on which a council decides about a document.

    Who must adopt it and on what basis, what it must hold, who is to be consulted or
    sent it, what is on record, by when, and a draft of the reason for the
    recommendation: each line with its provision, its day and its doubt.

    \b
    For example:
      cspgraph brief --area Ashford --on 2024-07-23 --product csp-plan -o brief.docx
      cspgraph brief my-record.trig --area Dorset --product "youth justice plan"
    """  # noqa: D301
    from cspgraph.errors import ParameterError
    from cspgraph.graph import load
    from cspgraph.rdf import save

    for name, given in (("area", area), ("product", product)):
        if not given:
            raise ParameterError(f"{name}: missing; write --{name} and its name")
    endings = (*write.ENDINGS, ".json")
    ending = save.ending(output, endings) if output is not None else ""
    made = load(*(files or ()), scenario=scenario, tell=hint).brief(
        area, product, on=on
    )
    warn(made.told.receipt)
    if output is None:
        put(made.to_markdown())
        return
    data = (
        made.to_json().encode()
        if ending == ".json"
        else write.document(made.paper(), ending)
    )
    save.save(data, output)
    note(f"{output}: written, {sum(made.counts.values())} duties{made.over}.")
