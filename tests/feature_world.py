"""An embedded cloud of each scenario's own: the real command line against it, and plain AWS clients to read back what it did."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloud import REGION, Cloud
from semanticworld.local import commands, process
from semanticworld.local.environment import ACCOUNT
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record

ROOT = Path(__file__).resolve().parents[1]
_OF_ONE_SERVER = shutil.ignore_patterns("*.lock", "server.*", "port")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished command: its exit status and both streams."""

    argv: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        document = json.loads(self.out)
        assert isinstance(document, dict), self.out
        return document


@dataclass(slots=True, kw_only=True)
class CloudWorld:
    """A state folder, the cloud in it and a way to run commands; `remembered` carries facts from step to step."""

    state: Path
    kept: Path
    """The states that scenarios begin with, by environment: a node is made once and then restored."""
    last: Run | None = None
    remembered: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Folder:
        return Folder(root=self.state / "local")

    def start(self) -> Record:
        """The server's record, started when it does not run."""
        return process.start(self.folder, self.environment())

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "MANAGE_COMPUTE_STATE": str(self.state),
            "XDG_CACHE_HOME": str(self.kept / "cache"),
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_CONFIG_FILE": str(self.state / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.state / "no-credentials"),
        }

    def node(self, environment: str) -> None:
        """A node in that environment; the first one of an untouched cloud is restored from when it was last made."""
        kept = self.kept / environment
        untouched = not self.state.exists()
        if untouched and kept.is_dir():
            shutil.copytree(kept, self.state)
            return
        self.must(f"manage-compute create {environment} --local --yes --quiet")
        if untouched:
            commands.save(self.environment())
            shutil.copytree(self.state, kept, ignore=_OF_ONE_SERVER)

    def end(self) -> None:
        """Nothing serves any more; the state is not worth saving."""
        process.stop(self.folder, grace_s=0)

    def run(self, line: str, *, stdin: str | None = None, timeout_s: float = 120) -> Run:
        self.state.mkdir(parents=True, exist_ok=True)
        given = {"file": self.remembered.get("file", "")}
        if "{endpoint}" in line:
            given["endpoint"] = self.start().endpoint_url
        words = [word.format(**given) for word in shlex.split(line)]
        program = Path(sys.executable).parent / words[0]
        done = subprocess.run(  # noqa: S603 - our own console script, a list, no shell
            [str(program), *words[1:]],
            capture_output=True,
            text=True,
            env=self.environment(),
            cwd=self.state,
            timeout=timeout_s,
            check=False,
            input=stdin or "",
        )
        self.last = Run(argv=tuple(words), status=done.returncode, out=done.stdout, err=done.stderr)
        return self.last

    def must(self, line: str) -> Run:
        done = self.run(line)
        assert done.status == 0, f"{line}: exit {done.status}\n{done.out}\n{done.err}"
        return done

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        if service not in self.clients:
            self.clients[service] = Cloud(folder=self.folder, record=self.start(), account=ACCOUNT).client(service)
        return self.clients[service]

    def stack(self, name: str) -> dict[str, Any] | None:
        cloudformation = self.client("cloudformation")
        try:
            stacks: list[dict[str, Any]] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        except cloudformation.exceptions.ClientError as error:
            if "does not exist" not in str(error):
                raise
            return None
        return stacks[0]

    def outputs(self, name: str) -> dict[str, str]:
        stack = self.stack(name)
        assert stack is not None, f"no stack {name}"
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def exports(self) -> dict[str, str]:
        pages = self.client("cloudformation").get_paginator("list_exports").paginate()
        return {export["Name"]: export["Value"] for page in pages for export in page["Exports"]}

    def instances(self, environment: str, *states: str) -> list[dict[str, Any]]:
        wanted = states or ("pending", "running", "stopping", "stopped")
        answer = self.client("ec2").describe_instances(
            Filters=[
                {"Name": "tag:Project", "Values": ["semanticworld"]},
                {"Name": "tag:Environment", "Values": [environment]},
                {"Name": "instance-state-name", "Values": list(wanted)},
            ]
        )
        return [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]

    def the_instance(self, environment: str) -> dict[str, Any]:
        found = self.instances(environment)
        assert len(found) == 1, found
        return found[0]

    def volumes_of(self, instance: dict[str, Any]) -> list[dict[str, Any]]:
        ids = [mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]]
        volumes: list[dict[str, Any]] = self.client("ec2").describe_volumes(VolumeIds=ids)["Volumes"]
        return volumes
