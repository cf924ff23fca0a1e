"""The review page in a browser: by keyboard alone, what is saved is what confirm takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cspgraph.drafts import draft

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

REPORT = """Cabinet 10 March 2026

Community Safety Plan 2026-2029

1. Background

1.1 The Community Safety Plan 2026-2029 was agreed by the CSP on 4 February 2026.
"""


def test_a_draft_is_reviewed_by_keyboard_alone(
    browser: Browser, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    report, page_file = tmp_path / "invented.txt", tmp_path / "draft.html"
    report.write_text(REPORT, encoding="utf-8")
    made = draft.read(report, area="E06000059")
    made.write(page_file)
    page = browser.new_page()
    page.goto(page_file.as_uri())
    assert Axe().run(page).response["violations"] == []
    press = page.keyboard.press
    press("j")
    press("a")  # the document
    press("r")  # the strategy
    press("c")
    press("Control+A")
    page.keyboard.type("2026-2030: corrected")
    press("Escape")
    press("a")
    with page.expect_download() as waiting:
        press("s")
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.close()
    held = draft.load(saved)
    assert [one.confirmed for one in held.facts[:3]] == ["yes", "no", "yes"]
    assert {one.confirmed for one in held.facts[3:]} == {""}
    assert held.facts[2].fact.subject == "2026-2030: corrected"
    assert [one.fact for one in held.facts[3:]] == [one.fact for one in made.facts[3:]]
    assert held.doubts == made.doubts
