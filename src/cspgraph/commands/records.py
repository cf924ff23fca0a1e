"""The commands `template`, `import` and `export`: a record as a form, there and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph.commands import FINDINGS, PARTIAL, Day
from cspgraph.errors import FileError, did_you_mean
from cspgraph.terminal import hint, note, say, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

    from cspgraph.forms.choices import Choices
    from cspgraph.forms.record import Record
    from cspgraph.library import Library

__all__ = ["app"]

_TEXTS = (".trig", ".nq", ".jsonld")

app = typer.Typer()


@app.command()
def template(
    area: Annotated[str, typer.Option(help="The area: a name or code.")],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="A workbook (.xlsx), a .yaml file, or a folder."
        ),
    ],
    on: Day = None,
) -> None:
    """Make an empty form for the records of an area.

    It lists what the law asks for there, and offers the names of the bodies of the
    area on that day.

    \b
    For example:
      cspgraph template --area Ashford -o ashford.xlsx
    """  # noqa: D301
    from cspgraph.commands import day_or_today
    from cspgraph.forms import blank, dresses
    from cspgraph.forms.form import form
    from cspgraph.forms.rows import Filled
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.inquiry.asking import day_of
    from cspgraph.inquiry.rounds import refuse_unbound
    from cspgraph.library import Library
    from cspgraph.receipts import supposed, warning

    if not dresses.is_form(output):
        problem = (
            "a form is a workbook (.xlsx), a .yaml file or a folder without ending"
        )
        raise FileError(output, problem)
    if Path(output).exists():
        problem = "it is there already and may be filled in; choose another name"
        raise FileError(output, problem)
    day, library = day_of("on", day_or_today(on)), Library(tell=hint)
    place = library.area(area, day)
    refuse_unbound(library.register, library.names, place, day)
    library.limit = frozenset({place})
    asked = KnowledgeGraph(library, day).select(blank.question(place))
    choices, name = _choices(library), library.names.label(place)
    near = library.register.surroundings(place)
    reach = library.reach([day], [place])
    warn(reach)
    stays = f"{day:%-d %B %Y}{supposed(reach)}"
    guide = blank.Guide(
        ". ".join(filter(None, [f"{name} on {stays}: {_ABOUT}", warning(reach)])),
        blank.offers(form(), choices, near, str(day)),
        blank.checklist(asked, choices),
    )
    from cspgraph.forms.cells import slug

    start = {"Name": f"{slug(name)}-{day.year}", "Area": name, "Day": str(day)}
    dresses.write(Filled(start), form(), guide, output)
    note(f"{output}: written, with {len(guide.duties)} duties of {name} on {stays}.")


_ABOUT = (
    "a form for what is on record. Fill the sheets that you need and leave the others."
    " Blank means 'no record', never 'no'. Then run: cspgraph import"
)


@app.command("import")
def import_(
    file: Annotated[
        str,
        typer.Argument(help="The filled form: a workbook, a .yaml file or a folder."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="The record to write: .trig.")
    ],
    beside: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            help="Records of yours that the form points to; repeat it for more.",
        ),
    ] = None,
    *,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Write what is right; say what was left out."),
    ] = False,
) -> None:
    """Make a record from a filled form, or say everything that is wrong with it.

    Nothing is written when anything is wrong, and the command ends with 1; with
    --partial the rows that are right are written, and it ends with 4.

    \b
    For example:
      cspgraph import ashford.xlsx -o my-record.trig
    """  # noqa: D301
    from cspgraph import sources, writing
    from cspgraph.forms import dresses, record
    from cspgraph.forms.form import form
    from cspgraph.library import Library
    from cspgraph.recording import canonical

    writing.ending(output, (".trig",))
    grid = dresses.grid(file, form())
    own = [source for path in beside or [] for source in sources.own(path)]
    made = record.read(grid, form(), _choices(Library(own)))
    _told(made, file, partial=partial)
    if made.problems and not partial:
        raise typer.Exit(FINDINGS)
    if not made.quads:
        raise FileError(file, "no row is filled; there is nothing to write")
    writing.save(canonical.trig(made.quads, file), output)
    note(f"{output}: written, {_counted(made)}.")
    if made.blank:
        note(f"{_blank(made)}")
    if made.problems:
        raise typer.Exit(PARTIAL)


def _told(made: Record, file: str, *, partial: bool) -> None:
    """Print every problem, and what is left out for them."""
    count = len(made.problems)
    for remark in made.remarks:
        note(f"cspgraph: {remark}")
    if not count:
        return
    what = "what is right was written" if partial else "nothing was written"
    lines = [f"{file}: {count} problem{'s' * (count > 1)}; {what}."]
    lines += [f"  {problem}" for problem in made.problems]
    if partial:
        lines += ["Left out:", *(f"  {row}" for row in made.left_out)]
    say("\n".join(lines))


_ONE = {"strategies": "strategy", "priorities": "priority", "searches": "search"}


def _counted(made: Record) -> str:
    words = []
    for sheet, count in made.counts.items():
        name = sheet.lower()
        one = _ONE.get(name, name.removesuffix("s"))
        words.append(f"{count} {one if count == 1 else name}")
    return ", ".join(words)


def _blank(made: Record) -> str:
    count = len(made.blank)
    few = "; ".join(made.blank[:10]) + ("; and more" if count > 10 else "")
    one = (
        "1 cell is blank and counts"
        if count == 1
        else f"{count} cells are blank and count"
    )
    return f"{one} as 'no record': {few}."


@app.command()
def export(
    what: Annotated[
        list[str],
        typer.Argument(help="Your own records, or the short names of shipped ones."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="A form (.xlsx, .yaml or a folder), or text for programs: .trig, .nq, .jsonld.",
        ),
    ],
) -> None:
    """Write a record as a form, or as text for programs that is the same every time.

    \b
    For example:
      cspgraph export my-record.trig -o my-record.xlsx
      cspgraph export dorset-2024-07-23 -o dorset.yaml
    """  # noqa: D301
    from cspgraph import sources, writing
    from cspgraph.forms import blank, dresses, rows
    from cspgraph.forms.form import form
    from cspgraph.library import Library
    from cspgraph.recording import canonical, linked

    ending = Path(output).suffix.lower()
    if not dresses.is_form(output):
        writing.ending(output, (*dresses.ENDINGS, *_TEXTS))
    library = Library()
    quads: list[Quad] = []
    for name in what:
        quads += _shipped(name, library) or [
            quad for source in sources.own(name) for quad in sources.quads(source)
        ]
    name = ", ".join(what)
    if ending in _TEXTS:
        write = {
            ".trig": canonical.trig,
            ".nq": canonical.nquads,
            ".jsonld": linked.written,
        }
        writing.save(write[ending](quads, name), output)
    else:
        choices = _choices(library)
        filled = rows.rows(canonical.ordered(quads, name), form(), choices, name)
        guide = blank.Guide(offers=blank.offers(form(), choices))
        dresses.write(filled, form(), guide, output)
    count = len(set(quads))
    note(f"{output}: written, {count:,} facts.")


_FEW = 6


def _shipped(name: str, library: Library) -> Sequence[Quad]:
    """Return the facts of the shipped record called `name`, if there is one."""
    from cspgraph import sources
    from cspgraph.vocab import PREFIXES

    if Path(name).exists() or Path(name).suffix in (".ttl", ".trig", ".nt"):
        return ()
    known = {}
    for source in library.records:
        found = list(sources.quads(source))
        short = str(getattr(found[0].graph_name, "value", "")).removeprefix(
            PREFIXES["graph"]
        )
        known[short] = found
    if name not in known:
        near = did_you_mean(name, known) or (
            f"there are {len(known)} shipped records, such as"
            f" {', '.join([*known][:_FEW])}; README.md in data/record lists their areas"
        )
        raise FileError(name, f"no file and no shipped record; {near}")
    return known[name]


def _choices(library: Library) -> Choices:
    from cspgraph.forms.choices import Choices

    entries = library.register.entries()
    return Choices(library.terms, library.law, library.records, entries)
