"""The life of three layers on the embedded cloud: our commands, and the aws CLI doing the same work on the same cloud.

python benchmarks/lifecycle.py [ROUNDS [ROUNDS OF THE AWS CLI]]     3 and 1; 0 leaves the aws CLI out

On AWS itself the waiters of the aws CLI add their 30 s steps: see following.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from embedded import Cloud, aws_command, own_cloud
from timing import COMPUTE, NETWORKING, ROOT, Timing, Work, heading, in_turn, ran, rounds, running, table

LAYERS = ("networking", "base", "compute")
FIRST, CREATE, AGAIN = "create, cloud not running", "create, three layers", "create again, no change"
STATUS, DELETE, REST = "status", "delete (node)", "delete the rest"
TARGETS = {CREATE: "8 s", STATUS: "1 s", DELETE: "5 s"}


def main() -> None:
    """Prints a table."""
    theirs_rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004 - the second argument
    heading("The life of three layers on the embedded cloud")
    with own_cloud() as cloud:
        timings = _ours(cloud, rounds(3))
        if theirs_rounds:
            timings |= _theirs(cloud, theirs_rounds)
    table(timings, targets=TARGETS)


def _ours(cloud: Cloud, count: int) -> dict[str, Timing]:
    def compute(*words: str) -> Work:
        return running([*COMPUTE, *words, "dev", "--local", "--yes"], cloud.ours)

    def first() -> None:
        cloud.local("stop")
        compute("create")()

    def rest() -> None:
        compute("delete", "--everything")()
        ran([*NETWORKING, "delete", "dev", "--local", "--yes"], cloud.ours)

    begun = Timing()
    begun.take(first)
    timings = in_turn(
        {
            REST: rest,  # first in the round, so that create finds nothing; the last round's stacks go with the cloud
            CREATE: compute("create"),
            AGAIN: compute("create"),
            STATUS: running([*COMPUTE, "status", "dev", "--local"], cloud.ours),
            DELETE: compute("delete"),
        },
        count,
    )
    order = (CREATE, AGAIN, STATUS, DELETE, REST)
    return {FIRST: begun, **{name: timings[name] for name in order}}


def _theirs(cloud: Cloud, count: int) -> dict[str, Timing]:
    cloud.local("reset")
    environ, command = cloud.theirs, aws_command()
    image = _image(command, environ)

    def aws(*words: str) -> None:
        ran([command, *words], environ)

    def stack(layer: str) -> tuple[str, str]:
        return ("--stack-name", f"semanticworld-dev-{layer}")

    def deploy() -> None:
        for layer in LAYERS:
            own = (f"ImageId={image}",) if layer == "compute" else ()
            template = str(ROOT / "infrastructure" / f"semanticworld-{layer}.yaml")
            overrides = ("--parameter-overrides", "Environment=dev", *own)
            options = ("--capabilities", "CAPABILITY_NAMED_IAM", "--no-fail-on-empty-changeset")
            aws("cloudformation", "deploy", *stack(layer), "--template-file", template, *options, *overrides)

    def read() -> None:
        for layer in LAYERS:
            aws("cloudformation", "describe-stacks", *stack(layer))
        aws("cloudformation", "describe-stack-events", *stack("compute"), "--max-items", "10")
        aws("ec2", "describe-instances", "--filters", "Name=tag:Environment,Values=dev")

    def delete(*layers: str) -> Work:
        def work() -> None:
            for layer in layers:
                aws("cloudformation", "delete-stack", *stack(layer))
                aws("cloudformation", "wait", "stack-delete-complete", *stack(layer))

        return work

    works = {
        f"aws: {CREATE}": deploy,
        f"aws: {AGAIN}": deploy,
        f"aws: {STATUS} (five calls)": read,
        f"aws: {DELETE}, no proof": delete("compute"),
        f"aws: {REST}, no proof": delete("base", "networking"),
    }
    return in_turn(works, count, warm_up=0)


def _image(command: str, environ: Mapping[str, str]) -> str:
    path = "/aws/service/deeplearning/ami/x86_64"
    told = ran([command, "ssm", "get-parameters-by-path", "--path", path, "--recursive", "--output", "json"], environ)
    return str(json.loads(told)["Parameters"][0]["Value"])


if __name__ == "__main__":
    main()
