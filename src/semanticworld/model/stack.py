"""What CloudFormation says of a stack. Statuses stay strings: AWS's list is open, and an unknown one must not crash us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack as DescribeStacks tells it; `id` is its ARN, and everything after the first look goes by it."""

    name: str
    id: str
    status: str
    status_reason: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    termination_protection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StackEvent:
    """One line of a stack's history; `token` is the ClientRequestToken of the operation that caused it."""

    id: str
    at: datetime
    stack_id: str
    logical_id: str
    physical_id: str | None
    type: str
    status: str
    reason: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResource:
    """One resource of a stack; `physical_id` is None until AWS has given it one."""

    logical_id: str
    physical_id: str | None
    type: str
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A cross-stack export and the stack that makes it."""

    name: str
    value: str
    stack_id: str
