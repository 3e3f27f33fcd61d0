from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stage import SNAPSHOTS, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "state")


@pytest.fixture
def matches() -> Callable[[str, str], None]:
    """Compares with tests/cli/snapshots/NAME; UPDATE_SNAPSHOTS=1 writes what is."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert text == path.read_text()

    return compare
