"""The whole way once, in real processes: a stack's life on the embedded cloud through the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SIZE = ("--storage-size", "100")
Said = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Said]:
    """Runs a command and gives its exit status and its JSON; the cloud that it started is stopped in the end."""
    folder: Path = tmp_path_factory.mktemp("state")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    variables |= {"MANAGE_COMPUTE_STATE": str(folder), "MANAGE_COMPUTE_LOCAL": "1"}

    def run(*argv: str) -> tuple[int, dict[str, object]]:
        command = [sys.executable, "-m", "semanticworld.cli.compute", *argv, "--output", "json"]
        done = subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    yield run
    run("local", "stop")


def test_a_stack_lives_and_leaves_nothing(said: Said) -> None:
    status, dry = said("create", "test", *SIZE, "--dry-run")
    assert (status, dry["dry_run"], said("status", "test")[1]["stack"]) == (0, True, None)
    status, created = said("create", "test", *SIZE, "--yes")
    assert (status, created["ok"], created["environment"]) == (0, True, "test")
    assert created["node"]["instance_type"] == "t3.medium"  # type: ignore[index]
    assert created["node"]["public_ip"] is None  # type: ignore[index]

    status, again = said("create", "test", *SIZE, "--yes")
    assert (status, again["changes"]) == (0, [])

    status, now = said("status", "test")
    assert (status, now["stack"]["status"]) == (0, created["stack"]["status"])  # type: ignore[index]
    status, outputs = said("outputs", "test")
    assert outputs["outputs"] == created["outputs"]

    status, dry = said("delete", "test", "--dry-run")
    assert (status, bool(dry["will_delete"]), said("status", "test")[1]["stack"]) == (0, True, now["stack"])
    status, deleted = said("delete", "test", "--yes")
    assert (status, deleted["ok"], deleted["leftovers"], deleted["unproven"]) == (0, True, [], [])
    assert said("status", "test")[1]["stack"] is None
    status, journal = said("history", "test")
    finished = [entry["command"] for entry in journal["entries"] if entry["step"] == "done"]  # type: ignore[attr-defined]
    assert finished == ["create", "create", "delete"]


def test_local_status_has_what_the_aws_cli_needs(said: Said) -> None:
    said("local", "start")
    status, document = said("local", "status")
    assert (status, document["running"]) == (0, True)
    assert str(document["endpoint_url"]).startswith("http://127.0.0.1:")
    assert str(document["export_line"]).startswith("export AWS_ENDPOINT_URL=")
    assert said("local", "advance", "2h")[0] == 0
    assert said("local", "fault", "throttle", "30%", "--times", "1")[0] == 0
    assert said("local", "fault", "clear")[1]["cleared"] == 1
    assert said("local", "fault", "nonsense")[0] == 2
