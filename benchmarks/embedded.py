"""An embedded cloud of its own for one benchmark: state in a folder that goes with it, and the aws CLI's way to it."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from timing import COMPUTE, aws, ran

SECRET_NAMES = ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where it runs: `ours` is the environment of our commands, `theirs` of anybody else's once it has been started."""

    ours: Mapping[str, str]

    def local(self, *words: str) -> None:
        """`manage-compute local WORDS`."""
        ran([*COMPUTE, "local", *words, "--yes"], self.ours)

    @property
    def theirs(self) -> dict[str, str]:
        """What the aws CLI and boto3 need to reach it."""
        told = json.loads(ran([*COMPUTE, "local", "status", "--output", "json"], self.ours))
        return {**self.ours, **told["environment_variables"], "AWS_PAGER": "", "AWS_RETRY_MODE": "standard"}


@contextmanager
def own_cloud() -> Iterator[Cloud]:
    """A cloud that has not been started; it is stopped at the end. The user's own settings and state are not touched."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that the cloud goes then as well
    with tempfile.TemporaryDirectory(prefix="semanticworld-benchmark-") as folder:
        kept = {name: value for name, value in os.environ.items() if name not in SECRET_NAMES}
        cloud = Cloud(
            {
                **kept,
                "MANAGE_COMPUTE_STATE": folder,
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            }
        )
        try:
            yield cloud
        finally:
            cloud.local("stop")


def aws_command() -> str:
    """The aws CLI; ends the benchmark when there is none."""
    found = aws()
    if found is None:
        raise SystemExit("this benchmark needs the aws CLI (pip install awscli)")
    return found
