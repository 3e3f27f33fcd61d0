"""The templates deploy with plain `aws cloudformation deploy`, as the how-to page has it, and leave nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import botocore
import pytest
from gate.worlds import ROOT

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
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{json.loads(record.read_text())['port']}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_PAGER": "",
        "AWS_DATA_PATH": str(quick_waiters(folder)),
    }
    server.send_signal(signal.SIGTERM)
    server.wait(20)


def quick_waiters(folder: Path) -> Path:
    """A model folder in which the CLI's own waiters look every half second instead of every 30; nothing else differs."""
    source = Path(botocore.__file__).parent / "data" / "cloudformation" / "2010-05-15"
    target = folder / "models" / "cloudformation" / "2010-05-15"
    target.mkdir(parents=True)
    for file in source.iterdir():
        shutil.copy(file, target)
    waiters = json.loads((target / "waiters-2.json").read_text())
    for waiter in waiters["waiters"].values():
        waiter["delay"] = 0.5
    (target / "waiters-2.json").write_text(json.dumps(waiters))
    return target.parents[1]


def run(script: str, environment: dict[str, str]) -> str:
    """What the bash script prints. Fails with everything it said when it fails."""
    command = ["/bin/bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - the page's own script
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_how_to_page_works_as_written_and_again(shell: dict[str, str]) -> None:
    first = run(SCRIPT, shell)
    outputs = dict(line.split("\t", 1) for line in first.splitlines() if "\t" in line)
    assert {"ComputeInstanceId", "InstancePrivateIp", "SessionCommand"} <= set(outputs)
    second = run(SCRIPT, shell)
    assert second.count("No changes to deploy") == 3
    assert outputs["ComputeInstanceId"] in second
    stacks = "aws cloudformation describe-stacks --query 'Stacks[].[StackName,StackStatus]' --output text"
    assert all(line.endswith("\tCREATE_COMPLETE") for line in run(stacks, shell).splitlines())
    for layer in ("compute", "base", "networking"):
        name = f"semanticworld-dev-{layer}"
        run(
            f"aws cloudformation delete-stack --stack-name {name}; aws cloudformation wait stack-delete-complete --stack-name {name}",
            shell,
        )
    assert run(stacks, shell) == ""
    assert (
        run(
            "aws ec2 describe-vpcs --filters Name=tag:Project,Values=semanticworld --query 'Vpcs[].VpcId' --output text",
            shell,
        ).strip()
        == ""
    )
    assert "semanticworld-dev-data-" in run("aws s3api list-buckets --query 'Buckets[].Name' --output text", shell)
