"""Documentation and code belong together: every code has its page, every link leads somewhere, every command that is told of exists."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"""["']((?:PRE|LIF|IDL|CST|SES|AGT|CFG|LOC)[0-9]{3})["']""")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\./manage-(compute|networking)\.sh ([a-z]+)([^`\n#|]*)")
OPTION = re.compile(r"--[a-z][a-z-]+")
HIDDEN = {".venv", "node_modules", ".git", ".pytest_cache", ".hypothesis"}


def markdown() -> list[Path]:
    return sorted(page for page in ROOT.rglob("*.md") if not HIDDEN & {*page.relative_to(ROOT).parts})


def codes() -> set[str]:
    sources = chain((ROOT / "src").rglob("*.py"), (ROOT / "tools").rglob("*.py"))
    quoted = {code for source in sources for code in CODE.findall(source.read_text())}
    shell = set(re.findall(r"code: (CFG[0-9]{3})", (ROOT / "tools/bootstrap.sh").read_text()))
    return quoted | shell


def names() -> dict[str, str]:
    return {page.stem: page.read_text() for page in (ROOT / "docs/runbooks").glob("*.md")}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_code_has_a_page() -> None:
    assert codes() - names().keys() == set()


def test_every_page_belongs_to_a_code() -> None:
    assert {name for name in names() if CODE.match(f'"{name}"')} - codes() == set()


def test_every_page_of_a_code_has_its_title_its_meaning_and_a_cure() -> None:
    for name, text in names().items():
        if name not in codes():
            continue
        assert text.startswith(f"# {name}: "), name
        assert "## What it means\n" in text, name
        assert "## What to do\n" in text, name


@pytest.mark.parametrize("page", markdown(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert there.is_relative_to(ROOT), f"{target} leads out of the project"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), target


def test_every_command_and_option_that_the_documentation_tells_of_exists() -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for page in markdown():
        for tool, command, rest in COMMAND.findall(page.read_text()):
            told.setdefault((tool, command), set()).update(OPTION.findall(rest))
    assert "--local" in told["compute", "create"]
    for (tool, command), options in told.items():
        asked = [sys.executable, "-m", f"semanticworld.cli.{tool}", "help", command]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        assert answer.returncode == 0, f"./manage-{tool}.sh {command}: {answer.stderr}"
        assert options <= {*OPTION.findall(answer.stdout)} | {"--help", "--version"}, f"./manage-{tool}.sh {command}"
