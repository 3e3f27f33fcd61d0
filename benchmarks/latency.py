"""status of one stack when every call to AWS takes 100 ms more: ours, serial boto3, five calls of the aws CLI.

python benchmarks/latency.py [ROUNDS [ROUNDS OF THE AWS CLI]]     5 and 2; 0 leaves the aws CLI out

Each is run on the embedded cloud without and with the latency. The rows "beyond" are the differences, run by run:
what the calls cost once the program has started.
"""

from __future__ import annotations

import sys

from embedded import aws_command, own_cloud
from timing import COMPUTE, Timing, Work, heading, in_turn, ran, rounds, running, table

SERIAL = """
import boto3
cloudformation, ec2 = boto3.client("cloudformation"), boto3.client("ec2")
for layer in ("networking", "base", "compute"):
    cloudformation.describe_stacks(StackName=f"semanticworld-dev-{layer}")
cloudformation.describe_stack_events(StackName="semanticworld-dev-compute")
cloudformation.list_exports()
ec2.describe_instances(Filters=[{"Name": "tag:Environment", "Values": ["dev"]}])
"""
NODE = ("ec2", "describe-instances", "--filters", "Name=tag:Environment,Values=dev")
LAYERS = ("networking", "base", "compute")
TARGET = "0.5 s"


def main() -> None:
    """Prints a table."""
    count = rounds(5)
    theirs_count = int(sys.argv[2]) if len(sys.argv) > 2 else 2  # noqa: PLR2004 - the second argument
    with own_cloud() as cloud:
        ran([*COMPUTE, "create", "dev", "--local", "--yes"], cloud.ours)
        command, theirs = aws_command() if theirs_count else "", cloud.theirs

        def five_calls() -> None:
            for layer in LAYERS:
                stack = f"semanticworld-dev-{layer}"
                ran([command, "cloudformation", "describe-stacks", "--stack-name", stack], theirs)
            events = ("describe-stack-events", "--stack-name", "semanticworld-dev-compute", "--max-items", "10")
            ran([command, "cloudformation", *events], theirs)
            ran([command, *NODE], theirs)

        works: dict[str, Work] = {
            "status": running([*COMPUTE, "status", "dev", "--local"], cloud.ours),
            "boto3, six calls in a row": running([sys.executable, "-c", SERIAL], theirs),
        }
        peer: dict[str, Work] = {"aws CLI, five calls": five_calls} if theirs_count else {}
        heading("status with 100 ms latency a call")
        without = in_turn(works, count) | in_turn(peer, theirs_count, warm_up=0)
        cloud.local("fault", "latency", "100ms")
        delayed = in_turn(works, count) | in_turn(peer, theirs_count, warm_up=0)
    timings: dict[str, Timing] = {}
    for name in without:
        timings[name] = without[name]
        timings[f"{name}, +100 ms"] = delayed[name]
        timings[f"  {name}: beyond"] = delayed[name].less(without[name])
    table(timings, targets={"  status: beyond": TARGET})


if __name__ == "__main__":
    main()
