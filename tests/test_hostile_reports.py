"""Whatever a file says stays text in every format of a report."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser
from itertools import product

import pytest

from cspgraph.report.findings import DutyStatus, Evidence, Finding, Unseen
from cspgraph.report.formats import FORMATS
from cspgraph.report.report import Report

FORMULAS = [
    f"{sign}{rest}"
    for sign, rest in product(
        ("=", "+", "-", "@", "\t=", "\r=", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\n="),
        ("1+1", "HYPERLINK(\"http://a.example\",\"x\")", "cmd|' /C calc'!A0"),
    )
]  # fmt: skip
MARKUP = [
    *("<script>alert(1)</script>", "</title><script>alert(1)</script>", "<b>bold", "-->"),
    *("<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href=javascript:alert(1)>x</a>"),
    *("\"><script>alert(1)</script>", "' onmouseover='alert(1)", "&lt;script&gt;", "&#60;script&#62;"),
    *("<!--", "]]>", "<![CDATA[x]]>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY y 'z'>]>"),
    *("</style><style>*{display:none}", "<meta http-equiv=refresh content=0>", "<iframe src=//a.example>"),
    *("<base href=//a.example>", "<form action=//a.example>", "</main></body></html>", "<details open ontoggle=alert(1)>"),
]  # fmt: skip
MARKDOWN = [
    *("[x](javascript:alert(1))", "![x](http://a.example/x.png)", "# heading", "---", "***", "> quote"),
    *("| a | b |", "```", "`code`", "**bold**", "_emphasis_", "[x]: http://a.example", "<http://a.example>"),
    *("http://a.example", "www.a.example", "someone@a.example", "1. one", "- [ ] task", "~~gone~~", "$x$"),
    *("\\", "\\[x](y)", "[x][y]", "a\n\n# b", "a\n| b |"),
]  # fmt: skip
UNSEEN = [
    *(f"a{chr(code)}b" for code in (0, 1, 7, 8, 11, 12, 27, 31, 127, 128, 133, 155, 159)),
    *(f"a{chr(code)}b" for code in (0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029)),
    *(f"a{chr(code)}b" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    *(f"a{chr(code)}b" for code in (0xFEFF, 0xFFFE, 0xFFFF, 0xE0001, 0xE0041, 0xD800, 0xDFFF)),
    *("\x1b[31mred", "\x1b]8;;http://a.example\x07x", "a\u202egpj.exe", "\u202e=1+1", "\r\nX: y"),
]  # fmt: skip
SARIF_LINKS = ["[x](1)", "[http://a.example](http://a.example)", "{0}", "{{0}}"]
HOSTILE = [*FORMULAS, *MARKUP, *MARKDOWN, *UNSEEN, *SARIF_LINKS]

DAY = date(2024, 7, 23)
ALLOWED = {"\n", "\r"}


def _filled(
    kind: type[Finding] | type[DutyStatus] | type[Evidence], text: str, **own: object
) -> dict[str, object]:
    """Return values for every field of `kind`: `text` in each, or what is given."""
    values: dict[str, object] = dict.fromkeys(
        (field.name for field in fields(kind)), text
    )
    return {**values, "bodies": (text,), **own}


def hostile(text: str) -> Report:
    """Return a report in which everything that a file can say is `text`."""
    about = Finding(**_filled(Finding, text, severity="violation", value_language="cy"))  # type: ignore[arg-type]
    note = replace(about, severity="warning", duty="", bodies=())
    duty = DutyStatus(**_filled(DutyStatus, text, standing="not on record"))  # type: ignore[arg-type]
    witness = Evidence(**_filled(Evidence, text))  # type: ignore[arg-type]
    return Report(
        on=DAY,
        area=text,
        duties=(duty,),
        findings=(about, replace(about, focus="other"), note, replace(note, label="b")),
        witnesses=(witness,),
        unseen=(Unseen(text, broken=True),),
        since=text,
        resolved=(about,),
    )


#: What there is in a report in which nothing is hostile.
HARMLESS = hostile("words")


class _Tags(HTMLParser):
    """The tags and attributes of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append((f"comment {data}", ()))

    def handle_pi(self, data: str) -> None:
        self.found.append((f"instruction {data}", ()))


def test_there_are_many() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_unseen_comes_out(form: str) -> None:
    """No control, no mark that turns the direction, no lone surrogate, in any format."""
    for text in HOSTILE:
        told = hostile(text).to(form)
        told.encode()
        found = {
            letter
            for letter in set(told) - {"\n"}
            if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
        }
        assert not found, text


def test_text_has_the_lines_of_a_harmless_report() -> None:
    for text in HOSTILE:
        assert hostile(text).to("text").count("\n") == HARMLESS.to("text").count("\n")
        assert hostile(text).to("line").count("\n") == 1


def test_page_has_the_tags_of_a_harmless_report() -> None:
    """No text becomes a tag, an attribute, a comment or a link of its own."""
    expected = _Tags(HARMLESS.to("html")).found
    web = {"http://a.example"}  # an address is what the field of the link is for
    for text in HOSTILE:
        found = _Tags(hostile(text).to("html")).found
        tags = [(tag, names) for tag, names in found if text not in web or tag != "a"]
        assert tags == expected, text


def test_an_address_is_a_link_only_for_the_web() -> None:
    for link in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "http://a b",
    ):
        report = replace(HARMLESS, findings=(replace(HARMLESS.findings[0], link=link),))
        assert "<a " not in report.to("html")
        assert "](" not in report.to("md")


def test_no_cell_is_a_formula() -> None:
    for text in HOSTILE:
        rows = list(csv.reader(io.StringIO(hostile(text).to("csv"), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows) == len(HARMLESS.to("csv").splitlines())
        for cell in (cell for row in rows for cell in row):
            assert not re.match(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell), text
            assert "\n" not in cell
            assert "\r" not in cell


def test_formula_keeps_its_text_behind_a_quote() -> None:
    (row,) = [
        r
        for r in csv.reader(io.StringIO(hostile("=1+1").to("csv")))
        if r[0] == "look first"
    ][:1]
    assert row[1] == "'=1+1"


def test_markdown_is_words() -> None:
    """No sign that begins something stands without its escape; no line begins another way."""
    bare = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]~$<]|://|www\.|@")
    allowed = re.compile(r"\*\*[A-Z][a-z ]+:\*\*|^\|( --- \|)+$", re.MULTILINE)
    starts = [line[:4] for line in HARMLESS.to("md").splitlines()]
    for text in HOSTILE:
        told = hostile(text).to("md")
        if text != "http://a.example":
            assert not bare.search(allowed.sub("", told)), text
        assert len(told.splitlines()) == len(starts)
        cells = [line for line in told.splitlines() if line.startswith("|")]
        widths = [
            len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) for line in cells
        ]
        harmless = [
            line for line in HARMLESS.to("md").splitlines() if line.startswith("|")
        ]
        assert widths == [line.count("|") for line in harmless], text


def test_json_gives_back_what_went_in() -> None:
    for text in HOSTILE:
        whole = json.loads(hostile(text).to("json"))
        assert whole["findings"][0]["label"] == text
        assert whole["area"] == text
