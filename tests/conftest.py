"""The tests' world: one embedded cloud a worker, and an account of its own for every test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud import Cloud, fresh_account
from semanticworld.local import process
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record


def pytest_configure() -> None:
    """To be ended is to be interrupted: fixtures still end the servers that they started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folder, Record]]:
    """The embedded cloud of this test process: started once, ended with it. Do not stop, reset or break it: others use it."""
    folder = Folder(root=Path(tmp_path_factory.mktemp("state")) / "local")
    try:
        yield folder, process.start(folder, os.environ)
    finally:
        process.stop(folder)


@pytest.fixture
def cloud(embedded: tuple[Folder, Record]) -> Cloud:
    """The embedded cloud, seen from a fresh and empty account."""
    folder, record = embedded
    return Cloud(folder=folder, record=record, account=fresh_account())
