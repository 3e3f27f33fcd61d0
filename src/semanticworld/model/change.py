"""Change sets: what CloudFormation would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Replacement(StrEnum):
    """Whether a change makes a new resource and removes the old one, in AWS's words."""

    TRUE = "True"
    FALSE = "False"
    CONDITIONAL = "Conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyChange:
    """One property (or attribute) that a change touches; `requires_recreation` is Never, Conditionally or Always."""

    attribute: str
    name: str | None
    requires_recreation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource's change; `action` is Add, Modify, Remove, Import or Dynamic; `replacement` is None unless modified."""

    action: str
    logical_id: str
    type: str
    physical_id: str | None = None
    replacement: Replacement | None = None
    properties: tuple[PropertyChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """A change set as DescribeChangeSet tells it."""

    id: str
    name: str
    stack_id: str
    status: str
    execution_status: str
    reason: str | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSetRequest:
    """All that CreateChangeSet needs. `create` is True for a stack that does not exist or stands in REVIEW_IN_PROGRESS.

    `import_existing` takes in what an earlier stack left standing under its own name, where the template retains it.
    """

    stack_name: str
    change_set_name: str
    create: bool
    template_body: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    token: str
    description: str = ""
    capabilities: tuple[str, ...] = field(default=("CAPABILITY_NAMED_IAM",))
    import_existing: bool = False
