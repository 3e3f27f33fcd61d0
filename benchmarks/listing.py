"""How long 5,000 instances take to list against a canned server: this project beside plain boto3, both with a warm client.

python benchmarks/listing.py [INSTANCES]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import boto3
from canned_ec2 import canned_ec2

from semanticworld.aws.calls import Calls
from semanticworld.aws.nodes import Ec2Nodes
from semanticworld.aws.session import Access
from semanticworld.model.environment import Environment, EnvironmentName
from semanticworld.system.clock import SystemClock

REPEATS = 5
FILTERS = [{"Name": "tag:Project", "Values": ["semanticworld"]}]


def main() -> None:
    """Prints a table."""
    instances = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with canned_ec2(instances) as url:
        calls = Calls(Access(region="eu-central-1", endpoint_url=url, made_up_key="key"), clock=SystemClock())
        calls.ready(["ec2"])
        nodes = Ec2Nodes(calls)
        environment = Environment(name=EnvironmentName.DEV)
        client = boto3.client(
            "ec2",
            region_name="eu-central-1",
            endpoint_url=url,
            aws_access_key_id="a",
            aws_secret_access_key="b",  # noqa: S106 - goes to loopback
        )
        pages = client.get_paginator("describe_instances").paginate
        ours = _seconds(lambda: len(nodes.of_environment(environment)), instances)
        plain = _seconds(
            lambda: sum(len(page["Reservations"]) for page in pages(Filters=FILTERS, MaxResults=1000)), instances
        )
    print(f"{instances} instances, {REPEATS} runs        best      median")
    for name, times in (("semanticworld", ours), ("boto3", plain)):
        print(f"{name:28} {min(times):8.2f} s {statistics.median(times):8.2f} s")


def _seconds(count: Callable[[], int], expected: int) -> list[float]:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = count()
        times.append(time.perf_counter() - start)
        if found != expected:
            sys.exit(f"{found} instances instead of {expected}")
    return times


if __name__ == "__main__":
    main()
