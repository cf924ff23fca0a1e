"""The law watch: what is younger than what was read, out of texts made up here."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from tools.watch_law import Provision, Reason, main, provisions, watch

if TYPE_CHECKING:
    from pathlib import Path

ACT = "ukpga/1998/37"
SITE = "http://www.legislation.gov.uk/id"
HELD = [
    Provision(f"{ACT}/section/5", "CDA 1998 s.5", "2025-02-05"),
    Provision(f"{ACT}/section/6", "CDA 1998 s.6", "2025-02-05"),
    Provision(f"{ACT}/section/6/1/a", "CDA 1998 s.6(1)(a)", "2025-02-05"),
    Provision(f"{ACT}/section/7", "CDA 1998 s.7", ""),
    Provision("ukpga/2006/48/section/19", "PJA 2006 s.19", "2025-02-05"),
]


def text(body: str = "", effects: str = "", notes: str = "", act: str = ACT) -> str:
    """Return an Act as the publisher writes it, with a body of our own."""
    return f"""<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"
      IdURI="{SITE}/{act}" RestrictStartDate="2024-01-01">
      <ukm:Metadata xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata">
        <ukm:UnappliedEffects>{effects}</ukm:UnappliedEffects></ukm:Metadata>
      <Primary><Body>{body}</Body></Primary>
      <Commentaries>{notes}</Commentaries></Legislation>"""


def found(folder: Path, whole: str) -> list[Reason]:
    (folder / "act.xml").write_text(whole, encoding="utf-8")
    return watch(folder, HELD)[0]


@pytest.mark.parametrize(
    ("day", "why"), [("2025-02-05", []), ("2025-02-04", []), ("2025-02-06", ["text"])]
)
def test_a_text_that_begins_after_what_was_read_is_listed(
    day: str, why: list[str], tmp_path: Path
) -> None:
    section = f'<P1 IdURI="{SITE}/{ACT}/section/5" RestrictStartDate="{day}"/>'
    reasons = found(tmp_path, text(section))
    assert [(r.citation, r.why) for r in reasons] == [("CDA 1998 s.5", w) for w in why]


def test_a_paragraph_has_the_day_of_the_section_that_holds_it(tmp_path: Path) -> None:
    inner = f'<P3 IdURI="{SITE}/{ACT}/section/6/1/a"/>'
    section = f'<P1group RestrictStartDate="2026-01-01"><P1>{inner}</P1></P1group>'
    (reason,) = found(tmp_path, text(section))
    assert (reason.citation, reason.day) == ("CDA 1998 s.6(1)(a)", "2026-01-01")


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("S. 5 amended (1.4.2026) by 2025 c. 1, s. 2", 1),
        ("S. 5 amended (1.4.2020) by 2019 c. 1, s. 2", 0),
        ("S. 5(1) amended (1.4.2020, 5.2.2025) by 2019 c. 1; 31.31.2026", 0),
    ],
)
def test_a_note_with_a_younger_day_is_listed(
    words: str, count: int, tmp_path: Path
) -> None:
    section = f'<P1 IdURI="{SITE}/{ACT}/section/5"><CommentaryRef Ref="c1"/></P1>'
    note = f'<Commentary id="c1"><Para><Text>{words}</Text></Para></Commentary>'
    reasons = found(tmp_path, text(section, notes=note))
    assert [r.why for r in reasons] == ["annotation"] * count


def test_a_change_that_is_not_in_the_text_yet_is_listed_for_what_it_touches(
    tmp_path: Path,
) -> None:
    effect = f"""<ukm:UnappliedEffect Type="words substituted" AffectingProvisions="s. 9"
        Modified="2026-03-01T00:00:00"><ukm:AffectedProvisions>
        <ukm:Section URI="{SITE}/{ACT}/section/6"/></ukm:AffectedProvisions></ukm:UnappliedEffect>"""
    reasons = found(tmp_path, text(effects=effect))
    assert {(r.citation, r.why) for r in reasons} == {
        ("CDA 1998 s.6", "effect"),
        ("CDA 1998 s.6(1)(a)", "effect"),
    }


def test_a_text_of_which_the_day_is_not_known_is_never_taken_for_young(
    tmp_path: Path,
) -> None:
    section = f'<P1 IdURI="{SITE}/{ACT}/section/7" RestrictStartDate="2026-01-01"/>'
    (reason,) = found(tmp_path, text(section))
    assert (reason.citation, reason.why) == ("CDA 1998 s.7", "not known")


def test_acts_without_a_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "act.xml").write_text(text(), encoding="utf-8")
    assert watch(tmp_path, HELD) == ([], ["ukpga/2006/48"])


def test_every_provision_here_is_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole Act of today, in which each provision begins in 2099."""
    held = [one for one in provisions() if one.act == ACT]
    assert len(held) > 30
    body = "".join(
        f'<P1 IdURI="{SITE}/{o.place}" RestrictStartDate="2099-01-01"/>' for o in held
    )
    (tmp_path / "cda.xml").write_text(text(body), encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["provision"] for row in rows} == {one.place for one in held}
    assert "Not looked at, for want of a text: " in told.err


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ("<Legislation", "it cannot be read as XML"),
        ("<a/>", "it is no XML of legislation.gov.uk"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "it cannot be read as XML"),
        (
            '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"/>',
            "it names no Act",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    whole: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "act.xml").write_text(whole, encoding="utf-8")
    assert main([str(tmp_path)]) == 2
    assert words in capsys.readouterr().err
    assert main([str(tmp_path / "none")]) == 2
