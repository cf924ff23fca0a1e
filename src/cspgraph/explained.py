"""The graph that explains itself: why, why not, and by when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cspgraph.inquiry.asking import day_of
from cspgraph.snapshot import Snapshot

if TYPE_CHECKING:
    from datetime import date

    from cspgraph.explaining.absences import Absences
    from cspgraph.explaining.explanations import Explanation
    from cspgraph.findings import Finding
    from cspgraph.inquiry.answers import Answer
    from cspgraph.law.deadlines import Deadline

__all__ = ["Explained"]


class Explained(Snapshot):
    """A graph on a day that says what its answers rest on."""

    def why(
        self,
        thing: str | Finding,
        *,
        on: str | date | None = None,
        area: str | None = None,
    ) -> Explanation:
        """Return the chains from `thing` up to the law and down to the record.

        `thing` is the name, the short or the full IRI of a duty, body, role holding,
        version, strategy, decision, source document or provision, or a finding of
        `validate`, asked on the day of that check. `area` keeps to one area, which a
        body that serves the whole country needs. Raises `NameNotClearError` when it
        is not known on that day, and `ParameterError` when it concerns too many areas
        or is a thing, such as an area, that nothing stands behind.

        >>> from cspgraph import load
        >>> why = load(areas=["Dorset"]).why("dorset-council", on="2024-07-23")
        >>> next(step for step in why[0].steps if step.relation == "by").verification
        'read'
        """
        from cspgraph.explaining import grounds

        return grounds.why(self._library, thing, self._day(on), area)

    def why_row(self, answer: Answer, number: int) -> Explanation:
        """Return the chains behind the row of `answer` with this `number`, counted from 0.

        They start at the duties, roles, documents and decisions that the row names; else
        at those of its body that rest on the provision it cites; else at the provision.
        Raises `ParameterError` for a row that is not there or has no law behind it.

        >>> from cspgraph import load
        >>> kg = load(on="2024-07-23", areas=["Dorset"])
        >>> answer = kg.answer("responsible-authorities", area="Dorset")
        >>> print(kg.why_row(answer, 4)[0].steps[1])
        as responsible authority in Dorset, since 2022-07-01
        """
        from cspgraph.explaining import grounds

        day = answer.on or self._day(None)
        return grounds.why_row(self._library, answer, number, day)

    def why_not(
        self, body: str, asked: str, area: str, *, on: str | date | None = None
    ) -> Absences:
        """Return why `body` has no duty about `asked` in `area`: the first condition that fails.

        `asked` is a kind of document or outcome, or a duty template. When the body has
        the duty, the answer says so and how it stands. Bodies and areas are known by
        name or code, whether or not they existed that day. Raises
        `NameNotClearError` for a name that fits nothing, or several things.

        >>> from cspgraph import load
        >>> kg = load(on="2022-06-30", areas=["Dorset"])
        >>> kg.why_not("Dorset Council", "pcsc22-publish", "Dorset").condition.name
        'days of the duty'
        """
        from cspgraph.explaining import absences

        day = self._day(on)
        return absences.why_not(self._library, body, asked, area, day)

    def what_changed(self, area: str, since: str | date, until: str | date) -> Answer:
        """Return what changed in `area` after the day `since` and up to the day `until`.

        A row for each role, duty and document gained or lost and for each duty that
        stands otherwise, with its day and its cause. Raises `ParameterError` for a day
        that is none and for days in the wrong order.

        >>> from cspgraph import load
        >>> changed = load().what_changed("Dorset", "2022-06-30", "2022-07-01")
        >>> sorted({row["change"] for row in changed if row["kind"] == "role"})
        ['gained', 'lost']
        """
        from cspgraph.explaining import changes

        first, last = day_of("from", since), day_of("to", until)
        return changes.what_changed(self._library, area, first, last)

    def due(self, duty: str, start: str | date) -> Deadline:
        """Return the day by which `duty` falls due, looked at from `start`.

        `duty` names a duty template, such as `cdos09-respond-28-days`; `start` is
        the day of the event that the rule counts from, or the day from which the
        next due day is wanted. The template must be in force on that day; else
        `ParameterError` says from which day it is.

        >>> from cspgraph import load
        >>> load().due("si07-revise-partnership-plan.england", "2024-07-23").day
        datetime.date(2025, 3, 31)
        """
        from cspgraph.law import deadlines

        day = day_of("start", start)
        names = self._library.names
        template = names.known("duty", duty, "duty", day)
        store = self._library.law_alone.store
        deadlines.refuse_early(store, template, day, names)
        template = names.find("duty", duty, "duty", day)
        found = deadlines.due(store, template, day, names)
        return replace(found, receipt=self._library.receipt(day))
