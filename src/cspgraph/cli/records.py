"""The commands `template`, `import`, `export` and `new`: records of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph.cli.console import hint, note, say, warn
from cspgraph.cli.shared import FINDINGS, PARTIAL, Day
from cspgraph.errors import FileError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

    from cspgraph.dataset import Dataset
    from cspgraph.forms.lookup import Lookup
    from cspgraph.forms.read import Record

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
    from cspgraph.dataset import Dataset
    from cspgraph.forms import formats
    from cspgraph.forms import template as forms_template
    from cspgraph.forms.schema import form
    from cspgraph.forms.write import Filled
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.areas import refuse_unbound
    from cspgraph.questions.ask import day_of, day_or_today
    from cspgraph.receipt import supposed, warning

    if not formats.is_form(output):
        problem = (
            "a form is a workbook (.xlsx), a .yaml file or a folder without ending"
        )
        raise FileError(output, problem)
    if Path(output).exists():
        problem = "it is there already and may be filled in; choose another name"
        raise FileError(output, problem)
    day = day_of("on", day_or_today(on))
    dataset = Dataset(tell=hint, areas=[area], day=day)
    place = dataset.area(area, day)
    refuse_unbound(dataset.register, dataset.labels, place, day)
    asked = KnowledgeGraph(dataset, day).select(forms_template.question(place))
    choices, name = _choices(dataset), dataset.labels.label(place)
    near = dataset.register.surroundings(place)
    reach = dataset.reach([day], [place])
    warn(reach)
    stays = f"{day:%-d %B %Y}{supposed(reach)}"
    guide = forms_template.TemplateGuide(
        ". ".join(filter(None, [f"{name} on {stays}: {_ABOUT}", warning(reach)])),
        forms_template.offers(form(), choices, near, str(day)),
        forms_template.checklist(asked, choices),
    )
    from cspgraph.forms.cells import slug

    start = {"Name": f"{slug(name)}-{day.year}", "Area": name, "Day": str(day)}
    formats.write(Filled(start), form(), guide, output)
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
    from cspgraph.dataset import Dataset
    from cspgraph.forms import formats, read
    from cspgraph.forms.schema import form
    from cspgraph.rdf import files, save, serialize

    save.ending(output, (".trig",))
    grid = formats.grid(file, form())
    own = [source for path in beside or [] for source in files.user_files(path)]
    made = read.read(grid, form(), _choices(Dataset(own)))
    _told(made, file, partial=partial)
    if made.problems and not partial:
        raise typer.Exit(FINDINGS)
    if not made.quads:
        raise FileError(file, "no row is filled; there is nothing to write")
    save.save(serialize.trig(made.quads, file), output)
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
    from cspgraph.dataset import Dataset
    from cspgraph.forms import formats
    from cspgraph.forms import template as forms_template
    from cspgraph.forms import write as forms_write
    from cspgraph.forms.schema import form
    from cspgraph.rdf import files, save, serialize

    ending = Path(output).suffix.lower()
    if not formats.is_form(output):
        save.ending(output, (*formats.ENDINGS, *_TEXTS))
    dataset = Dataset()
    quads: list[Quad] = []
    for name in what:
        quads += _shipped(name, dataset) or [
            quad for source in files.user_files(name) for quad in files.quads(source)
        ]
    name = ", ".join(what)
    if ending in _TEXTS:
        write = {
            ".trig": serialize.trig,
            ".nq": serialize.nquads,
            ".jsonld": serialize.written,
        }
        save.save(write[ending](quads, name), output)
    else:
        choices = _choices(dataset)
        filled = forms_write.rows(serialize.ordered(quads, name), form(), choices, name)
        guide = forms_template.TemplateGuide(
            offers=forms_template.offers(form(), choices)
        )
        formats.write(filled, form(), guide, output)
    count = len(set(quads))
    note(f"{output}: written, {count:,} facts.")


_FEW = 6


def _shipped(name: str, dataset: Dataset) -> Sequence[Quad]:
    """Return the facts of the shipped record called `name`, if there is one."""
    from cspgraph.rdf import files
    from cspgraph.rdf.terms import PREFIXES

    if Path(name).exists() or Path(name).suffix in (".ttl", ".trig", ".nt"):
        return ()
    known = {}
    for source in dataset.records:
        found = list(files.quads(source))
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


def _choices(dataset: Dataset) -> Lookup:
    from cspgraph.forms.lookup import Lookup

    entries = dataset.register.entries()
    return Lookup(dataset.terms, dataset.law, dataset.records, entries)


@app.command()
def new(
    folder: Annotated[str, typer.Argument(help="The folder to make or to fill.")],
    area: Annotated[str, typer.Option(help="The area: a name or code.")] = "",
) -> None:
    """Make a place for the records of an area: a folder, a page, a check in CI.

    Nothing that is there already is changed.

    \b
    For example:
      cspgraph new ashford --area Ashford
      cspgraph new . --area E06000059
    """  # noqa: D301
    from cspgraph.errors import ParameterError
    from cspgraph.graph import load
    from cspgraph.records import scaffold

    if not area:
        raise ParameterError("area: missing; write --area and its name")
    name, code = load().area(area)
    written, kept = scaffold.begin(folder, name, code)
    for path in kept:
        say(f"{path}: kept as it is.")
    for path in written:
        say(f"{path}: written.")
