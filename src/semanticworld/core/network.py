"""The networking layer, found by its exports, whatever its stack is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from semanticworld.model.environment import Environment, EnvironmentName
from semanticworld.model.stack import Export

NEEDED = (
    "vpc-id",
    "vpc-cidr",
    "public-subnet-1-id",
    "public-subnet-2-id",
    "private-subnet-1-id",
    "private-subnet-2-id",
    "public-subnet-ids",
    "private-subnet-ids",
    "default-sg-id",
    "igw-id",
    "public-subnet-1-az",
    "public-subnet-2-az",
)
"""Exports every networking layer has; those of NAT gateways (nat-gw-1-id, nat-gw-2-id) are missing without NAT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """An environment's networking layer as its exports tell it. `stack_ids` are those that export any of it."""

    exports: Mapping[str, str] = field(default_factory=dict)
    stack_ids: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    others: tuple[EnvironmentName, ...] = ()

    @property
    def stands(self) -> bool:
        """True when any of it is there."""
        return bool(self.exports)

    @property
    def is_complete(self) -> bool:
        """True when a node can be put into it."""
        return self.stands and not self.missing

    def subnet_id(self, name: str) -> str | None:
        """The id of private-1 or private-2."""
        return self.exports.get(f"private-subnet-{name[-1]}-id")

    def zone(self, name: str) -> str | None:
        """The zone of private-1 or private-2: the one of the public subnet with the same number."""
        return self.exports.get(f"public-subnet-{name[-1]}-az")


def find_network(exports: Mapping[str, Export], environment: Environment) -> Network:
    """The environment's networking layer; `others` are the project's other environments that have one."""
    found = {
        suffix: exports[name]
        for suffix in (*NEEDED, "nat-gw-1-id", "nat-gw-2-id")
        if (name := environment.export_name(suffix)) in exports
    }
    others = tuple(
        name
        for name in EnvironmentName
        if name is not environment.name and f"{environment.project}-{name}-vpc-id" in exports
    )
    return Network(
        exports={suffix: export.value for suffix, export in found.items()},
        stack_ids=tuple(dict.fromkeys(export.stack_id for export in found.values())),
        missing=tuple(suffix for suffix in NEEDED if suffix not in found),
        others=others,
    )
