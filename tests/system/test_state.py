from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from semanticworld.local.folder import state_root
from semanticworld.system.clock import SystemClock
from semanticworld.system.state import state_folder
from semanticworld.system.tokens import SystemTokens

HOME = Path.home()
ENVIRONS = [
    ({"MANAGE_COMPUTE_STATE": "/a", "XDG_STATE_HOME": "/b"}, Path("/a")),
    ({"MANAGE_COMPUTE_STATE": "~/a"}, HOME / "a"),
    ({"MANAGE_COMPUTE_STATE": "", "XDG_STATE_HOME": "/b"}, Path("/b/semanticworld")),
    ({"XDG_STATE_HOME": ""}, HOME / ".local/state/semanticworld"),
    ({}, HOME / ".local/state/semanticworld"),
]


@pytest.mark.parametrize(("environ", "folder"), ENVIRONS)
def test_the_state_folder_is_where_the_environment_says(environ: dict[str, str], folder: Path) -> None:
    assert state_folder(environ) == folder


@pytest.mark.parametrize("environ", [environ for environ, _ in ENVIRONS])
def test_the_embedded_cloud_keeps_its_state_in_the_same_folder(environ: dict[str, str]) -> None:
    assert state_folder(environ) == state_root(environ)


def test_operation_ids_fit_into_request_tokens_and_differ() -> None:
    ids = {SystemTokens().operation_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch("[a-z][a-z0-9]{9}", each) for each in ids)


def test_the_clock_is_in_utc_and_sleeps() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)
    assert clock.monotonic() - before >= 0.01
    assert clock.now().utcoffset() == timedelta(0)
