"""The real command line goes on when the embedded cloud is killed under it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from semanticworld.local import process
from semanticworld.local.folder import Folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(folder: Folder) -> Callable[[str], subprocess.Popen[str]]:
    environ = {**os.environ, "MANAGE_COMPUTE_STATE": str(folder.root.parent)}

    def begin(verb: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "semanticworld.cli.compute", verb, "test", "--local", "--yes"]
        return subprocess.Popen(  # noqa: S603 - our own command line
            line, env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    return begin


def statuses(folder: Folder) -> set[str]:
    """The statuses of the stacks, none while the cloud is away."""
    found = process.running(folder)
    if found is None:
        return set()
    client = boto3.client(
        "cloudformation",
        endpoint_url=found.endpoint_url,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the embedded cloud accepts any
    )
    return {stack["StackStatus"] for stack in client.describe_stacks()["Stacks"]}


def kill_while(folder: Folder, status: str) -> None:
    """Kill the server as soon as a stack is in this status."""
    deadline = time.monotonic() + 30
    while status not in statuses(folder):
        assert time.monotonic() < deadline, f"no stack was ever in {status}"
        time.sleep(0.02)
    found = process.running(folder)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)


def test_create_and_delete_live_through_a_kill(folder: Folder, command: Callable[[str], subprocess.Popen[str]]) -> None:
    create = command("create")
    kill_while(folder, "CREATE_IN_PROGRESS")
    told, _ = create.communicate(timeout=90)
    assert create.returncode == 0, told
    assert statuses(folder) == {"CREATE_COMPLETE"}
    delete = command("delete")
    kill_while(folder, "DELETE_IN_PROGRESS")
    told, _ = delete.communicate(timeout=90)
    assert delete.returncode == 0, told
    assert "nothing is left" in told
    assert folder.log.read_text().count("it is started again") == 2
