"""The templates deploy with plain `aws cloudformation deploy`, as the how-to page has it, and leave nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from aws_cli import aws_in
from template_gate.worlds import ROOT

pytest.importorskip("semanticworld.local.server", reason="the embedded cloud is not part of this tree yet")

PAGE = (ROOT / "docs/how-to/deploy-with-the-aws-cli.md").read_text()
SCRIPT = "\n".join(re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a shell whose aws CLI talks to an embedded cloud of its own."""
    folder = tmp_path_factory.mktemp("cloud")
    server = subprocess.Popen(  # noqa: S603 - our own server
        [sys.executable, "-m", "semanticworld.local.server", "--state", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    record = folder / "local" / "server.json"
    deadline = time.monotonic() + 30
    while not record.exists():
        assert server.poll() is None, "the embedded cloud did not start"
        assert time.monotonic() < deadline, "the embedded cloud did not answer in 30 s"
        time.sleep(0.05)
    yield {
        "PATH": f"{aws_in(folder)}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{json.loads(record.read_text())['port']}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_PAGER": "",
        "PYTHONPATH": str(short_sleeps(folder)),
    }
    server.send_signal(signal.SIGTERM)
    server.wait(20)


def short_sleeps(folder: Path) -> Path:
    """A folder of Python start-up code that lets the CLI look every half second; its own waiters sleep for 30."""
    target = folder / "startup"
    target.mkdir()
    (target / "sitecustomize.py").write_text(
        "import time\nsleep = time.sleep\ntime.sleep = lambda seconds: sleep(min(seconds, 0.5))\n"
    )
    return target


def run(script: str, environment: dict[str, str]) -> str:
    """What the bash script prints. Fails with everything it said when it fails."""
    command = ["/bin/bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - the page's own script
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def client(service: str, shell: dict[str, str]) -> Any:  # noqa: ANN401 - what boto3 makes
    keys = {"aws_access_key_id": shell["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": shell["AWS_SECRET_ACCESS_KEY"]}
    return boto3.client(
        service, endpoint_url=shell["AWS_ENDPOINT_URL"], region_name=shell["AWS_DEFAULT_REGION"], **keys
    )


def test_the_how_to_page_works_as_written_and_again_and_leaves_only_the_bucket(shell: dict[str, str]) -> None:
    first = run(SCRIPT, shell)
    outputs = dict(line.split("\t", 1) for line in first.splitlines() if "\t" in line)
    assert {"ComputeInstanceId", "InstancePrivateIp", "SessionCommand"} <= set(outputs)
    assert "No changes to deploy" in run(SCRIPT.split("deploy networking")[0] + "deploy base", shell)
    cloudformation, ec2 = client("cloudformation", shell), client("ec2", shell)
    stacks = cloudformation.describe_stacks()["Stacks"]
    assert {stack["StackStatus"] for stack in stacks} == {"CREATE_COMPLETE"}
    assert all({"Key": "Project", "Value": "semanticworld"} in stack["Tags"] for stack in stacks)
    for layer in ("compute", "base", "networking"):
        name = f"semanticworld-dev-{layer}"
        cloudformation.delete_stack(StackName=name)
        waiter = cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert cloudformation.describe_stacks()["Stacks"] == []
    assert ec2.describe_vpcs(Filters=[{"Name": "tag:Project", "Values": ["semanticworld"]}])["Vpcs"] == []
    buckets = [bucket["Name"] for bucket in client("s3", shell).list_buckets()["Buckets"]]
    assert [name.startswith("semanticworld-dev-data-") for name in buckets] == [True]
