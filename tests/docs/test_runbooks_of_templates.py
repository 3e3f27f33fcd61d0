"""Every code that the template loader and reader raise has its page, and every such page has a code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_code_has_a_page_with_its_title_and_a_cure() -> None:
    sources = [ROOT / "src/semanticworld/config/template.py", *(ROOT / "src/semanticworld/core/template").glob("*.py")]
    raised = {code for source in sources for code in re.findall(r'"(CFG02[0-9])"', source.read_text())}
    pages = {path.stem: path.read_text() for path in (ROOT / "docs/runbooks").glob("CFG02*.md")}
    assert raised == set(pages)
    assert all(text.startswith(f"# {code}: ") for code, text in pages.items())
    assert all("## What it means" in text and "## What to do" in text for text in pages.values())
