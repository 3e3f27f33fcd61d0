from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloud import Cloud, fresh_account
from semanticworld.local import process
from semanticworld.local.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A state folder of this test's own; whatever serves in it is ended."""
    folder = Folder(root=tmp_path / "local")
    yield folder
    process.stop(folder, force=True)


@pytest.fixture
def started(folder: Folder) -> Callable[[], Cloud]:
    """Starts (or finds) the server of this test's own folder, always seen from the same account."""
    account = fresh_account()

    def start() -> Cloud:
        return Cloud(folder=folder, record=process.start(folder, os.environ), account=account)

    return start
