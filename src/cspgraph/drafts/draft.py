"""A draft: the facts and doubts of one report, and what a person said to each.

A draft counts for nothing. It is kept as a YAML file, a workbook or a page; `confirm`
makes a record of what was accepted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cspgraph.errors import FileError
from cspgraph.rdf import files, save
from cspgraph.rdf.read import regular
from cspgraph.reading import reader
from cspgraph.reading.facts import KINDS, SURE, Doubt, Fact
from cspgraph.render.escape import visible
from cspgraph.version import __version__

if TYPE_CHECKING:
    from cspgraph.drafts.rows import Rows
    from cspgraph.forms.write import Filled

__all__ = ["ENDINGS", "STAMP", "Draft", "DraftFact", "is_draft", "load", "read"]

STAMP = "cspgraph draft"
VERSION = "1"
ENDINGS = (".yaml", ".yml", ".xlsx", ".html", ".trig")
_MAX_BYTES = 4 * 2**20
_FIELDS = (
    "kind",
    "subject",
    "value",
    "day",
    "status",
    "sure",
    "place",
    "heading",
    "quote",
    "rule",
)
_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class DraftFact:
    """A fact with its number, and whether a person confirmed it: yes, no, or blank."""

    id: str
    fact: Fact
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read from one report; made by `read` or loaded from a file."""

    report: str
    digest: str
    facts: tuple[DraftFact, ...]
    doubts: tuple[Doubt, ...]
    area: str = ""
    council: str = ""
    url: str = ""
    day: str = ""
    rules: str = ""
    #: The paragraphs, for the review page only: place, kind of block, text.
    text: tuple[tuple[str, str, str], ...] = field(
        default=(), compare=False, repr=False
    )

    def __str__(self) -> str:
        return self.caption

    @property
    def counts(self) -> dict[str, int]:
        """How many facts there are of each kind."""
        found = Counter(one.fact.kind for one in self.facts)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def caption(self) -> str:
        """What was read, in one sentence."""
        said = ", ".join(
            f"{n} {_many(kind, n)}"
            for kind, n in self.counts.items()
            if kind != "document"
        )
        doubts = f"{len(self.doubts)} doubt{'s' * (len(self.doubts) != 1)}"
        return f"{said or 'no facts'}; {doubts}. A draft: nothing counts until it is confirmed."

    @property
    def name(self) -> str:
        """The short name of the record that it will be."""
        from cspgraph.forms.cells import slug

        return f"{slug(Path(self.report).stem) or 'report'}-read"

    def of(self, kind: str) -> list[Fact]:
        """Return the facts of one kind."""
        return [one.fact for one in self.facts if one.fact.kind == kind]

    def claims(self) -> list[Fact]:
        """Return what the report says of the law."""
        return self.of("claim")

    def accepted(self) -> Draft:
        """Return the draft with the confirmed facts alone."""
        kept = tuple(one for one in self.facts if one.confirmed == "yes")
        return replace(self, facts=kept)

    def all_accepted(self) -> Draft:
        """Return the draft as if every fact were confirmed, to look at what it would say."""
        return replace(
            self, facts=tuple(replace(one, confirmed="yes") for one in self.facts)
        )

    def as_data(self) -> dict[str, Any]:
        """Return the draft as plain values, as `docs/reference/draft.schema.json` says."""
        return {
            STAMP: VERSION,
            "report": self.report,
            "sha256": self.digest,
            "read by": f"cspgraph {__version__}, rules {self.rules}",
            "area": self.area,
            "council": self.council,
            "web address": self.url,
            "day": self.day,
            "facts": [_as_data(one) for one in self.facts],
            "doubts": [
                {"said": d.said, "place": d.place, "quote": d.quote}
                for d in self.doubts
            ],
        }

    def to_yaml(self) -> str:
        """Return the draft as YAML, the same bytes every time."""
        data = self.as_data()
        lines = [
            "# A draft read from a report. Nothing in it counts until a person confirms it:",
            "# write yes or no beside 'confirmed', correct what is wrong, then run",
            "# cspgraph confirm THIS-FILE -o record.trig --by OFFICE --on DAY",
        ]
        for key, value in data.items():
            if not isinstance(value, list):
                lines.append(f"{key}: {_scalar(value)}")
                continue
            lines.append(f"{key}:{'' if value else ' []'}")
            for row in value:
                mark = "  - "
                for name, cell in row.items():
                    if isinstance(cell, dict):
                        lines.append(f"{mark}{name}:{'' if cell else ' {}'}")
                        lines += [
                            f"      {k}: {json.dumps(v, ensure_ascii=False)}"
                            for k, v in cell.items()
                        ]
                    else:
                        lines.append(f"{mark}{name}: {_scalar(cell)}")
                    mark = "    "
        return "\n".join(lines) + "\n"

    def trig(self) -> str:
        """Return the draft as TriG, as if all were confirmed, in a graph marked a draft."""
        from cspgraph.drafts import record

        return record.trig(self.filled(every=True), self.report, status="draft").text

    def form(self) -> Filled:
        """Return what was confirmed as the rows of a form, for `import`."""
        return self.filled().filled

    def filled(self, *, every: bool = False) -> Rows:
        """Return the rows of a form with what was left out: of what was confirmed.

        With `every`, also of what nobody has answered yet.
        """
        from cspgraph.drafts import rows

        facts = [
            one.fact
            for one in self.facts
            if one.confirmed == "yes" or (every and one.confirmed != "no")
        ]
        given = rows.Given(
            self.name, self.report, self.area, self.council, self.url, self.day
        )
        return rows.rows(facts, given)

    def write(self, path: str | Path) -> None:
        """Write the draft to `path`: .yaml, .xlsx, .html to review, or .trig.

        Raises `FileError` for another ending or a place that cannot be written.
        """
        ending = save.ending(path, ENDINGS)
        if ending == ".xlsx":
            from cspgraph.drafts import sheets

            save.save(sheets.written(self.as_data()), path)
        elif ending == ".html":
            from cspgraph.drafts.review import page

            save.save(page(self.as_data(), self.text), path)
        elif ending == ".trig":
            save.save(self.trig(), path)
        else:
            save.save(self.to_yaml(), path)


def read(
    path: str | Path, *, area: str = "", url: str = "", on: str = "", kind: str = ""
) -> Draft:
    """Return what the report at `path` says, as a draft.

    Plain text, HTML, DOCX, and PDF with a text layer. `area`, the day `on` and the
    `kind` of document (committee report, minutes, decision record) are taken where they
    are given, and otherwise as printed. Raises `FileError` for what cannot be read.
    """
    from cspgraph.errors import ParameterError
    from cspgraph.questions.ask import day_of
    from cspgraph.reading.head import KINDS as KNOWN

    if kind and kind not in KNOWN:
        raise ParameterError(
            f"kind: {kind!r} is not known; it is one of {', '.join(KNOWN)}"
        )
    day = day_of("on", on).isoformat() if on else ""
    made = reader.read_file(path, area=area, on=day, kind=kind)
    facts = tuple(DraftFact(f"f{n:03}", fact) for n, fact in enumerate(made.facts, 1))
    return Draft(
        Path(path).name,
        hashlib.sha256(regular(path)).hexdigest(),
        facts,
        tuple(made.doubts),
        area,
        made.head.council,
        url,
        made.head.day,
        files.digest(files.shipped("ontology/reading", ".yaml"))[:16],
        tuple(made.text),
    )


def is_draft(path: str | Path) -> bool:
    """Return whether the file at `path` is a draft in YAML or a workbook.

    >>> is_draft("no-such-file.yaml")
    False
    """
    place = Path(path)
    if place.suffix.lower() == ".xlsx":
        from cspgraph.drafts import sheets

        return sheets.is_draft(place)
    if place.suffix.lower() not in (".yaml", ".yml"):
        return False
    try:
        begin = regular(place, _MAX_BYTES)[:2_000].decode(errors="replace")
    except FileError:
        return False
    return any(line.startswith(f"{STAMP}:") for line in begin.splitlines())


def load(path: str | Path) -> Draft:
    """Return the draft in the file at `path`, with what a person wrote into it.

    Raises `FileError` with what is wrong in it, and where.
    """
    place, name = Path(path), str(path)
    data = regular(place, _MAX_BYTES, "no draft is so large, so check the path")
    if place.suffix.lower() == ".xlsx":
        from cspgraph.drafts import sheets

        return from_data(sheets.read(data, name), name)
    if place.suffix.lower() not in (".yaml", ".yml"):
        problem = "a draft ends in .yaml or .xlsx; save it from the review page first"
        raise FileError(name, problem)
    from cspgraph.reading.names import yaml

    return from_data(yaml(files.Source(name, data)), name)


def from_data(data: Any, name: str) -> Draft:
    """Return the draft that plain values say; raise `FileError` for none."""
    if not isinstance(data, dict) or STAMP not in data:
        raise FileError(name, "it is no draft; make one with 'cspgraph read REPORT'")
    if str(data[STAMP]) != VERSION:
        problem = f"it is a draft of version {visible(str(data[STAMP]))!r}; read the report again"
        raise FileError(name, problem)
    if not isinstance(data.get("facts"), list):
        raise FileError(name, "it has no list of facts")
    facts = tuple(
        _fact(row, number, name) for number, row in enumerate(data["facts"], 1)
    )
    seen = Counter(one.id for one in facts)
    twice = next((key for key, count in seen.items() if count > 1), "")
    if twice:
        raise FileError(name, f"the fact {twice!r} stands twice; keep one")
    doubts = tuple(
        Doubt(*(_word(d.get(k, "")) for k in ("said", "place", "quote")))
        for d in data.get("doubts") or []
        if isinstance(d, dict)
    )
    rules = _word(data.get("read by", "")).rpartition("rules ")[2]
    words = {
        key: _word(data.get(key, ""))
        for key in ("report", "sha256", "area", "council", "web address", "day")
    }
    return Draft(
        words["report"] or "report",
        words["sha256"],
        facts,
        doubts,
        words["area"],
        words["council"],
        words["web address"],
        words["day"],
        rules,
    )


def _fact(row: Any, number: int, name: str) -> DraftFact:
    where = f"fact {number}"
    if not isinstance(row, dict):
        raise FileError(name, f"{where} is no list of fields such as 'kind: decision'")
    words = {key: _word(row.get(key, "")) for key in (*_FIELDS, "id", "confirmed")}
    where = words["id"] or where
    if words["kind"] not in KINDS:
        problem = f"{where}: kind {visible(words['kind'])!r} is not known; it is one of {', '.join(KINDS)}"
        raise FileError(name, problem)
    said = words["confirmed"].casefold()
    answer = {
        "yes": "yes",
        "true": "yes",
        "y": "yes",
        "no": "no",
        "false": "no",
        "n": "no",
        "": "",
    }.get(said)
    if answer is None:
        problem = f"{where}: confirmed {visible(words['confirmed'])!r} is not read; write yes or no, or leave it blank"
        raise FileError(name, problem)
    if words["sure"] not in (*SURE, ""):
        problem = f"{where}: sure {visible(words['sure'])!r} is not known; it is one of {', '.join(SURE)}"
        raise FileError(name, problem)
    more = row.get("with") or {}
    if not isinstance(more, dict):
        raise FileError(name, f"{where}: 'with' is no list of names and values")
    held = {
        str(key): tuple(
            _word(v) for v in (value if isinstance(value, list) else [value])
        )
        for key, value in more.items()
    }
    fact = Fact(**{key: words[key] for key in _FIELDS}, more=held)
    return DraftFact(words["id"] or f"f{number:03}", fact, answer)


def _word(value: Any) -> str:
    if value is None:
        return ""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    return visible(str(value))[:_TEXT].strip()


def _as_data(one: DraftFact) -> dict[str, Any]:
    fact = one.fact
    return {
        "id": one.id,
        **{key: getattr(fact, key) for key in _FIELDS},
        "with": {key: list(values) for key, values in fact.more.items()},
        "confirmed": one.confirmed,
    }


def _scalar(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _many(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return {"strategy": "strategies", "priority": "priorities", "body": "bodies"}.get(
        kind, f"{kind}s"
    )
