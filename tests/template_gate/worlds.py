"""The worlds that the templates are checked in: every parameter file, and from each every parameter changed once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from semanticworld.config.template import read_template
from semanticworld.core.template import Given, Resolved, broken_rules, resolve_template

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("networking", "base", "compute")
ENVIRONMENTS = ("dev", "test", "staging", "prod")
ACCOUNT, REGION = "123456789012", "eu-central-1"

# Values for parameters that have no short list of allowed ones; together they reach both sides of every condition.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "AlertEmail": ("", "ml@example.org"),
    "AvailabilityZone1": ("",),
    "BastionSecurityGroup": ("", "sg-0123456789abcdef0"),
    "DataVolumeSize": ("0", "100"),
    "IngressPort1": ("0", "443"),
    "IngressPort2": ("0", "8888"),
    "IngressPort3": ("0", "8889"),
    "MonthlyBudget": ("0", "100"),
    "NodeEgressAddresses": ("", "198.51.100.7/32,198.51.100.8/32"),
    "SnapshotsKept": ("0", "7"),
}
# Changes that only make sense together.
TOGETHER: tuple[Mapping[str, str], ...] = (
    {"NatGateways": "0", "InterfaceEndpoints": "all"},
    {"NatGateways": "0", "InterfaceEndpoints": "all", "InterfaceEndpointZones": "2"},
    {"AvailabilityZone1": "eu-central-1b", "AvailabilityZone2": "eu-central-1c"},
    {"DataVolumeSize": "0", "DataVolumeIops": "3000", "DataVolumeThroughput": "125"},
    {"DataVolumeSize": "500", "DataVolumeAttached": "false"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One template with one set of parameters."""

    layer: str
    name: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    resolved: Resolved

    @property
    def resources(self) -> Mapping[str, Any]:
        """The living resources by logical id."""
        return self.resolved.resources

    def of_type(self, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical id and properties of each living resource of the types."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] in types:
                yield logical_id, resource.get("Properties", {})


@cache
def template(layer: str) -> Mapping[str, Any]:
    return read_template(ROOT / "infrastructure" / f"semanticworld-{layer}.yaml")


@cache
def parameter_file(layer: str, environment: str) -> Mapping[str, str]:
    rows = json.loads((ROOT / "infrastructure" / "parameters" / f"{layer}-{environment}.json").read_text())
    values = {row["ParameterKey"]: row["ParameterValue"] for row in rows}
    return values | ({"ImageId": "ami-0123456789abcdef0"} if layer == "compute" else {})


def world(layer: str, name: str, body: Mapping[str, Any], parameters: Mapping[str, str]) -> World:
    given = Given(parameters=parameters, account=ACCOUNT, region=REGION, stack_name=f"semanticworld-dev-{layer}")
    resolved = resolve_template(body, given)
    return World(layer=layer, name=name, template=body, parameters=parameters, resolved=resolved)


def worlds_of(layer: str, body: Mapping[str, Any]) -> Iterator[World]:
    """Every parameter file as it is, and dev and prod with each parameter changed to each of its values."""
    for environment in ENVIRONMENTS:
        file = parameter_file(layer, environment)
        yield world(layer, environment, body, file)
        if environment not in {"dev", "prod"}:
            continue
        for change in changes(body):
            parameters = {**file, **change}
            given = Given(parameters=parameters)
            if parameters != file and set(change) <= set(body["Parameters"]) and not broken_rules(body, given):
                name = f"{environment} with " + ", ".join(f"{key}={value}" for key, value in change.items())
                yield world(layer, name, body, parameters)


def changes(body: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for name, declared in body["Parameters"].items():
        if "RetentionDays" in name or name in {"Environment", "SnapshotIntervalHours", "SubnetHostBits"}:
            continue  # they decide nothing but a number
        for value in OTHERS.get(name, declared.get("AllowedValues", ())):
            yield {name: str(value)}
    yield from TOGETHER


@cache
def all_worlds() -> tuple[World, ...]:
    return tuple(item for layer in LAYERS for item in worlds_of(layer, template(layer)))
