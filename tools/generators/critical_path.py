"""docs/reference/critical-path.md from the templates and the durations per resource type."""

from collections.abc import Iterator

from generators import ENVIRONMENTS, LAYERS, NOTE, cell, parameter_file, template
from semanticworld.core.critical_path import CriticalPath, Operation, critical_path
from semanticworld.core.resource_durations import DURATIONS
from semanticworld.core.template import Given, living_resources

PAGE = "docs/reference/critical-path.md"

INTRODUCTION = """\
# How long stacks take

CloudFormation works on everything at once that waits for nothing, so a stack takes as long as its longest chain of
dependencies (Ref, Fn::GetAtt, Fn::Sub, DependsOn). The chains below are computed from `infrastructure/` with the durations at
the end of the page; a test keeps a node under 45 s to create and under 30 s to delete, a whole first create under 10 minutes
and a whole teardown under 5.

* Creating: published averages. They are CloudFormation's own time; a node still boots afterwards.
* Deleting: assumed, because nothing is published. The instance is already terminated when its stack is deleted, and billing
  ended when it began to shut down; how long EC2 takes for that (up to minutes for GPU types) is not in these figures.
"""


def page() -> str:
    """The page."""
    lines = [NOTE, "", INTRODUCTION, *_overview(), *_chains(), *_durations()]
    return "\n".join(lines).rstrip() + "\n"


def _path(layer: str, environment: str, operation: Operation) -> CriticalPath:
    return critical_path(template(layer), _given(layer, environment), operation)


def _given(layer: str, environment: str) -> Given:
    image = {"ImageId": "ami-0123456789abcdef0"} if layer == "compute" else {}
    return Given(parameters={**parameter_file(layer, environment), **image})


def _overview() -> Iterator[str]:
    yield (
        "| environment | "
        + " | ".join(f"{operation} {layer}" for operation in Operation for layer in (*LAYERS, "all"))
        + " |"
    )
    yield "|---|" + "---|" * (2 * len(LAYERS) + 2)
    for environment in ENVIRONMENTS:
        cells = []
        for operation in Operation:
            seconds = [_path(layer, environment, operation).seconds for layer in LAYERS]
            cells += [f"{value} s" for value in (*seconds, sum(seconds))]
        yield f"| {environment} | " + " | ".join(cells) + " |"
    yield ""


def _chains() -> Iterator[str]:
    for operation in Operation:
        yield f"## The chains: {operation}"
        yield ""
        for layer in LAYERS:
            told: dict[str, list[str]] = {}
            for environment in ENVIRONMENTS:
                steps = _path(layer, environment, operation).steps
                chain = " → ".join(f"{step.logical_id} {step.seconds} s" for step in steps)
                told.setdefault(chain, []).append(environment)
            yield from (f"* {layer} ({', '.join(environments)}): {chain}" for chain, environments in told.items())
        yield ""


def _durations() -> Iterator[str]:
    used: dict[str, set[str]] = {}
    for layer in LAYERS:
        for resource in living_resources(template(layer), _given(layer, "prod")).values():
            used.setdefault(str(resource["Type"]), set()).add(layer)
    yield "## Durations"
    yield ""
    yield "Source of create: aws-cloudformation/rain, `internal/cmd/forecast/estimate.go`, historical averages, read 2026-11."
    yield ""
    yield "| resource type | create, published | delete, assumed | layers in prod | note |"
    yield "|---|---|---|---|---|"
    for name, duration in sorted(DURATIONS.items()):
        layers = ", ".join(layer for layer in LAYERS if layer in used.get(name, ()))
        yield f"| {name} | {duration.create_s} s | {duration.delete_s} s | {layers} | {cell(duration.note)} |"
    yield ""
