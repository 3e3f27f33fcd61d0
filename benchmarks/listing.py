"""How long 5,000 instances take to list against a canned server: this project beside plain boto3, both with a warm client.

python benchmarks/listing.py [ROUNDS [INSTANCES]]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
from canned_ec2 import canned_ec2
from timing import Work, heading, in_turn, rounds, table

from semanticworld.aws.calls import Calls
from semanticworld.aws.nodes import Ec2Nodes
from semanticworld.aws.session import Access
from semanticworld.model.environment import Environment, EnvironmentName
from semanticworld.system.clock import SystemClock

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef, PaginatorConfigTypeDef

FILTERS: list[FilterTypeDef] = [{"Name": "tag:Project", "Values": ["semanticworld"]}]
INSTANCES = int(sys.argv[2]) if len(sys.argv) > 2 else 5000  # noqa: PLR2004 - the second argument


def main() -> None:
    """Prints a table."""
    with canned_ec2(INSTANCES) as url:
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
        paginator = client.get_paginator("describe_instances")

        def plain() -> int:
            config: PaginatorConfigTypeDef = {"PageSize": 1000}
            return sum(
                len(reservation["Instances"])
                for page in paginator.paginate(Filters=FILTERS, PaginationConfig=config)
                for reservation in page["Reservations"]
            )

        works: dict[str, Work] = {
            "semanticworld": _complete(lambda: len(nodes.of_environment(environment))),
            "boto3": _complete(plain),
        }
        heading(f"Listing {INSTANCES} instances")
        table(in_turn(works, rounds(5)), base="boto3", targets={"semanticworld": "1.5 s"})


def _complete(count: Callable[[], int]) -> Work:
    def work() -> None:
        found = count()
        if found != INSTANCES:
            sys.exit(f"{found} instances instead of {INSTANCES}")

    return work


if __name__ == "__main__":
    main()
