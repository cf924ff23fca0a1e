"""The report of a check: shows itself, filters, becomes a frame, is written to a file."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.rdf import save
from cspgraph.report import as_notebook, as_text, formats
from cspgraph.report.findings import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from cspgraph.report.findings import Unseen

__all__ = ["Report"]


class Report(CheckResult):
    """The outcome of one check, for people and programs.

    >>> import cspgraph
    >>> report = cspgraph.load(on="2024-07-23", areas=["Dorset"]).validate()
    >>> report.standings["on record"] > 0
    True
    """

    __slots__ = ()

    def __str__(self) -> str:
        return as_text.written(self)

    def __repr__(self) -> str:
        """Return the sentence with the counts."""
        return f"<{as_text.line(self)}>"

    def _repr_html_(self) -> str:
        return as_notebook.written(self)

    def to(self, form: str) -> str:
        """Return the report in one of the formats: text, md, csv, json, html and others.

        Raises `ParameterError` for an unknown format.

        >>> import cspgraph
        >>> cspgraph.load(areas=["Dorset"]).validate(on="2024-07-23").to("docx")
        Traceback (most recent call last):
        cspgraph.errors.ParameterError: format: 'docx' is not known; the formats are text, line, md, csv, json, sarif, junit, ttl, html
        """
        return formats.written(self, form)

    def write(self, path: str | Path) -> None:
        """Write the report to `path`, in the format of its ending.

        Raises `FileError` for another ending and when the place cannot be written.
        """
        form = formats.ENDINGS[save.ending(path, formats.ENDINGS)]
        save.save(self.to(form), path)

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame with one row for each duty and its finding. Needs pandas.

        >>> import cspgraph
        >>> frame = cspgraph.load(areas=["Dorset"]).validate(on="2024-07-23").to_frame()
        >>> "not on record" in set(frame["standing"])
        True
        """
        import pandas as pd

        found = {finding.focus: finding for finding in self.findings if finding.duty}
        rows = []
        for duty in self.duties:
            note = found.get(duty.address)
            said = asdict(duty) | {"bodies": ", ".join(duty.bodies)}
            rows.append(
                said
                | {
                    "to do": note.message if note else "",
                    "where": note.where if note else "",
                }
            )
        return pd.DataFrame(rows)

    def of(self, body: str) -> Report:
        """Return the report with what binds one body alone, named as in the report.

        Raises `ParameterError` for a body that no duty of the report binds.

        >>> import cspgraph
        >>> report = cspgraph.load(areas=["Dorset"]).validate(on="2024-07-23")
        >>> {"Dorset Council"} <= {name for d in report.of("dorset council").duties for name in d.bodies}
        True
        """
        names = {name.casefold(): name for duty in self.duties for name in duty.bodies}
        wanted = body.casefold()
        if wanted not in names:
            hint = (
                did_you_mean(wanted, names)
                or f"the bodies are {', '.join(sorted(names.values()))}"
            )
            raise ParameterError(f"body: {body!r} is bound by no duty here; {hint}")
        name = names[wanted]
        return replace(
            self,
            duties=tuple(d for d in self.duties if name in d.bodies),
            findings=tuple(f for f in self.findings if name in f.bodies),
            witnesses=tuple(w for w in self.witnesses if name in w.bodies),
            resolved=tuple(f for f in self.resolved if name in f.bodies),
        )

    def by_duty(self) -> dict[tuple[str, str], Report]:
        """Return a report for each duty: under its law and what is to be done.

        >>> import cspgraph
        >>> report = cspgraph.load(areas=["Dorset"]).validate(on="2024-07-23")
        >>> len(report.by_duty()) < len(report.duties)
        True
        """
        keys = dict.fromkeys((duty.law, duty.statement) for duty in self.duties)
        return {
            key: replace(
                self,
                duties=tuple(d for d in self.duties if (d.law, d.statement) == key),
                findings=tuple(f for f in self.findings if (f.law, f.duty) == key),
                witnesses=tuple(
                    w for w in self.witnesses if (w.law, w.statement) == key
                ),
                resolved=tuple(f for f in self.resolved if (f.law, f.duty) == key),
            )
            for key in keys
        }

    def with_unseen(self, unseen: Iterable[Unseen]) -> Report:
        """Return the report with more that was not checked."""
        return replace(self, unseen=tuple(sorted({*self.unseen, *unseen})))

    def since_then(self, before: CheckResult) -> Report:
        """Return the differences from the report `before`: what is new and what is gone.

        Raises `ParameterError` when that one is about another area.
        """
        if before.area != self.area:
            problem = f"the report is about {before.area or 'all'}, not {self.area}"
            raise ParameterError(f"since: {problem}; give one of the same area")
        then = {finding.key for finding in before.findings}
        now = {finding.key for finding in self.findings}
        return replace(
            self,
            since=f"{before.on:%-d %B %Y}",
            findings=tuple(f for f in self.findings if f.key not in then),
            resolved=tuple(f for f in before.findings if f.key not in now),
        )
