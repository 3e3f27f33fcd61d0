"""Generated pages are as their generators write them today, and the check can fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def reference(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "tools" / "reference"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def test_no_page_is_stale() -> None:
    answer = reference("--check")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_a_changed_template_makes_its_page_stale(tmp_path: Path) -> None:
    for name in ("tools", "src", "infrastructure", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "infrastructure").unlink()
    copy = tmp_path / "infrastructure"
    (copy / "parameters").mkdir(parents=True)
    for file in (ROOT / "infrastructure").rglob("*.*"):
        (copy / file.relative_to(ROOT / "infrastructure")).write_text(
            file.read_text().replace("Default: 30\n", "Default: 31\n")
        )
    (tmp_path / "tools").unlink()
    (tmp_path / "tools" / "generators").mkdir(parents=True)
    for file in (ROOT / "tools").rglob("*"):
        if file.is_file() and file.suffix != ".pyc":
            (tmp_path / "tools" / file.relative_to(ROOT / "tools")).write_bytes(file.read_bytes())
    answer = reference("--check", root=tmp_path)
    assert answer.returncode == 1
    assert "docs/reference/parameters.md is stale: run tools/reference" in answer.stdout


def test_unknown_words_are_refused() -> None:
    assert reference("--chekc").returncode == 2
