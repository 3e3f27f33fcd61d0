"""Environments, layers, and the names and tags that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

DEFAULT_PROJECT = "semanticworld"
MANAGED_BY = "semanticworld"


class EnvironmentName(StrEnum):
    """The four environments; each stands alone and never touches another."""

    DEV = "dev"
    TEST = "test"
    STAGING = "staging"
    PROD = "prod"


class Layer(StrEnum):
    """The three stacks of an environment, in the order in which they are built."""

    NETWORKING = "networking"
    BASE = "base"
    COMPUTE = "compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment of one project: the source of every name and tag."""

    name: EnvironmentName
    project: str = DEFAULT_PROJECT
    owner: str = "unknown"

    @property
    def prefix(self) -> str:
        """The start of every name: `{project}-{environment}`."""
        return f"{self.project}-{self.name}"

    def stack_name(self, layer: Layer) -> str:
        """The stack's name, such as semanticworld-dev-compute."""
        return f"{self.prefix}-{layer}"

    def export_name(self, suffix: str) -> str:
        """The full name of an export, such as semanticworld-dev-vpc-id."""
        return f"{self.prefix}-{suffix}"

    def tags(self, layer: Layer) -> Mapping[str, str]:
        """The tags that a stack of ours and all of its resources carry."""
        return {
            "Project": self.project,
            "Environment": self.name.value,
            "Layer": layer.value,
            "ManagedBy": MANAGED_BY,
            "Owner": self.owner,
        }

    @property
    def is_guarded(self) -> bool:
        """True for prod: every destructive step asks for the environment's name."""
        return self.name is EnvironmentName.PROD
