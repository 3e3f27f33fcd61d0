"""What it costs until work can begin, as multiples of `python -c pass` in the same run: ours, plain boto3, the aws CLI.

python benchmarks/startup.py
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

REPEATS = 9
SERVICES = ("cloudformation", "ec2", "sts", "ssm")
WIRING = "import semanticworld.wiring"
OURS = """
from semanticworld.wiring import FIRST_SERVICES
from semanticworld.aws.calls import Calls
from semanticworld.aws.session import Access
from semanticworld.system.clock import SystemClock
Calls(Access(region="eu-central-1"), clock=SystemClock()).ready(FIRST_SERVICES)
"""
PLAIN = f"""
import boto3
session = boto3.session.Session(region_name="eu-central-1")
for service in {SERVICES}:
    session.client(service)
"""


def main() -> None:
    """Prints a table."""
    with tempfile.TemporaryDirectory() as cache:
        environ = os.environ | {
            "XDG_CACHE_HOME": cache,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        python = [sys.executable, "-c"]
        commands: dict[str, Sequence[str]] = {
            "python -c pass": [*python, "pass"],
            "import semanticworld.wiring": [*python, WIRING],
            "four clients, semanticworld": [*python, OURS],
            "four clients, boto3": [*python, PLAIN],
        }
        beside = str(Path(sys.executable).with_name("aws"))
        aws = shutil.which(beside) or shutil.which("aws")
        if aws is not None:
            commands["aws --version"] = [aws, "--version"]
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(
            REPEATS + 1
        ):  # in turn, so that a busy moment of the machine meets them all; the first is warm-up
            for name, command in commands.items():
                times[name].append(_seconds(command, environ))
    base = statistics.median(times["python -c pass"][1:])
    print(f"{'':30}{'median':>10}{'best':>10}{'x pass':>8}")
    for name, measured in times.items():
        runs = measured[1:]
        median = statistics.median(runs)
        print(f"{name:30}{median * 1000:7.0f} ms{min(runs) * 1000:7.0f} ms{median / base:8.1f}")


def _seconds(command: Sequence[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
