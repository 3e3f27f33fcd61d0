"""What it costs until four services can be called, as multiples of `python -c pass`: ours, plain boto3, the aws CLI.

python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import os
import sys
import tempfile

from timing import Work, aws, heading, in_turn, rounds, running, table

PASS = "python -c pass"  # noqa: S105 - no password
SERVICES = ("cloudformation", "ec2", "sts", "ssm")
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
            "XDG_CACHE_HOME": cache,  # trimmed models: written by the warm-up round
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        python = [sys.executable, "-c"]
        works: dict[str, Work] = {
            PASS: running([*python, "pass"], environ),
            "import semanticworld.wiring": running([*python, "import semanticworld.wiring"], environ),
            "four services, semanticworld": running([*python, OURS], environ),
            "four services, boto3": running([*python, PLAIN], environ),
        }
        peer = aws()
        if peer is not None:
            works["aws --version"] = running([peer, "--version"], environ)
        heading("Start-up until four services can be called")
        table(in_turn(works, rounds(11)), base=PASS, targets={"four services, semanticworld": "22 x"})


if __name__ == "__main__":
    main()
